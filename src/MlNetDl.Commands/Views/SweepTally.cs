using MlNetDl.Experiments;
using MlNetDl.Metrics;
using MlNetDl.Search;

namespace MlNetDl.Commands.Views;

/// <summary>What a sweep has reached: counts, the best, and about how long the rest takes.</summary>
internal sealed class SweepTally
{
    private readonly SearchOptions search;
    private readonly TimeProvider clock;
    private readonly DateTimeOffset start;
    private readonly List<TrialRecord> front = [];
    private readonly List<double> seconds = [], complete = [];
    private int finalLeft;
    private bool inFinal;

    /// <summary>A sweep that begins, or goes on.</summary>
    /// <param name="search">What it searches.</param>
    /// <param name="finished">The trials that have ended before.</param>
    /// <param name="clock">The time.</param>
    public SweepTally(SearchOptions search, IReadOnlyList<TrialRecord> finished, TimeProvider clock)
    {
        (this.search, this.clock, start) = (search, clock, clock.GetUtcNow());
        foreach (var trial in finished)
        {
            Ended(trial);
        }
    }

    /// <summary>Trials with a value.</summary>
    public int Complete => complete.Count;

    /// <summary>Trials that a pruner or a constraint has ended.</summary>
    public int Pruned { get; private set; }

    /// <summary>Trials that failed.</summary>
    public int Failed { get; private set; }

    /// <summary>All trials that have ended.</summary>
    public int Finished => seconds.Count;

    /// <summary>The trials that no other beats: one of a single objective.</summary>
    public IReadOnlyList<TrialRecord> Front => front;

    /// <summary>How many trainings of the final round are left; <see langword="null"/> before that.</summary>
    public int? FinalLeft => inFinal ? finalLeft : null;

    /// <summary>Counts a trial that has ended.</summary>
    public void Ended(TrialRecord trial)
    {
        double time = trial is { Started: { } from, Finished: { } to } ? Math.Max(0, (to - from).TotalSeconds) : 0;
        seconds.Add(time);
        switch (trial.State)
        {
            case TrialState.Complete:
                complete.Add(time);
                Rank(trial);
                break;
            case TrialState.Pruned:
                Pruned++;
                break;
            default:
                Failed++;
                break;
        }
    }

    /// <summary>The final round begins.</summary>
    public void BeginFinal(int trainings) => (inFinal, finalLeft) = (true, trainings);

    /// <summary>A training of the final round has ended.</summary>
    public void FinalEnded() => finalLeft--;

    /// <summary>About how long the rest takes: what is left of the trials at the mean time of those that have ended, shared
    /// among the workers, and no longer than the search may take. <see langword="null"/> before the first has
    /// ended.</summary>
    /// <param name="workers">What the workers do.</param>
    public TimeSpan? Left(IReadOnlyList<WorkerProgress> workers)
    {
        var now = clock.GetUtcNow();
        var times = inFinal ? complete : seconds;
        int trials = inFinal ? finalLeft : Math.Max(0, search.MaxTrials - Finished);
        TimeSpan? bound = !inFinal && search.MaxTime is { } all ? Max(TimeSpan.Zero, all.Time - (now - start)) : null;
        if (times.Count == 0)
        {
            return bound;
        }

        double mean = times.Average();
        // No trial is done sooner than its own time.
        double done = workers.Sum(w => w.Record?.Started is { } since ? Math.Clamp((now - since).TotalSeconds, 0, mean) : 0);
        int sharing = Math.Clamp(search.Workers, 1, Math.Max(1, trials));
        double left = Math.Min(Math.Max(0, (mean * trials) - done) / sharing, TimeSpan.FromDays(3650).TotalSeconds);
        return bound is { } most && most.TotalSeconds < left ? most : TimeSpan.FromSeconds(left);
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    // One of equal values that came first stays the best, as the study has it. A front keeps both.
    private void Rank(TrialRecord trial)
    {
        if (!trial.IsFeasible || front.Any(f => Covers(f, trial) && (search.Objective.Count == 1 || !Covers(trial, f))))
        {
            return;
        }

        front.RemoveAll(f => Covers(trial, f) && !Covers(f, trial));
        front.Add(trial);
    }

    private bool Covers(TrialRecord a, TrialRecord b) =>
        search.Objective.Select((o, i) => o.Goal.Loss(a.Values[i]) <= o.Goal.Loss(b.Values[i])).All(notWorse => notWorse);
}
