using MlNetDl.Metrics;

namespace MlNetDl.Search.Pruners;

/// <summary>The reports of all complete trials as losses, sorted at each step: the common memory of pruners that
/// compare a trial with the others at the same step.</summary>
internal sealed class StepLosses
{
    private static readonly object Owner = new();
    private readonly Dictionary<long, List<double>> sorted = [];
    private int read;

    /// <summary>How many trials are complete.</summary>
    public int Complete { get; private set; }

    /// <summary>The losses of a study, read up to now.</summary>
    public static StepLosses Of(History history)
    {
        var losses = history.Cache(Owner, () => new StepLosses());
        for (; losses.read < history.Finished.Count; losses.read++)
        {
            if (history.Finished[losses.read] is { State: TrialState.Complete } trial)
            {
                losses.Add(trial, history.Goals[0]);
            }
        }

        return losses;
    }

    /// <summary>The losses at a step, ascending, without NaN.</summary>
    public IReadOnlyList<double> At(long step) => sorted.GetValueOrDefault(step) ?? [];

    private void Add(TrialRecord trial, Goal goal)
    {
        Complete++;
        foreach (var report in trial.Reports)
        {
            if (!double.IsNaN(report.Value))
            {
                if (!sorted.TryGetValue(report.Step, out var losses))
                {
                    sorted.Add(report.Step, losses = []);
                }

                double loss = goal.Loss(report.Value);
                int at = losses.BinarySearch(loss);
                losses.Insert(at < 0 ? ~at : at, loss);
            }
        }
    }
}
