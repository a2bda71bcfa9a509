using MlNetDl.Search;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Experiments;

/// <summary>How trials go on from each other in population-based training.</summary>
internal static class TrialLineage
{
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
        : (PopulationBasedSampler.Lineage(sweep.Study.History, trial).Count - 1L) * PartEpochs(sweep);

    /// <summary>The parts of the training that led to a trial, itself the last; <see langword="null"/> where trials do not go
    /// on from each other.</summary>
    public static IReadOnlyList<LineagePart>? Of(Sweep sweep, TrialRecord trial) => !IsIn(sweep)
        ? null
        : [.. PopulationBasedSampler.Lineage(sweep.Study.History, trial).Select((t, i) => new LineagePart(
            t.Number,
            (i + 1) * PartEpochs(sweep),
            SweepResult.Values(sweep, t),
            sweep.Trials.Parameters(t.Numbers)))];

    // The rules of a population ask for them.
    private static int PartEpochs(Sweep sweep) => sweep.Experiment.Training.Epochs!.Value;

    /// <summary>The trials whose checkpoints others may go on from.</summary>
    public static ParentTrials Parents(Sweep sweep)
    {
        if (sweep.Search.Sampler is not PopulationBasedSampler population)
        {
            return new(int.MaxValue, new HashSet<int>());
        }

        var trials = sweep.Study.Trials;
        // Those that wait in the queue have numbers ahead of the search. One that has begun may still choose its parent.
        int next = trials.FirstOrDefault(t => t.Attempt > 0 && !t.IsFinished && !t.Numbers.ContainsKey(PopulationBasedSampler.ParentDistance))?.Number
            ?? (trials.LastOrDefault(t => t.Attempt > 0)?.Number + 1 ?? 0);
        int first = (int)Math.Max(0, next - population.KeptTrials);
        var parents = trials.Skip(first).Where(t => t.State == TrialState.Complete).Select(t => t.Number).ToHashSet();
        foreach (var trial in trials.Where(t => !t.IsFinished))
        {
            if (PopulationBasedSampler.TryParentOf(trial, out int parent))
            {
                parents.Add(parent);
            }
        }

        return new(first, parents);
    }
}

/// <summary>The trials whose checkpoints others may go on from.</summary>
/// <param name="First">The first trial that one that is yet to begin may go on from.</param>
/// <param name="Numbers">The complete ones from there on, and the parents of trials that have not ended.</param>
internal sealed record ParentTrials(int First, IReadOnlySet<int> Numbers);
