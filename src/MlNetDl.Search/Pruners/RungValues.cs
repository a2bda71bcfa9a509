using MlNetDl.Metrics;

namespace MlNetDl.Search.Pruners;

/// <summary>The rungs of successive halving: which values stood at the steps r, r·η, r·η², … Values are kept as
/// losses: smaller is better.</summary>
/// <param name="first">The step of the first rung.</param>
/// <param name="factor">From one rung's step to the next.</param>
/// <param name="goal">Which values are better.</param>
/// <param name="competes">Which trials are compared.</param>
internal sealed class RungValues(long first, int factor, Goal goal, Func<TrialRecord, bool> competes)
{
    private readonly List<List<double>> sorted = [];
    private int read;

    /// <summary>Whether the latest report of a trial takes it to a rung at which it is not among the best.</summary>
    public bool Stops(History history, TrialRecord trial)
    {
        for (; read < history.Finished.Count; read++)
        {
            Add(history.Finished[read]);
        }

        var reports = trial.Reports;
        long before = reports.Count > 1 ? reports[^2].Step : -1;
        int rung = 0;
        for (long at = first; at <= reports[^1].Step; rung++)
        {
            // Rungs that earlier reports reached were decided then.
            if (at > before && !IsPromoted(history, trial, rung, at, goal.Loss(reports[^1].Value)))
            {
                return true;
            }

            if (!TryNext(ref at))
            {
                break;
            }
        }

        return false;
    }

    // Asynchronous promotion: among the best N / η of all that reached the rung so far, this trial included;
    // the best one always.
    private bool IsPromoted(History history, TrialRecord trial, int rung, long at, double value)
    {
        if (double.IsNaN(value))
        {
            return false;
        }

        var finished = rung < sorted.Count ? sorted[rung] : [];
        int better = CountBelow(finished, value), reached = finished.Count + 1;
        foreach (var other in history.Running)
        {
            if (other.Number != trial.Number && competes(other) && ValueAt(other.Reports, at) is { } its && !double.IsNaN(its))
            {
                reached++;
                better += its < value ? 1 : 0;
            }
        }

        return better < Math.Max(1, reached / factor);
    }

    private void Add(TrialRecord trial)
    {
        if (trial.Reports.Count == 0 || !competes(trial))
        {
            return;
        }

        long at = first;
        for (int rung = 0; ValueAt(trial.Reports, at) is { } value; rung++)
        {
            if (rung == sorted.Count)
            {
                sorted.Add([]);
            }

            if (!double.IsNaN(value))
            {
                sorted[rung].Insert(CountBelow(sorted[rung], value), value);
            }

            if (!TryNext(ref at))
            {
                break;
            }
        }
    }

    // The trial was judged by its first report at the rung or after it.
    private double? ValueAt(IReadOnlyList<Report> reports, long at)
    {
        int from = 0, to = reports.Count;
        while (from < to)
        {
            int middle = (from + to) / 2;
            (from, to) = reports[middle].Step < at ? (middle + 1, to) : (from, middle);
        }

        return from < reports.Count ? goal.Loss(reports[from].Value) : null;
    }

    private bool TryNext(ref long at)
    {
        bool fits = at <= long.MaxValue / factor;
        at = fits ? at * factor : at;
        return fits;
    }

    private static int CountBelow(List<double> ascending, double value)
    {
        int from = 0, to = ascending.Count;
        while (from < to)
        {
            int middle = (from + to) / 2;
            (from, to) = ascending[middle] < value ? (middle + 1, to) : (from, middle);
        }

        return from;
    }
}
