using System.Globalization;
using System.Text.Json.Nodes;
using MlNetDl.Configuration;
using MlNetDl.Files;
using MlNetDl.Metrics;
using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;
using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>The end of a sweep: its best configuration, and what that is compared with, trained over seeds and tested.
/// A study of its own, so that workers share the work and a killed one loses nothing.</summary>
internal sealed class FinalRound : IDisposable
{
    private const string Configuration = "configuration", Seed = "seed", BestName = "best", DefaultName = "default";
    private readonly Sweep sweep;
    private readonly FinalOptions options;
    private readonly Study study;
    private readonly (string Name, Goal Goal) compared;

    private FinalRound(Sweep sweep, FinalOptions options, Study study, int best) =>
        (this.sweep, this.options, this.study, Best, compared) = (sweep, options, study, best, Compared(sweep));

    /// <summary>The number of the best trial.</summary>
    public int Best { get; }

    /// <summary>The trials: one for each configuration and seed.</summary>
    public Study Study => study;

    /// <summary>How many there are.</summary>
    public int Count => ((GridSampler)study.Options.Sampler).Size(study.Options.Space!);

    /// <summary>The figure that the configurations are compared by: the objective's on the test data, or the first figure of
    /// the task where an evaluation does not have the objective's, as of a loss or a latency.</summary>
    public string Figure => RunFigures.Test + compared.Name;

    /// <summary>Which of its values are better.</summary>
    public Goal Goal => compared.Goal;

    /// <summary>The name of the round's study.</summary>
    public string Name => study.Name;

    /// <summary>Begins the round of a sweep whose search is over, or goes on with it; <see langword="null"/> where none was
    /// asked for, or no trial is complete. Trainings that have failed are tried anew.</summary>
    public static FinalRound? Begin(Sweep sweep)
    {
        if (sweep.Search.Final is not { } options || sweep.Study.Best is not { } best)
        {
            return null;
        }

        string[] configurations = options.CompareWith == FinalComparison.Default ? [BestName, DefaultName] : [BestName];
        var space = SearchSpace.Of(
            (Configuration, Choice.Of(configurations)), (Seed, Choice.Of(sweep.Seeds(options.Repeat).ToArray())));
        var known = sweep.Store.Studies().Select(s => s.Name).ToHashSet();
        for (int attempt = 1; ; attempt++)
        {
            var name = NameOf(options, best.Number, attempt);
            var study = Study.Open(sweep.Store, name, Settings(sweep) with { Space = space });
            if (!known.Contains(name) || study.Trials.All(t => t.State != TrialState.Failed))
            {
                return new(sweep, options, study, best.Number);
            }

            study.Dispose();
        }
    }

    /// <summary>What is wrong with a round whose figure needs labels of a test part that has none; <see langword="null"/> where nothing is.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="data">Its data.</param>
    public static ConfigurationException? Problem(Sweep sweep, LoadedData data)
    {
        if (sweep.Search.Final is null || sweep.Experiment.Task is not { LearnsFromLabels: false } task || data.HasTruth(DataPart.Test))
        {
            return null;
        }

        // All rows count as normal then.
        var name = Compared(sweep).Name;
        return double.IsFinite(ScoreMetrics.Of(task, [-1, 1], [0, 0], width: 1, sweep.Experiment.Training.Metrics)[name]) ? null
            : new("search.final", $"compares models by {RunFigures.Test}{name}, which needs labels, and the test part has none; name by data.label the column "
                + "that says which rows are strange, or leave search.final out.");
    }

    /// <summary>The round that a runner has begun.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="name">The name of its study.</param>
    public static FinalRound Join(Sweep sweep, string name) =>
        new(sweep, sweep.Search.Final ?? new(), Study.Load(sweep.Store, name, Settings(sweep)), BestOf(name));

