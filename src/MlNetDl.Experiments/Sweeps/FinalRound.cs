using System.Globalization;
using MlNetDl.Files;
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

    private FinalRound(Sweep sweep, FinalOptions options, Study study, int best) =>
        (this.sweep, this.options, this.study, Best) = (sweep, options, study, best);

    /// <summary>The number of the best trial.</summary>
    public int Best { get; }

    /// <summary>The trials: one for each configuration and seed.</summary>
    public Study Study => study;

    /// <summary>How many there are.</summary>
    public int Count => ((GridSampler)study.Options.Sampler).Size(study.Options.Space!);

    /// <summary>The figure that the configurations are compared by: the objective's on the test data.</summary>
    public string Figure => TestFigureOf(sweep.Search.Objective[0].Figure);

    /// <summary>The round of a sweep whose search is over; <see langword="null"/> where none was asked for, or no trial is
    /// complete.</summary>
    public static FinalRound? Open(Sweep sweep) => Of(sweep, begins: true);

    /// <summary>The round, where it has begun.</summary>
    public static FinalRound? Find(Sweep sweep) => Of(sweep, begins: false);

    private static FinalRound? Of(Sweep sweep, bool begins)
    {
        if (sweep.Search.Final is not { } options)
        {
            return null;
        }

        if (sweep.Study.Best is not { } best)
        {
            return null;
        }

        string[] configurations = options.CompareWith == FinalComparison.Default ? [BestName, DefaultName] : [BestName];
        var space = SearchSpace.Of(
            (Configuration, Choice.Of(configurations)), (Seed, Choice.Of(sweep.Seeds(options.Repeat).ToArray())));
        // A search that was extended, or a round that was asked for otherwise, is another study.
        var name = string.Create(CultureInfo.InvariantCulture,
            $"final: trial {best.Number}, {options.Train} data, {options.Repeat} seeds, beside {options.CompareWith}").ToLowerInvariant();
        if (!begins && sweep.Store.Studies().All(s => s.Name != name))
        {
            return null;
        }

        var study = Study.Open(sweep.Store, name, new()
        {
            Goals = [sweep.Search.Objective[0].Goal],
            Sampler = new GridSampler { Points = Math.Max(2, options.Repeat) },
            Space = space,
            MaxLost = sweep.Search.MaxLost,
            Worker = sweep.Worker,
        });
        return new(sweep, options, study, best.Number);
    }

    /// <summary>Trains and tests one configuration with one seed; gives the figure.</summary>
    public double Run(Trial trial, SweepData data, IReadOnlyList<Callback> callbacks)
    {
        var experiment = Of(trial.Record);
        int seed = trial.Record.ValueOf<int>(Seed);
        var folder = FolderOf(trial.Record);
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "result.json");
        if (!File.Exists(file))
        {
            var run = new SeedRun(experiment, data.Of(experiment), folder, seed)
            {
                Callbacks = callbacks,
                Parts = [DataPart.Test],
            };
            AtomicFile.WriteText(file, run.Run(trial.Stop).ToJson());
            AttemptFiles.DeleteCheckpoints(folder);
        }

        var result = RunResult.FromJson(File.ReadAllText(file));
        foreach (var (name, value) in result.Metrics.Test)
        {
            trial.Log(0, RunFigures.Test + name, value);
        }

        return FigureOf(result);
    }

    /// <summary>The results, the best configuration's and the default's, in order of seed.</summary>
    public (IReadOnlyList<RunResult> Best, IReadOnlyList<RunResult> Default) Results()
    {
        var done = study.Trials.Where(t => t.State == TrialState.Complete).OrderBy(t => t.ValueOf<int>(Seed)).ToList();
        return (Of(isDefault: false), Of(isDefault: true));

        IReadOnlyList<RunResult> Of(bool isDefault) => [.. done.Where(t => IsDefault(t) == isDefault)
            .Select(t => RunResult.FromJson(File.ReadAllText(Path.Combine(FolderOf(t), "result.json"))))];
    }

    /// <summary>The folder of the best configuration's first seed.</summary>
    public string? FirstFolder() => study.Trials.Where(t => t.State == TrialState.Complete && !IsDefault(t))
        .OrderBy(t => t.ValueOf<int>(Seed)).Select(FolderOf).FirstOrDefault();

    /// <summary>The trainings that have ended.</summary>
    public IEnumerable<(string Configuration, int Seed, TrialRecord Trial)> Ended() => study.Trials.Where(t => t.IsFinished)
        .Select(t => (IsDefault(t) ? DefaultName : BestName, t.ValueOf<int>(Seed), t));

    /// <summary>The compared figure of a result.</summary>
    public double FigureOf(RunResult result)
    {
        var figures = result.Metrics.Test.ToDictionary(f => RunFigures.Test + f.Key, f => f.Value);
        return figures.TryGetValue(Figure, out double value) ? value : Figure switch
        {
            RunFigures.Parameters => result.Parameters,
            RunFigures.Seconds => result.Seconds,
            // A loss has no test figure under that name; the first of the test stands for it.
            _ => figures.Values.FirstOrDefault(double.NaN),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => study.Dispose();

    private static string TestFigureOf(string figure) =>
        figure.StartsWith(RunFigures.Validation, StringComparison.Ordinal) ? RunFigures.Test + figure[RunFigures.Validation.Length..]
        : figure.StartsWith(RunFigures.Train, StringComparison.Ordinal) ? RunFigures.Test + figure[RunFigures.Train.Length..]
        : figure;

    private static bool IsDefault(TrialRecord trial) => trial.ValueOf<string>(Configuration) == DefaultName;

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
