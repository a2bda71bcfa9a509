using MlNetDl.Metrics;

namespace MlNetDl.Search.Analysis;

/// <summary>The volume of what a set of points beats, up to a reference point: one number for how good a front is
/// (Zitzler and Thiele 1998). Exact for any number of objectives.</summary>
/// <remarks>Two objectives: a sweep, O(n log n). More: WFG (While, Bradstreet and Barone 2012, "A fast way of
/// calculating exact hypervolumes"), exponential in the number of objectives only at worst.</remarks>
public static class Hypervolume
{
    /// <summary>The hypervolume of points.</summary>
    /// <param name="points">The points, each with a value for each objective; none of them NaN. Points that are not
    /// better than the reference in all objectives count nothing, beaten points neither.</param>
    /// <param name="reference">The reference point.</param>
    /// <param name="goals">Which values are better, one for each objective.</param>
    /// <returns>0 or more; infinite when a point or the reference is.</returns>
    /// <exception cref="ArgumentException">Sizes differ, or there is a NaN.</exception>
    public static double Of(IReadOnlyList<IReadOnlyList<double>> points, IReadOnlyList<double> reference, IReadOnlyList<Goal> goals)
    {
        if (reference.Count != goals.Count || reference.Count == 0 || reference.Any(double.IsNaN))
        {
            throw new ArgumentException($"expected a reference point of {goals.Count} numbers, as there are objectives, but got "
                + $"[{string.Join(", ", reference.Select(v => AnalysisTable.Text(v)))}].", nameof(reference));
        }

        if (points.FirstOrDefault(p => p.Count != goals.Count || p.Any(double.IsNaN)) is { } odd)
        {
            throw new ArgumentException($"expected points of {goals.Count} numbers, as there are objectives, but got "
                + $"[{string.Join(", ", odd.Select(v => AnalysisTable.Text(v)))}].", nameof(points));
        }

        // Each point as its gain on the reference: all coordinates above 0, larger is better.
        var gains = points.Select(p => p.Select((v, i) => goals[i].Loss(reference[i] - v)).ToArray())
            .Where(g => g.All(c => c > 0)).ToList();
        return gains.Any(g => g.Any(double.IsInfinity)) ? double.PositiveInfinity : Volume(Undominated(gains));
    }

    private static double Volume(List<double[]> front)
    {
        if (front.Count == 0)
        {
            return 0;
        }

        switch (front[0].Length)
        {
            case 1:
                return front.Max(p => p[0]);
            case 2:
                return Area(front);
        }

        // WFG: the volume is the sum of what each point adds to those after it. Rising in the last objective, so that
        // the sets shrink fast.
        front.Sort((a, b) => a[^1].CompareTo(b[^1]));
        double volume = 0;
        for (int i = 0; i < front.Count; i++)
        {
            volume += Exclusive(front, i);
        }

        return volume;
    }

    private static double Area(List<double[]> front)
    {
        front.Sort((a, b) => b[0].CompareTo(a[0]));
        double area = 0, height = 0;
        foreach (var point in front)
        {
            if (point[1] > height)
            {
                area += point[0] * (point[1] - height);
                height = point[1];
            }
        }

        return area;
    }

    // All later points reach at least as far in the last objective, so there the part they share with this one ends
    // where this one does: one objective fewer.
    private static double Exclusive(List<double[]> front, int index)
    {
        var point = front[index];
        var limited = new List<double[]>(front.Count - index - 1);
        for (int j = index + 1; j < front.Count; j++)
        {
            var shared = new double[point.Length - 1];
            for (int k = 0; k < shared.Length; k++)
            {
                shared[k] = Math.Min(point[k], front[j][k]);
            }

            limited.Add(shared);
        }

        double inclusive = 1;
        for (int k = 0; k < point.Length - 1; k++)
        {
            inclusive *= point[k];
        }

        return point[^1] * (inclusive - Volume(Undominated(limited)));
    }

    private static List<double[]> Undominated(List<double[]> points)
    {
        var kept = new List<double[]>(points.Count);
        foreach (var point in points)
        {
            if (kept.Exists(k => Dominance.Covers(point, k)))
            {
                continue;
            }

            kept.RemoveAll(k => Dominance.Covers(k, point));
            kept.Add(point);
        }

        return kept;
    }
}
