using MlNetDl.Search;
using MlNetDl.Search.Pruners;
using MlNetDl.Search.Storage;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests;

/// <summary>Running an objective: how a search ends, and what becomes of objectives that misbehave.</summary>
public sealed class StudyOptimizeTests
{
    // All trials would fail alike: the first one says it, and waits until the objective is mended.
    [Fact]
    public void A_parameter_that_is_none_ends_the_search()
    {
        using var study = Study.InMemory("study");
        Assert.Equal(
            "parameter 'x': the range [3, 1] is empty; the smaller bound comes first.",
            Assert.Throws<ArgumentException>(() => study.Optimize(t => t.Uniform("x", 3, 1), trials: 100)).Message);
        Assert.Equal(TrialState.Waiting, study.Trials.Single().State);
        study.Optimize(t => t.Uniform("x", 1, 3), trials: 2);
        Assert.Equal(2, study.History.Finished.Count);
    }

    [Fact]
    public void After_the_timeout_no_trial_starts_and_the_running_one_is_told()
    {
        var clock = new TimerClock();
        using var store = new MemoryStore(clock);
        using var study = Study.Open(store, "study");
        bool before = true, after = false;
        study.Optimize(
            trial =>
            {
                if (trial.Number == 3)
                {
                    clock.Pass(TimeSpan.FromMinutes(9));
                    before = trial.Stop.IsCancellationRequested;
                    clock.Pass(TimeSpan.FromMinutes(1));
                    after = trial.Stop.IsCancellationRequested;
                }

                return trial.Number;
            },
            trials: 100,
            timeout: TimeSpan.FromMinutes(10));
        Assert.Equal((false, true), (before, after));
        Assert.Equal([0.0, 1, 2, 3], study.Trials.Select(t => t.Value));
    }

    [Fact]
    public void A_cancelled_trial_is_given_back_and_taken_up_with_its_parameters()
    {
        using var study = Study.InMemory("study");
        using var stop = new CancellationTokenSource();
        double interrupted = 0;
        Assert.Throws<OperationCanceledException>(() => study.Optimize(
            trial =>
            {
                double x = trial.Uniform("x", 0, 1);
                if (trial.Number == 2)
                {
                    interrupted = x;
                    stop.Cancel();
                    trial.Stop.ThrowIfCancellationRequested();
                }

                return x;
            },
            trials: 5,
            stop: stop.Token));
        Assert.Equal([TrialState.Complete, TrialState.Complete, TrialState.Waiting], study.Trials.Select(t => t.State));
        study.Optimize(trial => trial.Uniform("x", 0, 1), trials: 5);
        Assert.All(study.Trials, t => Assert.Equal(TrialState.Complete, t.State));
        Assert.Equal((interrupted, 2), (study.Trials[2].Value, study.Trials[2].Attempt));
    }

