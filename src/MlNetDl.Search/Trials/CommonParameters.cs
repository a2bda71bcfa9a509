using MlNetDl.Search.Distributions;

namespace MlNetDl.Search;

/// <summary>The parameters that all complete trials with parameters have in common, kept up to date trial by trial;
/// while none is complete, those of the pruned ones.</summary>
/// <remarks>A pruned trial may have ended before it asked for all its parameters, so that it does not say what
/// the others lack.</remarks>
internal sealed class CommonParameters
{
    private IReadOnlyDictionary<string, Distribution>? last;
    private Dictionary<string, Distribution>? common; // Replaced, never changed: copies share it.
    private bool isOfComplete;

    public IReadOnlyDictionary<string, Distribution> Parameters => common ?? Nothing;

    private static Dictionary<string, Distribution> Nothing { get; } = [];

    public CommonParameters Copy() => (CommonParameters)MemberwiseClone();

    public void Add(TrialRecord finished)
    {
        bool complete = finished.State == TrialState.Complete;
        if (!(complete || (finished.State == TrialState.Pruned && !isOfComplete)) || finished.Distributions.Count == 0)
        {
            return;
        }

        if (complete && !isOfComplete)
        {
            (isOfComplete, common, last) = (true, null, null);
        }

        // Trials with the same parameters share their layout, so there is nothing to compare.
        if (ReferenceEquals(last, finished.Distributions))
        {
            return;
        }

        last = finished.Distributions;
        common = common is null
            ? new(last)
            : new(common.Where(p => last.TryGetValue(p.Key, out var distribution) && distribution == p.Value));
    }
}
