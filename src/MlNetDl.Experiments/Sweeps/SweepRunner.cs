using MlNetDl.Configuration;
using MlNetDl.Files;
using MlNetDl.Search;

namespace MlNetDl.Experiments;

/// <summary>Runs a sweep into a folder: starts workers, watches them, and puts the result together. It decides nothing: who
/// ends it and starts it again, or starts another beside it, loses nothing.</summary>
/// <param name="folder">Where the run lives.</param>
/// <param name="launcher">Starts the workers.</param>
/// <param name="view">Watches; nobody by default.</param>
public sealed class SweepRunner(string folder, WorkerLauncher launcher, SweepView? view = null)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private readonly RunLog log = new(folder);
    private readonly SweepView view = new LoggedSweep(view, new(folder));
    private readonly HashSet<int> told = [], toldFinal = [];

    /// <summary>Runs, or goes on where an earlier run has ended. One that is done is only reported.</summary>
    /// <param name="experiment">An experiment with a search.</param>
    /// <param name="stop">Ends it: workers give their trials back with checkpoints.</param>
    /// <exception cref="RunFolderConflictException">The folder holds another run, or one on data that has changed
    /// since.</exception>
    /// <exception cref="SweepRefusedException">A branch of the search has no data or no network that takes it.</exception>
    /// <exception cref="StudyException">No trial can succeed, or all have failed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public RunResult Run(Experiment experiment, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        var given = experiment.Search ?? throw new ArgumentException("The experiment has no search; ExperimentRunner trains it.", nameof(experiment));
        int? trialsBefore = RunFolder.Before(folder)?.Search?.MaxTrials;
        experiment = Resolved(experiment, given);
        var search = experiment.Search!;
        RefuseChangeUnderRunner(experiment);
        var run = RunFolder.Open(folder, experiment);
        if (run.Result is { } done && IsOver(run.Path, done))
        {
            WasDone = true;
            TellChanges(run, given.MaxTrials, search.MaxTrials, trialsBefore);
            return SweepResult.HasModels(run.Path) ? done : PutTogether(run);
        }

        ScratchFolder.Check("Saving a model");
        using var presence = SweepPresence.Enter(run.Path, SweepPresence.Runner, stop);
        using var crew = new WorkerCrew(run.Path, search, launcher, view, search.MaxTime?.Time, TimeProvider.System);
        crew.Start();
        EnvironmentFile.Write(run["environment.json"], experiment);
        using var sweep = Sweep.Open(run.Path, "runner");
        var finished = sweep.Study.History.Finished;
        told.UnionWith(finished.Select(t => t.Number));
        view.Started(sweep.Experiment, finished);
        TellChanges(run, given.MaxTrials, search.MaxTrials, trialsBefore);
        return log.Ended(() => Watched(run, sweep, crew, presence));
    }

    private RunResult Watched(RunFolder run, Sweep sweep, WorkerCrew crew, SweepPresence presence)
    {
        try
        {
            Watch(crew, () => crew.HasSearched || crew.IsOver, () => TellTrials(sweep), presence.Stop);
            TellTrials(sweep);
            TellEnd(sweep);
            using var final = Final(sweep, presence.Stop);
            if (final is not null)
            {
                crew.BeginFinal(final.Name);
                Watch(crew, () => crew.IsOver, () => TellFinal(final), presence.Stop);
                TellFinal(final);
                final.RequireAll();
            }

            return Finish(run, sweep, final);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // What one worker cannot do is no reason to lose the work of the others.
            crew.Stop();
            throw;
        }
    }

    // Somebody has deleted the best model, but not the trial that it is of.
    private RunResult PutTogether(RunFolder run)
    {
        using var sweep = Sweep.Open(run.Path, "runner");
        using var final = FinalRound.Find(sweep);
        var result = Finish(run, sweep, final);
        view.Message($"'{run[SweepResult.BestFolder]}' had no model any more; it is put together again");
        return result;
    }

    private void TellChanges(RunFolder run, int given, int taken, int? before)
    {
        if (run.DataWarning is { } doubt)
        {
            view.Message($"warning: {doubt}");
        }

        if (taken > given)
        {
            view.Message($"search.maxTrials stays {taken}, to which this folder was extended from the {given} of the experiment; "
                + $"another number changes it, and so does deleting {SearchExtension.File}");
        }
        else if (taken < before)
        {
            view.Message($"search.maxTrials is {taken} now and was {before} in this folder; search.maxTrials={before} goes back to it");
        }
    }

    private static RunResult Finish(RunFolder run, Sweep sweep, FinalRound? final)
    {
        var result = SweepResult.Of(sweep, final);
        sweep.WriteReport(run["study.html"]);
        AtomicFile.WriteText(run["result.json"], result.ToJson());
        return result;
    }

    /// <summary>Whether the last call found the sweep done, and only reported it.</summary>
    public bool WasDone { get; private set; }

    // A search that its time has ended, or that a worker by hand has taken further, has more to do.
    private static bool IsOver(string path, RunResult result)
    {
        using var sweep = Sweep.Open(path, "runner");
        var trials = sweep.Study.Trials;
        int counted = result.Search is { } told ? told.Complete + told.Pruned + told.Failed : 0;
        return counted == trials.Count(t => t.State is TrialState.Complete or TrialState.Pruned or TrialState.Failed)
            && (sweep.IsExhausted() || trials.Count(t => t.IsFinished) >= sweep.MostTrials());
    }

    // The other runner would end with the bounds that it began with, and its result would stand for these.
    private void RefuseChangeUnderRunner(Experiment experiment)
    {
        if (RunFolder.Before(folder) is { } before && SweepPresence.Of(folder).Contains(SweepPresence.Runner)
            && ConfigurationDiff.Between(RecordJson.ToNode(before), RecordJson.ToNode(experiment)) is { Count: > 0 } differences)
        {
            throw RunFolder.WithoutMovedData(folder, experiment, differences).All(RunFolder.MayChange)
                ? RunFolderConflictException.OfRunning(folder, differences)
                : new RunFolderConflictException(folder, [.. differences.Where(d => !RunFolder.MayChange(d))]);
        }
    }

    // Written out, so that a run says what it was trained with, and is the same where another machine goes on.
    private Experiment Resolved(Experiment experiment, SearchOptions search)
    {
        var before = RunFolder.Before(folder);
        experiment = experiment.Located();
        return SearchExtension.Keep(folder, experiment, before) with
        {
            Training = experiment.Training with
            {
                Seed = experiment.Training.Seed ?? Training.TrainingOptions.DefaultSeed,
                Threads = experiment.Training.Threads ?? before?.Training.Threads ?? Math.Max(1, Environment.ProcessorCount / search.Workers),
            },
        };
    }

    private void Watch(WorkerCrew crew, Func<bool> isOver, Func<IEnumerable<TrialRecord>> tell, CancellationToken stop)
    {
        while (!isOver())
        {
            if (stop.WaitHandle.WaitOne(Interval))
            {
                view.Message("stopping: the workers write checkpoints");
                crew.Stop();
                tell();
                stop.ThrowIfCancellationRequested();
            }

            crew.Look();
            var running = tell().ToDictionary(t => t.Number);
            view.Working([.. crew.Progress.Select(p => p with { Record = running.GetValueOrDefault(p.Trial ?? -1) })]);
        }

        stop.ThrowIfCancellationRequested();
    }

    private FinalRound? Final(Sweep sweep, CancellationToken stop)
    {
        // The trials of another runner on this folder may still change what is best.
        var waited = System.Diagnostics.Stopwatch.StartNew();
        while (sweep.Search.Final is not null && sweep.Study.History.Running.Count > 0 && waited.Elapsed < sweep.Study.Options.Lease)
        {
            stop.WaitHandle.WaitOne(Interval);
            stop.ThrowIfCancellationRequested();
        }

        var final = FinalRound.Begin(sweep);
        if (final is not null)
        {
            view.FinalStarted(sweep.Study.Trials[final.Best], final.Count);
        }

        return final;
    }

    private void TellEnd(Sweep sweep)
    {
        int finished = sweep.Study.Trials.Count(t => t.IsFinished);
        if (finished < sweep.Search.MaxTrials)
        {
            view.Message(finished >= sweep.MostTrials()
                ? $"ended after {finished} of {sweep.Search.MaxTrials} trials: the sampler has no further combination"
                : sweep.IsExhausted()
                ? $"ended by search.patience, {sweep.Search.Patience}, after {finished} of {sweep.Search.MaxTrials} trials"
                : $"ended by search.maxTime, {sweep.Search.MaxTime}, after {finished} of {sweep.Search.MaxTrials} trials; the same command goes on");
        }
    }

    // Tells of the trials that have ended, and gives those that run: one look at the store.
    private IReadOnlyCollection<TrialRecord> TellTrials(Sweep sweep)
    {
        var history = sweep.Study.History;
        if (history.Finished.Count == told.Count)
        {
            return history.Running;
        }

        var goals = history.Goals;
        double? best = null;
        foreach (var trial in history.Finished)
        {
            bool better = goals.Count == 1 && trial is { State: TrialState.Complete, IsFeasible: true }
                && (best is not { } value || Metrics.GoalDirection.IsBetter(goals[0], trial.Value, value));
            best = better ? trial.Value : best;
            if (told.Add(trial.Number))
            {
                view.TrialEnded(trial, trial.Parameters, better);
            }
        }

        return history.Running;
    }

    private IReadOnlyCollection<TrialRecord> TellFinal(FinalRound final)
    {
        foreach (var (configuration, seed, trial) in final.Ended().Where(t => toldFinal.Add(t.Trial.Number)))
        {
            view.FinalEnded(configuration, seed, final.Figure, trial.State == TrialState.Complete ? trial.Value : double.NaN);
        }

        return final.Study.History.Running;
    }
}
