using MlNetDl.Configuration;
using MlNetDl.Files;
using MlNetDl.Recipes;
using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>Runs an experiment into a folder; a run that was interrupted continues, one that is done
/// is only reported.</summary>
/// <param name="folder">Where the run lives.</param>
/// <param name="callbacks">Take part in training.</param>
public sealed class ExperimentRunner(string folder, params IReadOnlyList<Callback> callbacks)
{
    private readonly RunLog log = new(folder);

    /// <summary>Reads the data of an experiment; all of it by default. A check takes a few rows.</summary>
    internal Func<Experiment, LoadedData> Read { get; init; } = experiment => experiment.Data.Read(experiment.Task);

    private IReadOnlyList<Callback> Callbacks => [.. callbacks, log];

    /// <summary>Runs.</summary>
    /// <exception cref="ConfigurationException">The order of its stages makes no sense.</exception>
    /// <exception cref="RunFolderConflictException">The folder holds another run, or one on data that
    /// has changed since.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled; a
    /// checkpoint is kept.</exception>
    public RunResult Run(Experiment experiment, CancellationToken stop = default)
    {
        experiment = Resolved(experiment);
        if (experiment.Arms is null && StageOrder.Problem(experiment.Training.Stages) is { } order)
        {
            throw new ConfigurationException(order);
        }

        using var held = FolderLock.Take(folder);
        var run = RunFolder.Open(folder, experiment);
        if (run.Result is { } done)
        {
            return done;
        }

        return log.Begun(experiment.Name, () => Trained(experiment, run, stop));
    }

    /// <summary>The experiment as a run's folder keeps it. All is written out, so that a run says what it was trained with, and the same
    /// seed named or not is the same run.</summary>
    internal static Experiment Resolved(Experiment experiment)
    {
        experiment = experiment.Located();
        return experiment with
        {
            Training = experiment.Training with { Seed = experiment.Training.Seed ?? TrainingOptions.DefaultSeed },
        };
    }

    private RunResult Trained(Experiment experiment, RunFolder run, CancellationToken stop)
    {
        foreach (var note in experiment.Notes)
        {
            Tell(note);
        }

        if (experiment.Seeds.Count > 1)
        {
            Tell($"{experiment.Seeds.Count} trainings{(experiment.Arms is null ? "" : " of each arm")}, with the seeds "
                + $"{string.Join(", ", experiment.Seeds)}; figures are mean ± standard deviation over them");
        }

        ScratchFolder.Check("Saving a model");
        if (experiment.Arms is not null)
        {
            EnvironmentFile.Write(run["environment.json"], experiment);
            var compared = new ArmsRunner(run, Callbacks, Read).Run(experiment, stop);
            AtomicFile.WriteText(run["result.json"], compared.ToJson());
            return compared;
        }

        var data = Read(experiment);
        EnvironmentFile.Write(run["environment.json"], experiment);
        data.Tell(Callbacks, run.DataWarning);
        if (experiment.Seeds.Count == 0)
        {
            var single = RunSeed(experiment, data, run.Path, experiment.Training.Seed!.Value, stop);
            Finish(run.Path, single);
            return single;
        }

        var results = new List<RunResult>();
        foreach (int seed in experiment.Seeds)
        {
            Tell($"seed {seed}, {results.Count + 1} of {experiment.Seeds.Count}");

            var path = run[$"seed-{seed}"];
            var before = RunResult.FromFile(Path.Combine(path, "result.json"), "Delete it, and the same command trains this seed anew.");
            var result = before ?? RunSeed(experiment, data, path, seed, stop);
            Finish(path, result);
            results.Add(result);
        }

        var summary = SeedSummary.Of(results, $"seed-{experiment.Seeds[0]}/{SeedRun.Model}");
        AtomicFile.WriteText(run["result.json"], summary.ToJson());
        return summary;
    }

    private void Tell(string text)
    {
        foreach (var callback in Callbacks)
        {
            callback.Message(text);
        }
    }

    private RunResult RunSeed(Experiment experiment, LoadedData data, string path, int seed, CancellationToken stop) =>
        new SeedRun(experiment, data, path, seed) { Callbacks = Callbacks, Parts = [DataPart.Train, DataPart.Test] }.Run(stop);

    // In this order: without its checkpoint, a run without a result would start anew.
    internal static void Finish(string path, RunResult result)
    {
        AtomicFile.WriteText(Path.Combine(path, "result.json"), result.ToJson());
        foreach (var checkpoint in Directory.EnumerateFiles(path, "checkpoint*"))
        {
            File.Delete(checkpoint);
        }
    }
}
