namespace MlNetDl.Search.Pruners;

/// <summary>Up to which steps complete trials reported, kept up to date trial by trial.</summary>
internal sealed class CompleteLengths
{
    private static readonly object Owner = new();
    private int read;

    /// <summary>The last step of the trial that was complete first, and so does not change; <see langword="null"/>
    /// before.</summary>
    public long? First { get; private set; }

    /// <summary>The largest last step of all; <see langword="null"/> before the first.</summary>
    public long? Longest { get; private set; }

    /// <summary>Those of a study, read up to now.</summary>
    public static CompleteLengths Of(History history)
    {
        var lengths = history.Cache(Owner, () => new CompleteLengths());
        for (; lengths.read < history.Finished.Count; lengths.read++)
        {
            if (history.Finished[lengths.read] is { State: TrialState.Complete, Reports: { Count: > 0 } reports })
            {
                lengths.First ??= reports[^1].Step;
                lengths.Longest = Math.Max(lengths.Longest ?? 0, reports[^1].Step);
            }
        }

        return lengths;
    }
}
