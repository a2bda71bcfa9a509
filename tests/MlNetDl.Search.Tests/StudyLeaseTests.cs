using MlNetDl.Search;
using MlNetDl.Search.Pruners;
using MlNetDl.Search.Storage;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests;

/// <summary>Leases as a study keeps, loses and leaves them.</summary>
public sealed class StudyLeaseTests : IDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private readonly TimerClock clock = new();
    private readonly MemoryStore store;

    public StudyLeaseTests() => store = new(clock);

    public void Dispose() => store.Dispose();

    [Fact]
    public void A_living_study_renews_until_it_is_disposed_of()
    {
        using var other = Open("other");
        using (var study = Open("mine"))
        {
            var trial = study.Ask();
            clock.Pass(Lease * 10);
            Assert.Null(other.TryAsk(1));
            Assert.False(trial.Stop.IsCancellationRequested);
        }

        clock.Pass(Lease * 0.99);
        Assert.Null(other.TryAsk(1));
        clock.Pass(Lease * 0.01);
        Assert.Equal((0, 2), other.TryAsk(1) is { } taken ? (taken.Number, taken.Lease.Attempt) : default);
    }

    [Fact]
    public void Without_renewal_the_caller_renews()
    {
        using Study mine = Open("mine", renew: false), other = Open("other");
        var trial = mine.Ask();
        for (int i = 0; i < 5; i++)
        {
            clock.Pass(Lease * 0.9);
            Assert.Null(other.TryAsk(1));
            trial.Renew();
        }

        clock.Pass(Lease);
        Assert.Equal(0, other.TryAsk(1)!.Number);
        Assert.Throws<LeaseLostException>(trial.Renew);
    }

    [Fact]
    public void A_finished_trial_is_renewed_no_more()
    {
        using var study = Open("mine");
        study.Tell(study.Ask(), 1);
        clock.Pass(Lease * 10);
        Assert.Equal(TrialState.Complete, study.Trials.Single().State);
        Assert.Empty(store.Events(study.Id));
    }

    [Fact]
    public void An_objective_that_was_paused_past_its_lease_is_told_to_stop_and_the_search_goes_on()
    {
        using Study mine = Open("mine"), other = Open("other");
        Trial? taken = null;
        mine.Optimize(
            trial =>
            {
                if (trial.Number == 0)
                {
                    clock.Pause(Lease * 2);
                    taken = other.Ask();
                    Assert.False(trial.Stop.IsCancellationRequested);
                    clock.Pass(TimeSpan.Zero);
                    Assert.True(trial.Stop.IsCancellationRequested);
                    trial.Stop.ThrowIfCancellationRequested();
                }
                else if (trial.Number == 2)
                {
                    other.Tell(taken!, 42);
                }

                return trial.Number;
            },
            trials: 3);
        Assert.Equal([42.0, 1, 2], mine.Trials.Select(t => t.Value));
        Assert.Equal(["other", "mine", "mine"], mine.Trials.Select(t => t.Worker));
        Assert.Equal([2, 1, 1], mine.Trials.Select(t => t.Attempt));
    }

    [Fact]
    public void A_result_that_comes_after_the_trial_was_taken_over_is_dropped()
    {
        using Study mine = Open("mine"), other = Open("other");
        mine.Optimize(
            trial =>
            {
                if (trial.Number == 0)
                {
                    clock.Pause(Lease * 2);
                    other.Tell(other.Ask(), 42);
                }

                return trial.Number;
            },
            trials: 2);
        Assert.Equal([42.0, 1], mine.Trials.Select(t => t.Value));
    }

    [Fact]
    public void A_trial_that_was_given_up_stops_and_the_search_goes_on()
    {
        using Study mine = Open("mine", maxLost: 1), other = Open("other", maxLost: 1);
        mine.Optimize(
            trial =>
            {
                if (trial.Number == 0)
                {
                    clock.Pause(Lease * 2);
                    other.Tell(other.Ask(), 42);
                    Assert.False(trial.Stop.IsCancellationRequested);
                    clock.Pass(TimeSpan.Zero);
                    Assert.True(trial.Stop.IsCancellationRequested);
                }

                return trial.Number;
            },
            trials: 3);
        Assert.Equal([TrialState.Failed, TrialState.Complete, TrialState.Complete], mine.Trials.Select(t => t.State));
        Assert.Equal(["mine", "other", "mine"], mine.Trials.Select(t => t.Worker));
    }

    [Fact]
    public void Settings_that_no_timer_or_pruner_can_keep_are_refused()
    {
        Assert.Contains(
            "at most 7 days but is 180.00:00:00",
            Assert.Throws<ArgumentException>(
                () => Study.Open(store, "long", new() { Lease = TimeSpan.FromDays(180) })).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "options.pruner judges one objective, but the study has 2",
            Assert.Throws<ArgumentException>(() => Study.Open(
                store, "two", new() { Goals = [Goal.Minimize, Goal.Maximize], Pruner = new MedianPruner() })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_that_slept_past_its_leases_does_not_take_its_own_trials_over()
    {
        using var study = Open("mine");
        var trial = study.Ask();
        clock.Pause(Lease * 2);
        Assert.Null(study.TryAsk(1));
        Assert.False(trial.Stop.IsCancellationRequested);
        study.Tell(trial, 1);
        Assert.Equal((1, TrialState.Complete), (study.Trials.Single().Attempt, study.Trials[0].State));
    }

    [Fact]
    public void A_trial_that_its_own_study_takes_over_is_told_to_stop()
    {
        using var study = Open("mine", renew: false);
        var trial = study.Ask();
        clock.Pass(Lease * 2);
        var again = study.Ask();
        Assert.Equal((0, 2), (again.Number, again.Lease.Attempt));
        Assert.True(trial.Stop.IsCancellationRequested);
        Assert.False(again.Stop.IsCancellationRequested);
        Assert.Throws<LeaseLostException>(() => study.Tell(trial, 1));
        study.Tell(again, 2);
    }

    [Fact]
    public void A_search_that_ends_stops_its_own_trials_only()
    {
        using var study = Open("mine");
        using var stop = new CancellationTokenSource();
        var other = study.Ask();
        Assert.Throws<OperationCanceledException>(() => study.Optimize(
            trial =>
            {
                stop.Cancel();
                trial.Stop.ThrowIfCancellationRequested();
                return 0;
            },
            stop: stop.Token));
        Assert.Equal([TrialState.Running, TrialState.Waiting], study.Trials.Select(t => t.State));
        Assert.False(other.Stop.IsCancellationRequested);
    }

    [Fact]
    public void What_throws_when_a_trial_is_asked_to_stop_is_noted_and_ends_nothing()
    {
        using var study = Open("mine");
        study.Optimize(
            trial =>
            {
                trial.Stop.Register(() => throw new InvalidOperationException("no brakes"));
                clock.Pass(Lease);
                trial.Stop.ThrowIfCancellationRequested();
                return 0;
            },
            timeout: Lease / 2);
        Assert.Equal(TrialState.Waiting, study.Trials.Single().State);
        Assert.True(SpinWait.SpinUntil(() => store.Events(study.Id).Any(e => e.Kind == "stop"), TimeSpan.FromMinutes(1)));
        Assert.Contains("no brakes", store.Events(study.Id).Single(e => e.Kind == "stop").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trial_that_goes_on_from_a_checkpoint_is_pruned_as_if_it_had_never_stopped()
    {
        using Study mine = Open("mine", renew: false), other = Open("other");
        var first = mine.Ask();
        for (int step = 1; step <= 8; step++)
        {
            first.Report(step, 1);
        }

        mine.Tell(first, 1);
        var lost = mine.Ask();
        for (int step = 1; step <= 4; step++)
        {
            lost.ReportAndMaybePrune(step, 0.5);
        }

        lost.SaveCheckpoint("4");
        lost.Report(5, 0.5);
        clock.Pass(Lease);
        var goesOn = other.Ask();
        Assert.Equal((1, "4", 4), (goesOn.Number, goesOn.Checkpoint, goesOn.Record.Reports.Count));

        // Worse than the first trial, but between two rungs; at the next it is judged.
        goesOn.ReportAndMaybePrune(5, 2);
        goesOn.Report(8, 2);
        Assert.True(goesOn.ShouldPrune());
        other.TellPruned(goesOn);
        Assert.Equal([1L, 2, 3, 4, 5, 8], other.Trials[1].Reports.Select(r => r.Step));
    }

    private Study Open(string worker, bool renew = true, int maxLost = 3) => Study.Open(
        store,
        "study",
        new()
        {
            Worker = worker,
            Lease = Lease,
            RenewLeases = renew,
            MaxLost = maxLost,
            Pruner = new SuccessiveHalvingPruner { MinResource = 1, ReductionFactor = 2 },
        });
}