    /// <summary>The latest round of the best configuration; <see langword="null"/> where none has begun.</summary>
    public static FinalRound? Find(Sweep sweep)
    {
        if (sweep.Search.Final is not { } options || sweep.Study.Best is not { } best)
        {
            return null;
        }

        var known = sweep.Store.Studies().Select(s => s.Name).ToHashSet();
        int attempts = Enumerable.Range(1, int.MaxValue - 1).TakeWhile(n => known.Contains(NameOf(options, best.Number, n))).LastOrDefault();
        return attempts == 0 ? null : Join(sweep, NameOf(options, best.Number, attempts));
    }

    /// <summary>Trains and tests one configuration with one seed; gives the figure. Each attempt writes below a folder of its
    /// own, as those of trials do.</summary>
    /// <exception cref="TimeoutException">It took longer than <c>search.final.timeout</c>.</exception>
    public double Run(Trial trial, SweepData data, IReadOnlyList<Callback> callbacks)
    {
        var training = FolderOf(trial.Record);
        return TrialTime.Run(trial, (options.Timeout, "search.final.timeout"), $"the final training {Text(trial.Record)}", stop =>
        {
            if (AttemptFiles.Done(training) is { } done)
            {
                return FigureOf(ResultIn(done));
            }

            var experiment = Of(trial.Record);
            var loaded = data.Of(experiment);
            // As long as the trials were that it was chosen by, which had rows to validate with.
            long? rows = loaded.Counts is { Train: var all } ? (long)Math.Ceiling(all * (1 - experiment.Training.ValidationFraction)) : null;
            experiment = ExperimentLength.Set(experiment, rows);
            var folder = AttemptFiles.Begin(training, Parameters(trial.Record).ToJsonString(RunResult.Json));
            var run = new SeedRun(experiment, loaded, folder, trial.Record.ValueOf<int>(Seed))
            {
                // Only how far it is: a training that gets on between two crashes is not given up.
                Callbacks = [new TrialReports(trial, null, Path.GetFileName(folder)), .. callbacks],
                Parts = [DataPart.Test],
            };
            var result = run.Run(stop);
            AtomicFile.WriteText(Path.Combine(folder, "result.json"), result.ToJson());
            return FigureOf(result);
        });
    }

    /// <summary>Deletes what nobody needs after a training has ended in the study. Not before: a worker that was taken for dead
    /// would delete the files of the one that took its place.</summary>
    public void Tidy(TrialRecord ended)
    {
        if (ended.State == TrialState.Complete)
        {
            AttemptFiles.DeleteCheckpoints(FolderOf(ended));
        }
    }

    /// <summary>Refuses a round in which trainings are missing.</summary>
    /// <exception cref="StudyException">Some have failed.</exception>
    public void RequireAll()
    {
        var trials = study.Trials;
        if (trials.Count(t => t.State == TrialState.Complete) < Count)
        {
            var failed = trials.Where(t => t.State == TrialState.Failed).Select(t => $"  {Text(t)}: {t.Error}").ToList();
            throw new StudyException($"{failed.Count} of {Count} final trainings have failed:\n{string.Join('\n', failed)}\nThe same command "
                + "tries them anew.");
        }
    }

    /// <summary>The results, the best configuration's and the default's, in order of seed.</summary>
    public (IReadOnlyList<RunResult> Best, IReadOnlyList<RunResult> Default) Results()
    {
        var done = study.Trials.Where(t => t.State == TrialState.Complete).OrderBy(t => t.ValueOf<int>(Seed)).ToList();
        return (Of(isDefault: false), Of(isDefault: true));

        IReadOnlyList<RunResult> Of(bool isDefault) => [.. done.Where(t => IsDefault(t) == isDefault)
            .Select(t => ResultIn(DoneFolder(t)))];
    }

    /// <summary>The folder of the best configuration's first seed.</summary>
    public string? FirstFolder() => study.Trials.Where(t => t.State == TrialState.Complete && !IsDefault(t))
        .OrderBy(t => t.ValueOf<int>(Seed)).Select(DoneFolder).FirstOrDefault();

