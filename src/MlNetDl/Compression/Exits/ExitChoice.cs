using System.Globalization;
using MlNetDl.Layers;

namespace MlNetDl.Compression;

/// <summary>Chooses thresholds of exits.</summary>
internal static class ExitChoice
{
    // A step lets half a percent of the rows leave.
    private const int Steps = 200;

    /// <summary>The thresholds, one an exit; <see langword="null"/> where no row leaves.</summary>
    /// <exception cref="ArgumentException">The cost cannot be reached.</exception>
    public static IReadOnlyList<double?> Of(ExitedRows rows, ExitThreshold wanted) =>
        wanted.Cost is { } cost ? ByCost(rows, cost) : ByAccuracy(rows, wanted.MaxDrop);

    private static double?[] ByAccuracy(ExitedRows rows, double maxDrop)
    {
        // A little slack, so that a bound of exactly so many rows is not lost by rounding.
        double least = ((rows.AccuracyWithout - maxDrop) * rows.Count) - 1e-6;
        var best = new double?[rows.Exits.Count];
        double cost = rows.Outcome(best).Macs;
        Walk(Common(rows), (t, _) => Array.ConvertAll(best, _ => t));
        for (int exit = rows.Exits.Count - 1; exit >= 0; exit--)
        {
            int own = exit;
            Walk(Candidates(rows, [own]).Where(c => best[own] is not { } now || IsLaxer(rows, c, now)), (t, from) =>
            {
                var next = (double?[])from.Clone();
                next[own] = t;
                return next;
            });
        }

        return best;

        void Walk(IEnumerable<double?> thresholds, Func<double?, double?[], double?[]> with)
        {
            foreach (var threshold in thresholds)
            {
                var next = with(threshold, best);
                var (right, macs) = rows.Outcome(next);
                if (right < least)
                {
                    return;
                }

                if (macs < cost)
                {
                    (best, cost) = (next, macs);
                }
            }
        }
    }

    private static double?[] ByCost(ExitedRows rows, double share)
    {
        double most = share * rows.MacsWithout;
        double least = double.PositiveInfinity;
        foreach (var threshold in Common(rows).Prepend(null).Append(rows.Exits[0].Leaf.By == ExitRule.Entropy ? 1 : 0))
        {
            var all = rows.Exits.Select(_ => threshold).ToArray();
            double macs = rows.Outcome(all).Macs;
            if (macs <= most)
            {
                return all;
            }

            least = Math.Min(least, macs);
        }

        throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
            $"exitThreshold.cost is {share:0.###}, but even with the laxest thresholds a row takes {least / rows.MacsWithout:0.###} of the multiply–adds "
                + $"without exits; place an exit earlier, or allow more."));
    }

    private static IEnumerable<double?> Common(ExitedRows rows) => Candidates(rows, Enumerable.Range(0, rows.Exits.Count));

    // From strict to lax, between the figures of two rows, so that no row stands at the threshold itself.
    private static List<double?> Candidates(ExitedRows rows, IEnumerable<int> exits)
    {
        bool isEntropy = rows.Exits[0].Leaf.By == ExitRule.Entropy;
        var figures = exits.SelectMany(e => rows.Exits[e].Figures).Where(f => !float.IsNaN(f)).Order().ToList();
        if (!isEntropy)
        {
            figures.Reverse();
        }

        var found = new List<double?>();
        for (int step = 1; step < Steps; step++)
        {
            int at = (int)((long)figures.Count * step / Steps);
            if (at > 0 && figures[at] != figures[at - 1])
            {
                double middle = Math.Clamp(((double)figures[at] + figures[at - 1]) / 2, 0, 1);
                found.Add((float)middle);
            }
        }

        return [.. found.Distinct()];
    }

    private static bool IsLaxer(ExitedRows rows, double? threshold, double now) =>
        rows.Exits[0].Leaf.By == ExitRule.Entropy ? threshold > now : threshold < now;
}
