using MlNetDl.Search;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Experiments;

/// <summary>How trials go on from each other in population-based training.</summary>
internal static class TrialLineage
{
    // A parent is one of the three generations before, and so less than four generations of trials away.
    private const int Generations = 4;

    /// <summary>Whether the trials of a sweep go on from each other.</summary>
    public static bool IsIn(Sweep sweep) => sweep.Search.Sampler is PopulationBasedSampler;

    /// <summary>The trial that another one goes on from; <see langword="null"/> where it begins anew.</summary>
    public static int? ParentOf(Sweep sweep, TrialRecord trial) => IsIn(sweep) ? PopulationBasedSampler.ParentOf(trial) : null;

    /// <summary>The checkpoint that a trial goes on from; <see langword="null"/> where it begins anew.</summary>
    public static string? StartOf(Sweep sweep, TrialRecord trial)
    {
        if (ParentOf(sweep, trial) is not { } number)
        {
            return null;
        }

        var parent = sweep.Study.Trials[number];
        var folders = Enumerable.Range(1, parent.Attempt).Reverse().Select(n => sweep.AttemptFolder(number, n))
            .Where(f => File.Exists(Path.Combine(f, "result.json"))).Select(f => Path.Combine(f, SeedRun.Checkpoint)).ToList();
        return folders.FirstOrDefault(File.Exists)
            // The training itself says that it is not there, unless it has one of its own already.
            ?? Path.Combine(sweep.AttemptFolder(number, Math.Max(1, parent.Attempt)), SeedRun.Checkpoint);
    }

    /// <summary>The epochs that were trained before a trial by those that it goes on from.</summary>
    public static long EpochsBefore(Sweep sweep, TrialRecord trial) => !IsIn(sweep)
        ? 0
        : (PopulationBasedSampler.Lineage(sweep.Study.History, trial).Count - 1L) * sweep.Experiment.Training.Epochs;

    /// <summary>The parts of the training that led to a trial, itself the last; <see langword="null"/> where trials do not go
    /// on from each other.</summary>
    public static IReadOnlyList<LineagePart>? Of(Sweep sweep, TrialRecord trial) => !IsIn(sweep)
        ? null
        : [.. PopulationBasedSampler.Lineage(sweep.Study.History, trial).Select((t, i) => new LineagePart(
            t.Number,
            (i + 1) * sweep.Experiment.Training.Epochs,
            SweepResult.Values(sweep, t),
            sweep.Trials.Parameters(t.Numbers)))];

    /// <summary>The trials whose checkpoints others may go on from: the complete ones of the last four generations, and the
    /// parents of those that have not ended.</summary>
    public static HashSet<int> Parents(Sweep sweep)
    {
        if (sweep.Search.Sampler is not PopulationBasedSampler population)
        {
            return [];
        }

        var trials = sweep.Study.Trials;
        // Those that wait in the queue have numbers ahead of the search.
        int latest = trials.LastOrDefault(t => t.Attempt > 0)?.Number ?? 0;
        return [
            .. trials.Skip(latest + 1 - (Generations * population.PopulationSize)).Where(t => t.State == TrialState.Complete).Select(t => t.Number),
            .. trials.Where(t => !t.IsFinished && t.Numbers.TryGetValue(PopulationBasedSampler.ParentDistance, out double distance)
                && distance > 0 && distance <= t.Number).Select(t => PopulationBasedSampler.ParentOf(t)!.Value),
        ];
    }
}
