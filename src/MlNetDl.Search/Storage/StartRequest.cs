using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Storage;

/// <summary>Who asks for a trial, and within which bounds.</summary>
/// <param name="Worker">Who: for people to read.</param>
/// <param name="Lease">How long the trial is theirs without renewal; above 0.</param>
public sealed record StartRequest(string Worker, TimeSpan Lease)
{
    /// <summary>The space that the asker searches, as it opened the study; <see langword="null"/>, the
    /// default, with define-by-run.</summary>
    public SearchSpace? Space { get; init; }

    /// <summary>Only trials with numbers below this are started or made: how many trials the study may have in total.
    /// No bound by default.</summary>
    public int Limit { get; init; } = int.MaxValue;

    /// <summary>How many attempts of one trial may be lost before it fails; 1 or more, 3 by default.</summary>
    public int MaxLost { get; init; } = 3;
}

/// <summary>A parameter's number in a trial.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Distribution">Its distribution.</param>
/// <param name="Number">The number; within the distribution.</param>
public sealed record Suggestion(string Name, Distribution Distribution, double Number);
