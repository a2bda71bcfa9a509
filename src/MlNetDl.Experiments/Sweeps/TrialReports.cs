using System.Globalization;
using MlNetDl.Search;
using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>Reports the epochs of a trial's training to its study, and ends it when the pruner says so. Steps are
/// epochs, counted from 1: pruners take a step as the work that was done.</summary>
/// <param name="trial">The trial.</param>
/// <param name="objective">The figure to report; <see langword="null"/> where nothing is judged by epochs.</param>
/// <param name="attempt">The folder of the attempt, which the study remembers for a later one.</param>
/// <param name="earlier">The epochs of the trials that this one goes on from.</param>
internal sealed class TrialReports(Trial trial, string? objective, string attempt, long earlier = 0) : Callback
{
    private long before = earlier;
    private long last = earlier;
    private int epochs = int.MaxValue;

    public override void Starting(TrainingStep step, IReadOnlyList<EpochReport> done)
    {
        // The epochs of the next fit come after those of this one.
        before = last;
        foreach (var epoch in done)
        {
            Record(epoch);
        }
    }

    public override void StepEnded(TrainingProgress progress) => epochs = progress.Epochs;

    public override bool EpochEnded(EpochReport epoch)
    {
        Record(epoch);
        // After the last epoch there is nothing left to save.
        if (objective is not null && epoch.Epoch < epochs && trial.ShouldPrune())
        {
            throw new TrialPrunedException($"Trial {trial.Number} is pruned after epoch {epoch.Epoch}.");
        }

        return true;
    }

    // Only here the file is there: an epoch that ended without one is trained and reported again.
    public override void CheckpointWritten(int epochs) => trial.SaveCheckpoint(attempt, before + epochs);

    private void Record(EpochReport epoch)
    {
        last = before + epoch.Epoch;
        var figures = epoch.Training.Select(f => KeyValuePair.Create(RunFigures.Train + f.Key, f.Value))
            .Concat(epoch.Validation.Select(f => KeyValuePair.Create(RunFigures.Validation + f.Key, f.Value)))
            .ToDictionary();
        foreach (var (name, value) in figures)
        {
            trial.Log(last, name, value);
        }

        if (objective is not null)
        {
            trial.Report(last, FigureOf(figures, objective));
        }
    }

    /// <summary>A figure of a run.</summary>
    /// <exception cref="SearchEndedException">No run has it.</exception>
    public static double FigureOf(IReadOnlyDictionary<string, double> figures, string name, string asked = "search.objective") =>
        figures.TryGetValue(name, out double value) ? value : throw new SearchEndedException(
            $"{asked}: no trial reports '{name}'; there are {string.Join(", ", figures.Keys.Order(StringComparer.Ordinal))}."
            + (name.StartsWith(RunFigures.Validation, StringComparison.Ordinal)
                && !figures.Keys.Any(k => k.StartsWith(RunFigures.Validation, StringComparison.Ordinal))
                    ? " Nothing is held out for validation: set training.validationFraction, such as 0.2, or name data.validation."
                    : ""));
}
