using System.Globalization;
using MlNetDl.Configuration;
using MlNetDl.Search.Pruners;
using MlNetDl.Search.Samplers;
using MlNetDl.Metrics;

namespace MlNetDl.Search;

/// <summary>Settings of a study.</summary>
public sealed record StudyOptions : ICheckedRecord
{
    private static readonly TimeSpan LongestLease = TimeSpan.FromDays(7);

    /// <summary>The goals, one for each objective; by default one objective that is minimised. The goal of a metric can
    /// be given as it is: <c>new Accuracy().Goal</c>.</summary>
    public ValueList<Goal> Goals { get; init; } = [Goal.Minimize];

    /// <summary>The sampler, which proposes parameters. TPE by default, because it takes any space, constraints, pruned
    /// trials and several objectives, and on most problems finds better trials than random search.</summary>
    public Sampler Sampler { get; init; } = new TpeSampler();

    /// <summary>The pruner, which stops trials that do badly; none by default, and none where there are several
    /// objectives.</summary>
    public TrialPruner Pruner { get; init; } = new NoPruner();

    /// <summary>The declared space; <see langword="null"/>, the default, lets the objective define it
    /// as it runs. A study that has trials may be opened with wider ranges, more options, and parameters that depend on new
    /// options.</summary>
    public SearchSpace? Space { get; init; }

    /// <summary>What messages call the study, such as the program's own name of it; the study's name by default.</summary>
    public string? Title { get; init; }

    /// <summary>Name of the worker that runs trials, for people to read; machine and process by default.</summary>
    public string Worker { get; init; } = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>Length of a lease: the time for which a trial belongs to a worker that shows no sign of life. It is
    /// above 0, and a week at most. A minute by default: longer than any pause of a living process, and short against a
    /// training.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether leases of running trials are renewed in the background, three times in their duration. On by
    /// default; off where the caller renews by <see cref="Trial.Renew"/>.</summary>
    public bool RenewLeases { get; init; } = true;

    /// <summary>Number of workers that a trial may lose without progress before it fails; 1 or more, 3 by default. So a
    /// trial that kills its process does not run for ever. A checkpoint of a later step sets the count back to
    /// 0.</summary>
    [AtLeast(1)]
    public int MaxLost { get; init; } = 3;

    /// <inheritdoc/>
    public IEnumerable<RecordProblem> Problems()
    {
        if (Goals.Count == 0)
        {
            yield return new("goals", "is empty, but a study has at least one objective.");
        }

        if (Goals.Count > 1 && Pruner is not NoPruner)
        {
            yield return new("pruner", $"judges one objective, but the study has {Goals.Count}; take NoPruner.");
        }

        if (Lease <= TimeSpan.Zero || Lease > LongestLease)
        {
            yield return new(
                "lease",
                string.Create(CultureInfo.InvariantCulture,
                    $"must be above 0 and at most {LongestLease.TotalDays} days but is {Lease}."));
        }
    }
}
