using Microsoft.ML;
using MlNetDl.Configuration;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>Tries an experiment with a few rows: it loads the data, trains some steps, validates, saves, loads the saved model and
/// scores with it, each arm too. What a run would refuse is refused, and nothing is left behind.</summary>
public static class ExperimentCheck
{
    // One step makes libtorch ready, and another is timed.
    private const int Batches = 3;
    private const int LeastRows = 64;

    /// <summary>Checks.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="folder">The folder of the run; nothing is written there.</param>
    /// <param name="stop">Cancels it.</param>
    /// <exception cref="ConfigurationException">The experiment cannot run.</exception>
    /// <exception cref="RunFolderConflictException">The folder holds something that is no run. Another run there is a warning.</exception>
    /// <exception cref="IOException">The data is not there, or cannot be read.</exception>
    /// <exception cref="InvalidDataException">The data does not suit the task, or what is said of it.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public static CheckedExperiment Run(Experiment experiment, string folder, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        var (found, conflict) = Question(experiment, folder);
        foreach (var judge in experiment.Judges)
        {
            judge.Check();
        }

        var single = experiment.Search is null ? experiment : new TrialExperiments(experiment).Default;
        var data = single.Data.Read(single.Task);
        var (input, _) = data.InputAndOutputs();
        if (experiment.Search is not null)
        {
            LayOut(experiment, single, data);
        }

        // Only where rows can be sampled a training takes seconds.
        var counts = data.Counts;
        long? kept = counts is { Train: var all } ? (long)Math.Ceiling(all * (1 - single.Training.ValidationFraction)) : null;
        // What follows from how many examples there are, follows from all of them.
        single = ExperimentLength.Set(single, kept);
        var steps = new CheckSteps(stop);
        var classes = counts is null ? [] : Tried(single, data, steps, stop);
        IReadOnlyList<int> seeds = experiment.Seeds.Count > 0 ? experiment.Seeds : [experiment.Training.Seed ?? TrainingOptions.DefaultSeed];
        long? perEpoch = kept is { } trained ? ExperimentLength.StepsOfEpoch(trained, single.Training) : null;
        return new(
            experiment.Name,
            [.. experiment.Notes, .. conflict is null ? [] : (string[])[$"warning: {conflict}"],
                data.Description, .. Folds(experiment, data, counts?.Train), .. data.Warnings.Select(w => $"warning: {w}")],
            counts?.Train,
            counts?.Test,
            classes,
            input.ToString(),
            [.. Networks(single, data)],
            seeds,
            folder,
            found)
        {
            Steps = experiment.Search is null && steps.Fits.Count > 0 ? perEpoch * seeds.Count * steps.Fits.Sum(f => f.Epochs) : null,
            Seconds = experiment.Search is null && steps.Fits.Count > 0 ? perEpoch * seeds.Count * steps.Fits.Sum(f => f.Epochs * f.Seconds) : null,
            Trials = experiment.Search?.MaxTrials,
        };
    }

    // Where another run lies, a run would be refused, but not the experiment.
    private static (FoundRun Found, string? Conflict) Question(Experiment experiment, string folder)
    {
        try
        {
            return (RunFolder.Question(folder, ExperimentRunner.Resolved(experiment)), null);
        }
        catch (RunFolderConflictException e) when (e.Differences.Count > 0)
        {
            return (FoundRun.New, e.Message);
        }
    }

    // As the recipe finds them.
    private static IEnumerable<string> Folds(Experiment experiment, LoadedData data, long? rows) =>
        experiment is { Training: { Epochs: null, ValidationFraction: 0 }, Data: CsvData, Task.LearnsFromLabels: true, Search: null }
            && !data.HasValidation && rows is >= 50 and <= 5000
            ? ["training.epochs is not set: they are found on five folds first, which takes up to four times as long as the training"]
            : [];

    // Trains with a few rows in a folder of its own, and scores with the model that was saved. The classes are those of the model.
    private static IReadOnlyList<string> Tried(Experiment experiment, LoadedData data, CheckSteps steps, CancellationToken stop)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"mldl-check-{Guid.NewGuid():N}");
        try
        {
            int rows = Math.Max(LeastRows, (int)(Batches * experiment.Training.BatchSize!.Value / (1 - experiment.Training.ValidationFraction)));
            var few = data.Sample(rows) ?? data;
            // An arm may have another task.
            LoadedData Few(Experiment arm) => Equals(arm.Task, experiment.Task) ? few : arm.Data.Read(arm.Task).Sample(rows)!;
            var result = new ExperimentRunner(folder, steps) { Read = Few }.Run(experiment with { Seeds = [], Judges = [] }, stop);
            var (ml, model) = (new MLContext(), Path.Combine(folder, result.Model));
            var chain = SavedChain.Load(ml, model, out _);
            using var network = NeuralNetworkTransformer.Load(ml, model);
            if (experiment.Task is not null)
            {
                _ = few.Score(chain, network, DataPart.Test);
            }

            return network.Package.Manifest.ClassNames;
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    // Networks at the ends of a search, which some trial will take.
    private static void LayOut(Experiment sweep, Experiment single, LoadedData data)
    {
        foreach (var (parameter, corner) in new TrialExperiments(sweep).Corners().DistinctBy(c => (c.Experiment.Data, c.Experiment.Network)))
        {
            try
            {
                _ = NetworkOf(corner, Equals(corner.Data, single.Data) ? data : corner.Data.Read(corner.Task));
            }
            catch (Layers.Contracts.ShapeException e)
            {
                throw new ConfigurationException("search.space", $"allows by {parameter} a network that does not fit the data: {e.Message}", e);
            }
        }
    }

    private static IEnumerable<CheckedNetwork> Networks(Experiment experiment, LoadedData data)
    {
        if (experiment.Arms is null)
        {
            return [NetworkOf(experiment, data)];
        }

        var arms = new ArmExperiments(experiment);
        return arms.Names.Select(name => NetworkOf(arms.Planned(name), data) with { Name = name });
    }

    private static CheckedNetwork NetworkOf(Experiment experiment, LoadedData data)
    {
        var type = Catalogs.Networks.EntryOf(experiment.Network.GetType())?.Name ?? experiment.Network.GetType().Name;
        if (experiment.Network is not NetworkSpec spec)
        {
            return new(null, type, null);
        }

        var (input, outputs) = data.InputAndOutputs();
        return new(null, type, spec.ToNetwork(input, outputs).Plan().ParameterCount);
    }
}
