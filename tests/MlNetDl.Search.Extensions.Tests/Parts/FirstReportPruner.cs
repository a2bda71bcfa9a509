using MlNetDl.Metrics;
using MlNetDl.Search.Pruners;

namespace MlNetDl.Search.Extensions.Tests.Parts;

/// <summary>Stops a trial that is not better than it was at its first report: it does not learn.</summary>
public sealed record FirstReportPruner : TrialPruner
{
    /// <summary>How many reports a trial has before it is judged; 2 or more, 5 by default.</summary>
    [Configuration.AtLeast(2)]
    public int Reports { get; init; } = 5;

    /// <inheritdoc/>
    public override bool ShouldPrune(History history, TrialRecord trial) => trial.Reports.Count >= Reports
        && !trial.Reports.Skip(1).Any(r => history.Goals[0].IsBetter(r.Value, trial.Reports[0].Value));
}
