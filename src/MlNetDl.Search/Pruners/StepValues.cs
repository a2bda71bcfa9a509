namespace MlNetDl.Search.Pruners;

/// <summary>The reports of all complete trials, sorted at each step: the common memory of pruners that compare a trial with the others at
/// the same step.</summary>
internal sealed class StepValues
{
    private static readonly object Owner = new();
    private readonly Dictionary<long, List<double>> sorted = [];
    private int read;

    /// <summary>How many trials are complete.</summary>
    public int Complete { get; private set; }

    /// <summary>The values of a study, read up to now.</summary>
    public static StepValues Of(History history)
    {
        var values = history.Cache(Owner, () => new StepValues());
        for (; values.read < history.Finished.Count; values.read++)
        {
            if (history.Finished[values.read] is { State: TrialState.Complete } trial)
            {
                values.Add(trial);
            }
        }

        return values;
    }

    /// <summary>The values at a step, ascending, without NaN.</summary>
    public IReadOnlyList<double> At(long step) => sorted.GetValueOrDefault(step) ?? [];

    /// <summary>A percentile of sorted values, linear between neighbours (as numpy's default).</summary>
    public static double Percentile(IReadOnlyList<double> ascending, double percent)
    {
        double at = percent / 100 * (ascending.Count - 1);
        int below = (int)Math.Floor(at);
        double share = at - below;
        return share == 0 ? ascending[below] : ascending[below] + (share * (ascending[below + 1] - ascending[below]));
    }

    private void Add(TrialRecord trial)
    {
        Complete++;
        foreach (var report in trial.Reports)
        {
            if (!double.IsNaN(report.Value))
            {
                if (!sorted.TryGetValue(report.Step, out var values))
                {
                    sorted.Add(report.Step, values = []);
                }

                int at = values.BinarySearch(report.Value);
                values.Insert(at < 0 ? ~at : at, report.Value);
            }
        }
    }
}
