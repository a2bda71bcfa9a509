using MlNetDl.Configuration;
using MlNetDl.Files;
using MlNetDl.Search;
using MlNetDl.Search.Analysis;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Experiments;

/// <summary>The folder of a sweep: to see how far it is, to stop it, and to change what it does next. Everything but
/// <see cref="Extend"/> and <see cref="RetryFailed"/> may be done while it runs.</summary>
/// <example><code>
/// var sweep = SweepFolder.Open("runs/digits");
/// Console.WriteLine(sweep.Status().Complete);
/// sweep.Extend(20);
/// </code></example>
public sealed class SweepFolder
{
    private const string RetriedEvent = "retried", Looker = "study", ResultFile = "result.json";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private SweepFolder(string path, Experiment experiment) => (Path, Experiment) = (path, experiment);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The experiment, with its search.</summary>
    public Experiment Experiment { get; private set; }

    private SearchOptions Search => Experiment.Search!;

    /// <summary>Opens a folder that a run of a sweep has made.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="ConfigurationException">There is no such folder, it holds no run, or that of a single
    /// training.</exception>
    public static SweepFolder Open(string path)
    {
        if (!Directory.Exists(path))
        {
            throw new ConfigurationException("", $"there is no folder '{path}'; name the folder of a run, such as runs/NAME.");
        }

        if (!File.Exists(System.IO.Path.Combine(path, RunFolder.ConfigurationFile)))
        {
            throw new ConfigurationException("", $"the folder '{path}' holds no run, as it has no {RunFolder.ConfigurationFile}; name the "
                + "folder of a run, such as runs/NAME.");
        }

        var experiment = RunFolder.Read(path);
        if (experiment.Search is null)
        {
            throw new ConfigurationException("", $"the run in '{path}' is a single training, which has no trials; name the folder of an "
                + "experiment with 'search'.");
        }

        return new(path, experiment);
    }

    /// <summary>Files and folders of the data that were there when the sweep was begun, and are not at their places now: by key,
    /// such as <c>data.csv</c>, the path where they were looked for. Empty where all is there.</summary>
    public IReadOnlyDictionary<string, string> MissingData()
    {
        var now = DataFingerprint.Of(Experiment.Data);
        var data = RecordJson.ToNode(Experiment.Data);
        return RunFolder.Digests(Path).Keys.Where(key => !now.ContainsKey(key) && data[key] is not null)
            .ToDictionary(key => $"data.{key}", key => data[key]!.ToString());
    }

    /// <summary>How far the sweep is.</summary>
    public SweepStatus Status()
    {
        using var sweep = Found();
        using var final = sweep is null ? null : FinalRound.Find(sweep);
        var present = SweepPresence.Of(Path);
        return SweepStatus.Of(Experiment, sweep, final) with
        {
            IsDone = File.Exists(InFolder(ResultFile)),
            Runners = present.Count(role => role == SweepPresence.Runner),
            Workers = present.Count(role => role == SweepPresence.Worker),
        };
    }

    /// <summary>Asks all who work on the sweep now to stop: they write checkpoints and give their trials back.</summary>
    public void RequestStop() => SweepPresence.AskToStop(Path);

    /// <summary>Asks to stop, and waits until nobody works on the sweep any more.</summary>
    /// <param name="stop">Ends the waiting; the request stays.</param>
    /// <returns>Whether there was anybody.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public bool Stop(CancellationToken stop = default)
    {
        bool any = SweepPresence.Of(Path).Count > 0;
        if (!any)
        {
            return false;
        }

        RequestStop();
        while (SweepPresence.Of(Path).Count > 0)
        {
            stop.WaitHandle.WaitOne(Interval);
            stop.ThrowIfCancellationRequested();
        }

        SweepPresence.ForgetRequest(Path);
        return true;
    }

