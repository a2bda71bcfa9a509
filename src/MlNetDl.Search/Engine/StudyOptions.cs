using System.Globalization;
using MlNetDl.Configuration;
using MlNetDl.Search.Pruners;
using MlNetDl.Search.Samplers;
using MlNetDl.Metrics;

namespace MlNetDl.Search;

/// <summary>How a study is searched.</summary>
public sealed record StudyOptions : ICheckedRecord
{
    private static readonly TimeSpan LongestLease = TimeSpan.FromDays(7);

    /// <summary>Which values are better, one for each objective; one to minimise by default. The goal of a metric can
    /// be given as it is: <c>new Accuracy().Goal</c>.</summary>
    public ValueList<Goal> Goals { get; init; } = [Goal.Minimize];

    /// <summary>Proposes parameters. TPE by default: it takes any space, constraints, pruned trials and several
    /// objectives, and on most problems finds better trials than random search.</summary>
    public Sampler Sampler { get; init; } = new TpeSampler();

    /// <summary>Stops trials that do badly; none by default, and none where there are several objectives.</summary>
    public TrialPruner Pruner { get; init; } = new NoPruner();

    /// <summary>The declared space; <see langword="null"/>, the default, lets the objective define it
    /// as it runs. A study that has trials may be opened with wider ranges, more options, and parameters that depend on new
    /// options.</summary>
    public SearchSpace? Space { get; init; }

    /// <summary>Who runs trials, for people to read; machine and process by default.</summary>
    public string Worker { get; init; } = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>How long a trial stays a worker's without a sign of life; above 0, a week at most. A minute by default:
    /// longer than any pause of a living process, short against a training.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether leases of running trials are renewed in the background, three times in their duration. On by
    /// default; off where the caller renews by <see cref="Trial.Renew"/>.</summary>
    public bool RenewLeases { get; init; } = true;

    /// <summary>How many workers a trial may lose without getting on before it fails; 1 or more. 3 by
    /// default: a trial that kills its process is not run for ever. A checkpoint of a later step forgives
    /// what was lost before.</summary>
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
