using MlNetDl.Search.Distributions;

namespace MlNetDl.Search;

/// <summary>Something about a study that cannot be: a trial told twice, a changed space, a store that cannot be used.
/// The message says where, what was expected, what came, and what to do.</summary>
public class StudyException : InvalidOperationException
{
    /// <summary>An error.</summary>
    public StudyException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>The search space differs from the one that the study's trials have, and does not contain it; or another program
/// has widened the space meanwhile, and this one asks for trials in the narrower one.</summary>
public sealed class SpaceChangedException : StudyException
{
    /// <summary>An error.</summary>
    public SpaceChangedException(string message)
        : base(message)
    {
    }

    internal static SpaceChangedException For(string study, string parameter, Distribution before, Distribution now) =>
        new($"study '{study}' has parameter '{parameter}' as {before} but is now asked for {now}; a study with trials "
            + "keeps its space, or widens it when it is opened again. Name the parameter or the study differently.");

    internal static SpaceChangedException For(string study, SearchSpace? before, SearchSpace? now) =>
        new($"study '{study}' is searched in another space: "
            + $"{string.Join("; ", (before ?? new()).Differences(now ?? new()))}. A study with trials may get wider ranges and more "
            + "options, nothing else. Name the study differently, or go on with its space.");
}

/// <summary>A sampler cannot search such a study: it needs a declared space, or takes one objective only. Ends
/// <see cref="Study"/>'s loops, as every trial would fail alike; the trial waits for a sampler that can.</summary>
public sealed class SamplerException : StudyException
{
    /// <summary>An error.</summary>
    public SamplerException(string message)
        : base(message)
    {
    }
}

/// <summary>The store cannot be read or written: locked, read-only, corrupt, of a newer version, no space left. Ends
/// <see cref="Study"/>'s loops; what was recorded stays.</summary>
public sealed class StudyStoreException : StudyException
{
    /// <summary>An error.</summary>
    public StudyStoreException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>A write came too late: another worker has taken the trial over as a new attempt.
/// Nothing was written.</summary>
public sealed class LeaseLostException : StudyException
{
    /// <summary>An error.</summary>
    public LeaseLostException(string message)
        : base(message)
    {
    }
}

/// <summary>Thrown by an objective to say that its trial is pruned, such as <see cref="Trial.ReportAndMaybePrune"/>
/// does.</summary>
public sealed class TrialPrunedException : Exception
{
    /// <summary>A trial is pruned.</summary>
    public TrialPrunedException(string message = "The trial is pruned.")
        : base(message)
    {
    }
}