    [Fact]
    public void An_objective_that_ignores_the_cancellation_is_recorded()
    {
        using var study = Study.InMemory("study");
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => study.Optimize(
            trial =>
            {
                stop.Cancel();
                return 7;
            },
            stop: stop.Token));
        Assert.Equal(7, study.Trials.Single().Value);
        Assert.Throws<OperationCanceledException>(() => study.Optimize(_ => 8, stop: stop.Token));
        Assert.Single(study.Trials);
    }

    [Fact]
    public void A_cancellation_that_nobody_asked_for_fails_the_trial()
    {
        using var study = Study.InMemory("study");
        study.Optimize(t => t.Number == 0 ? throw new OperationCanceledException("a request timed out") : 1, trials: 2);
        Assert.Equal(
            (TrialState.Failed, "OperationCanceledException: a request timed out"),
            (study.Trials[0].State, study.Trials[0].Error));
        Assert.Equal(TrialState.Complete, study.Trials[1].State);
    }

    [Fact]
    public async Task Asynchronous_objectives_run_at_once()
    {
        using var study = Study.InMemory("study");
        var all = new TaskCompletionSource();
        int running = 0;
        await study.OptimizeAsync(
            async trial =>
            {
                if (Interlocked.Increment(ref running) == 3)
                {
                    all.SetResult();
                }

                await all.Task.WaitAsync(TimeSpan.FromMinutes(1));
                return trial.Number;
            },
            trials: 10,
            parallel: 3);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (double)i), study.Trials.Select(t => t.Value));
    }

    [Fact]
    public void Threads_share_a_study_in_a_file()
    {
        using var folder = new TemporaryFolder();
        using (var study = Study.Open(folder["study.db"], "study"))
        {
            using var all = new Barrier(3);
            study.Optimize(
                trial =>
                {
                    Assert.True(trial.Number > 2 || all.SignalAndWait(TimeSpan.FromMinutes(1)));
                    double x = trial.Uniform("x", 0, 1);
                    trial.Report(0, x);
                    return x;
                },
                trials: 60,
                parallel: 3);
        }

        using var reopened = Study.Open(folder["study.db"], "study");
        Assert.Equal(Enumerable.Range(0, 60), reopened.Trials.Select(t => t.Number));
        Assert.All(reopened.Trials, t => Assert.Equal((TrialState.Complete, t.Numbers["x"], 1), (t.State, t.Value, t.Attempt)));
    }

    [Fact]
    public void NaN_fails_the_trial()
    {
        using var study = Study.InMemory("study");
        study.Optimize(t => t.Number == 0 ? double.NaN : double.PositiveInfinity, trials: 2);
        Assert.Equal((TrialState.Failed, "the objective returned NaN."), (study.Trials[0].State, study.Trials[0].Error));
        Assert.Equal(1, study.Best!.Number);
        using var two = Study.InMemory("two", new StudyOptions { Goals = [Goal.Minimize, Goal.Minimize] });
        Assert.Throws<StudyException>(() => two.Optimize(_ => (IReadOnlyList<double>)[1, double.NaN], trials: 1));
        Assert.Equal("the objective returned NaN: 1, NaN.", two.Trials[0].Error);
        Assert.Empty(two.ParetoFront);
    }

    [Fact]
    public void An_objective_that_never_reports_runs_to_its_end_under_a_pruner()
    {
        using var study = Study.InMemory("study", pruner: new MedianPruner { StartUpTrials = 0 });
        study.Optimize(t => t.Number, trials: 4);
        Assert.All(study.Trials, t => Assert.Equal(TrialState.Complete, t.State));
        study.Optimize(t => t.ShouldPrune() ? 0 : 1, trials: 5);
        Assert.Equal(
            (
                TrialState.Failed,
                "StudyException: trial 4 has reported nothing that a pruner could judge; report a value first."),
            (study.Trials[4].State, study.Trials[4].Error));
    }

    [Fact]
    public void A_pruned_trial_has_its_last_report_or_nothing()
    {
        using var study = Study.InMemory("study", pruner: new MedianPruner { StartUpTrials = 1 });
        study.Optimize(
            trial =>
            {
                if (trial.Number == 2)
                {
                    throw new TrialPrunedException();
                }

                trial.ReportAndMaybePrune(0, trial.Number);
                return trial.Number;
            },
            trials: 3);
        Assert.Equal([TrialState.Complete, TrialState.Pruned, TrialState.Pruned], study.Trials.Select(t => t.State));
        Assert.Equal([1.0], study.Trials[1].Values);
        Assert.Empty(study.Trials[2].Values);
    }

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        using var study = Study.InMemory("study");
        Assert.Throws<ArgumentOutOfRangeException>(() => study.Optimize(_ => 1, trials: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => study.Optimize(_ => 1, trials: 1, parallel: 0));
        Assert.Throws<ArgumentException>(() => Study.InMemory("study", new StudyOptions { Lease = TimeSpan.Zero }));
        Assert.Throws<ArgumentException>(() => Study.InMemory("study", new StudyOptions { MaxLost = 0 }));
        Assert.Throws<ArgumentException>(() => Study.InMemory("study", new StudyOptions { Goals = [] }));
        Assert.Empty(study.Trials);
    }
}
