using MlNetDl.Configuration;

namespace MlNetDl.Search.Pruners;

/// <summary>Decides whether a trial that does badly is stopped early. A record of pure data, like samplers.</summary>
public abstract record TrialPruner : ICheckedRecord
{
    /// <summary>Whether to stop a trial after its latest report.</summary>
    /// <param name="history">The study so far.</param>
    /// <param name="trial">The running trial; it has at least one report.</param>
    public abstract bool ShouldPrune(History history, TrialRecord trial);

    /// <summary>Problems beside the ranges of its members: broken rules between them. None by default.</summary>
    public virtual IEnumerable<RecordProblem> Problems() => [];

    /// <summary>Whether a trial is to be looked at after its latest report: it is the first in an interval of steps,
    /// counted from the warm-up.</summary>
    /// <param name="reports">The trial's reports; one or more.</param>
    /// <param name="warmUp">The first step at which trials are looked at.</param>
    /// <param name="interval">Steps between two looks; 1 or more.</param>
    protected static bool IsFirstInInterval(IReadOnlyList<Report> reports, long warmUp, long interval)
    {
        long begin = ((reports[^1].Step - warmUp) / interval * interval) + warmUp;
        return reports.Count < 2 || reports[^2].Step < begin;
    }
}