    /// <summary>The trainings that have ended.</summary>
    public IEnumerable<(string Configuration, int Seed, TrialRecord Trial)> Ended() => study.Trials.Where(t => t.IsFinished)
        .Select(t => (IsDefault(t) ? DefaultName : BestName, t.ValueOf<int>(Seed), t));

    /// <summary>The compared figure of a result.</summary>
    public double FigureOf(RunResult result) => result.Metrics.Test[compared.Name];

    /// <inheritdoc/>
    public void Dispose() => study.Dispose();

    // The objective's figure where an evaluation has it, with the objective's goal; else the task's first.
    private static (string Name, Goal Goal) Compared(Sweep sweep)
    {
        var metrics = sweep.Experiment.Task!.EvaluationMetrics.Concat(sweep.Experiment.Training.Metrics).ToList();
        var objective = sweep.Search.Objective[0];
        return metrics.Any(m => objective.Figure == RunFigures.Validation + m.FigureName || objective.Figure == RunFigures.Train + m.FigureName)
            ? (RunFigures.NameInPart(objective.Figure), objective.Goal)
            : (metrics[0].FigureName, metrics[0].Goal);
    }

    private static StudyOptions Settings(Sweep sweep) => new()
    {
        Goals = [Compared(sweep).Goal],
        Sampler = new GridSampler { Points = Math.Max(2, sweep.Search.Final?.Repeat ?? 2) },
        Title = $"final round of {sweep.Experiment.Name}",
        MaxLost = sweep.Search.MaxLost,
        Worker = sweep.Worker,
    };

    // A search that was extended, or a round that was asked for otherwise, is another study.
    private static string NameOf(FinalOptions options, int best, int attempt) => string.Create(CultureInfo.InvariantCulture,
        $"final: trial {best}, {options.Train} data, {options.Repeat} seeds, beside {options.CompareWith}, attempt {attempt}").ToLowerInvariant();

    private static int BestOf(string name) =>
        int.Parse(name["final: trial ".Length..name.IndexOf(',', StringComparison.Ordinal)], CultureInfo.InvariantCulture);

    private static string Text(TrialRecord trial) => string.Create(CultureInfo.InvariantCulture,
        $"{(IsDefault(trial) ? DefaultName : BestName)}, seed {trial.ValueOf<int>(Seed)}");

    private static bool IsDefault(TrialRecord trial) => trial.ValueOf<string>(Configuration) == DefaultName;

    private static RunResult ResultIn(string folder)
    {
        const string Advice = "Put the file back; without it, only the final round of another folder can be had: run the sweep with another "
            + "--output, or compare its best trials.";
        return RunResult.FromFile(Path.Combine(folder, "result.json"), Advice) ?? throw new StudyException($"There is no result in '{folder}'. {Advice}");
    }

    private string DoneFolder(TrialRecord trial) => AttemptFiles.Done(FolderOf(trial))
        ?? throw new StudyException($"the final training {Text(trial)} has no result any more: there is none below '{FolderOf(trial)}'.");

    // What the default configuration has is written in the file of the sweep.
    private JsonObject Parameters(TrialRecord trial) =>
        IsDefault(trial) ? [] : sweep.Trials.Parameters(sweep.Study.Trials[Best].Numbers);

    private string FolderOf(TrialRecord trial) => Path.Combine(
        sweep.Folder,
        "final",
        IsDefault(trial) ? DefaultName : string.Create(CultureInfo.InvariantCulture, $"trial-{Best}"),
        options.Train == FinalTraining.All ? "all-data" : "training-part",
        string.Create(CultureInfo.InvariantCulture, $"seed-{trial.ValueOf<int>(Seed)}"));

    private Experiment Of(TrialRecord trial)
    {
        var experiment = IsDefault(trial) ? sweep.Trials.Default : sweep.Trials.Of(sweep.Study.Trials[Best].Numbers);
        return options.Train == FinalTraining.Part
            ? experiment
            : experiment with
            {
                Data = experiment.Data.ToWhole(),
                Training = experiment.Training with { ValidationFraction = 0 },
            };
    }
}
