using MlNetDl.Experiments.Search;
using MlNetDl.Experiments.Search.Storage;

namespace MlNetDl.Experiments.Tests.Search;

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

    private Study Open(string worker, bool renew = true) => Study.Open(store, "study", new() { Worker = worker, Lease = Lease, RenewLeases = renew });
}
