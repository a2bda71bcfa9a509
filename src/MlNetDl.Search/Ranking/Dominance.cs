using MlNetDl.Metrics;

namespace MlNetDl.Search;

/// <summary>Which of several points no other beats; all coordinates are to be small.</summary>
internal static class Dominance
{
    /// <summary>A trial's values turned so that smaller is better.</summary>
    public static double[] Losses(TrialRecord trial, IReadOnlyList<Goal> goals) => [.. trial.Values.Zip(goals, Standing.Loss)];

    /// <summary>The points that no other beats, by reference; equal points are all kept.</summary>
    public static HashSet<double[]> Front(IReadOnlyList<double[]> points)
    {
        // In order of coordinates a point can be beaten by earlier ones only, so the front so far decides.
        var front = new List<double[]>();
        foreach (var point in points.Order(Comparer<double[]>.Create(Compare)))
        {
            if (!front.Exists(f => Beats(f, point)))
            {
                front.Add(point);
            }
        }

        return new(front, ReferenceEqualityComparer.Instance);
    }

    /// <summary>Nowhere worse.</summary>
    public static bool Covers(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        for (int i = 0; i < a.Length; i++)
        {
            if (a[i] > b[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Nowhere worse, and somewhere better.</summary>
    public static bool Beats(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => Covers(a, b) && !a.SequenceEqual(b);

    private static int Compare(double[] a, double[] b) => a.AsSpan().SequenceCompareTo(b);
}