    /// <summary>Raises <c>search.maxTrials</c> in the folder's configuration. The result of the shorter search is deleted,
    /// as the next run gives another.</summary>
    /// <param name="trials">By how many; 1 or more.</param>
    /// <returns>The new number.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1, or too large.</exception>
    /// <exception cref="StudyException">A runner works on the sweep, and would not see it; or its trials cannot be read. Nothing was
    /// changed.</exception>
    public int Extend(int trials)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(trials, int.MaxValue - Search.MaxTrials);
        RefuseWhileRunning();
        // A damaged study is refused before anything is written.
        using var sweep = Found();
        var longer = Experiment with { Search = Search with { MaxTrials = Search.MaxTrials + trials } };
        // In this order a process that is killed in between leaves a search whose result is only put together anew.
        File.Delete(InFolder(ResultFile));
        SearchExtension.Write(Path, Search.MaxTrials, longer.Search.MaxTrials);
        AtomicFile.WriteText(InFolder(RunFolder.ConfigurationFile), ConfigurationDocument.ToYaml(longer));
        Experiment = longer;
        return Search.MaxTrials;
    }

    /// <summary>Enqueues each failed trial anew with its parameters, once, and raises <c>search.maxTrials</c> by as
    /// many. The next run runs them.</summary>
    /// <returns>The failed trials and the trials that take their places; empty where none has failed since.</returns>
    /// <exception cref="StudyException">A runner works on the sweep, and would not see it; or trials go on from each
    /// other.</exception>
    public IReadOnlyList<RetriedTrial> RetryFailed()
    {
        if (Search.Sampler is PopulationBasedSampler)
        {
            throw new StudyException("with population-based training no failed trial is tried again: a trial with its values would go on from "
                + "a checkpoint of later generations, and be another part of another training. Extend the search by as many trials instead.");
        }

        RefuseWhileRunning();
        using var sweep = Found();
        if (sweep is null)
        {
            return [];
        }

        var before = sweep.Store.Events(sweep.Study.Id).Where(e => e.Kind == RetriedEvent).Select(e => e.Number).ToHashSet();
        var failed = sweep.Study.Trials.Where(t => t.State == TrialState.Failed && !before.Contains(t.Number)).ToList();
        if (failed.Count == 0)
        {
            return [];
        }

        Extend(failed.Count);
        return [.. failed.Select(trial =>
        {
            var retried = new RetriedTrial(trial.Number, sweep.Study.Enqueue(Parameters(trial)));
            sweep.Store.AddEvent(sweep.Study.Id, trial.Number, RetriedEvent, $"as trial {retried.Number}");
            return retried;
        })];
    }

    /// <summary>Enqueues a configuration to try before those that the sampler proposes. It is one of
    /// <c>search.maxTrials</c>.</summary>
    /// <param name="values">Values by name, as <c>params.json</c> of a trial has them; what is left out is sampled.</param>
    /// <returns>The trial's number. One that is not less than <c>search.maxTrials</c> waits until the search is
    /// extended.</returns>
    /// <exception cref="ConfigurationException">A name or a value is none of the space. Nothing was enqueued.</exception>
    public int Enqueue(IReadOnlyDictionary<string, object?> values)
    {
        using var sweep = Sweep.Open(Path, Looker);
        var names = sweep.Trials.Space.Parameters.Select(p => p.Name).Where(PopulationBasedSampler.IsSearched).ToList();
        if (values.Keys.FirstOrDefault(n => !names.Contains(n)) is { } unknown)
        {
            throw new ConfigurationException("", $"the space of study '{Experiment.Name}' has no parameter '{unknown}'; it has {string.Join(", ", names)}.");
        }

        try
        {
            int number = sweep.Study.Enqueue(values);
            if (number < Search.MaxTrials)
            {
                // It was of a search without this trial.
                File.Delete(InFolder(ResultFile));
            }

            return number;
        }
        catch (ArgumentException e)
        {
            throw new ConfigurationException("", e.Message, e);
        }
    }

    /// <summary>Whether the search has ended by its patience: no further trial would run, however many there may
    /// be.</summary>
    public bool IsOutOfPatience()
    {
        using var sweep = Found();
        return sweep?.IsExhausted() ?? false;
    }

    /// <summary>All trials, a row a trial. Columns of values are named by their figures.</summary>
    /// <exception cref="StudyException">Nothing was run yet.</exception>
    public TrialList Trials()
    {
        using var sweep = Begun();
        return TrialList.Of(sweep.Study.History) with { Objectives = [.. Search.Objective.Select(o => new ObjectiveAxis(o.Figure, o.Goal))] };
    }

    /// <summary>The figures of all trials, a row for each trial and step. Steps count from 1: epochs, or trainings where
    /// <c>search.repeat</c> or <c>search.folds</c> train each configuration several times; a column then says which seed or
    /// fold.</summary>
    /// <exception cref="StudyException">Nothing was run yet.</exception>
    public AnalysisTable Metrics()
    {
        using var sweep = Begun();
        return SweepMetrics.Of(sweep);
    }

    /// <summary>Writes <c>study.html</c>, a page with plots and tables of the search.</summary>
    /// <returns>Its path.</returns>
    /// <exception cref="StudyException">Nothing was run yet.</exception>
    public string WriteReport()
    {
        using var sweep = Begun();
        var path = InFolder("study.html");
        sweep.WriteReport(path);
        return path;
    }

    /// <summary>Compares two trials, by seeds where the search trains over several.</summary>
    /// <param name="a">The number of the one.</param>
    /// <param name="b">The number of the other.</param>
    /// <exception cref="ConfigurationException">There is no such trial, it is not complete, or the search has several
    /// objectives.</exception>
    public SweepComparison Compare(int a, int b)
    {
        using var sweep = Begun();
        return SweepComparison.Of(MeasuredRun.OfTrial(sweep, a, $"trial {a}"), MeasuredRun.OfTrial(sweep, b, $"trial {b}"));
    }

    /// <summary>Compares with another sweep: by the final rounds where both have one, else by the best trials.</summary>
    /// <param name="other">The other one.</param>
    /// <exception cref="ConfigurationException">A sweep has no complete trial or several objectives, or the two are judged
    /// by different figures.</exception>
    public SweepComparison Compare(SweepFolder other)
    {
        ArgumentNullException.ThrowIfNull(other);
        using var a = Begun();
        using var b = other.Begun();
        bool areAlike = IsLike(other);
        return MeasuredRun.OfFinal(a, Path) is { } finalA && MeasuredRun.OfFinal(b, other.Path) is { } finalB && finalA.Figure == finalB.Figure
            ? SweepComparison.Of(finalA, finalB, areAlike)
            : SweepComparison.Of(MeasuredRun.OfBest(a, Path), MeasuredRun.OfBest(b, other.Path), areAlike);
    }

    // Only then a seed, or a fold, means the same examples in both.
    private bool IsLike(SweepFolder other)
    {
        var (a, b) = (Experiment, other.Experiment);
        return RunData.AreSame(a.Data, RunFolder.Digests(Path), b.Data, RunFolder.Digests(other.Path))
            && Equals(a.Task, b.Task) && a.Search!.Folds == b.Search!.Folds && a.Training.ValidationFraction == b.Training.ValidationFraction;
    }

    private Dictionary<string, object?> Parameters(TrialRecord trial)
    {
        var values = trial.Fixed.ToDictionary(f => f.Key, f => (object?)f.Value);
        foreach (var (name, value) in new TrialExperiments(Experiment).Parameters(trial.Numbers))
        {
            values[name] = value;
        }

        return values;
    }

    private void RefuseWhileRunning()
    {
        if (SweepPresence.Of(Path).Contains(SweepPresence.Runner))
        {
            throw new StudyException($"the sweep in '{Path}' runs, and what runs does not see a change of search.maxTrials; stop it first, "
                + "and resume it afterwards.");
        }
    }

    // Without a file nothing was run, and looking is to make none.
    private Sweep? Found() => Sweep.HasStudy(Path) ? Sweep.Open(Path, Looker) : null;

    private Sweep Begun() => Found() ?? throw new StudyException($"the sweep in '{Path}' has no trials yet; run it first.");

    private string InFolder(string name) => System.IO.Path.Combine(Path, name);
}
