using MlNetDl.Experiments.Search.Distributions;

namespace MlNetDl.Experiments.Search;

/// <summary>The parameters that all complete and pruned trials have in common, kept up to date trial by trial.</summary>
internal sealed class CommonParameters
{
    private IReadOnlyDictionary<string, Distribution>? last;
    private Dictionary<string, Distribution>? common;

    public IReadOnlyDictionary<string, Distribution> Parameters => common ?? Nothing;

    private static Dictionary<string, Distribution> Nothing { get; } = [];

    public void Add(TrialRecord finished)
    {
        // Trials with the same parameters share their layout: nothing to compare then.
        if (finished.State == TrialState.Failed || ReferenceEquals(last, finished.Distributions))
        {
            return;
        }

        last = finished.Distributions;
        common = common is null
            ? new(last)
            : new(common.Where(p => last.TryGetValue(p.Key, out var distribution) && distribution == p.Value));
    }
}
