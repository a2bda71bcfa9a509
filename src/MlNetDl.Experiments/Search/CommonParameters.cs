using MlNetDl.Experiments.Search.Distributions;

namespace MlNetDl.Experiments.Search;

/// <summary>The parameters that all complete and pruned trials with parameters have in common, kept up to date trial by trial.</summary>
internal sealed class CommonParameters
{
    private IReadOnlyDictionary<string, Distribution>? last;
    private Dictionary<string, Distribution>? common; // Replaced, never changed: copies share it.

    public IReadOnlyDictionary<string, Distribution> Parameters => common ?? Nothing;

    private static Dictionary<string, Distribution> Nothing { get; } = [];

    public CommonParameters Copy() => (CommonParameters)MemberwiseClone();

    public void Add(TrialRecord finished)
    {
        // Trials with the same parameters share their layout: nothing to compare then.
        // One that was pruned before it asked for any says nothing about the space.
        if (finished.State == TrialState.Failed || finished.Distributions.Count == 0 || ReferenceEquals(last, finished.Distributions))
        {
            return;
        }

        last = finished.Distributions;
        common = common is null
            ? new(last)
            : new(common.Where(p => last.TryGetValue(p.Key, out var distribution) && distribution == p.Value));
    }
}
