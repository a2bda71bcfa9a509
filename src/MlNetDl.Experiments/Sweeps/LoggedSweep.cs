using MlNetDl.Search;

namespace MlNetDl.Experiments;

/// <summary>A view that also logs what is said. How trials end is in the study, so the log has those that failed alone.</summary>
/// <param name="view">The view.</param>
/// <param name="log">The log.</param>
internal sealed class LoggedSweep(SweepView? view, RunLog log) : SweepView
{
    public override void Started(Experiment experiment, IReadOnlyList<TrialRecord> finished)
    {
        log.Message($"{experiment.Name}: a sweep begins behind {finished.Count} finished trials");
        view?.Started(experiment, finished);
    }

    public override void TrialEnded(TrialRecord trial, IReadOnlyDictionary<string, object?> parameters, bool isBest)
    {
        if (trial.State == TrialState.Failed)
        {
            log.Message($"trial {trial.Number} failed: {trial.Error}");
        }

        view?.TrialEnded(trial, parameters, isBest);
    }

    public override void Working(IReadOnlyList<WorkerProgress> workers) => view?.Working(workers);

    public override void FinalStarted(TrialRecord best, int trainings)
    {
        log.Message($"the best is trial {best.Number}; the final round begins");
        view?.FinalStarted(best, trainings);
    }

    public override void FinalEnded(string configuration, int seed, string figure, double value) =>
        view?.FinalEnded(configuration, seed, figure, value);

    public override void WorkerLost(int worker, int code, string text)
    {
        log.Message(text);
        view?.WorkerLost(worker, code, text);
    }

    public override void Message(string text)
    {
        log.Message(text);
        view?.Message(text);
    }
}
