using MathNet.Numerics.Distributions;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Samplers.GaussianProcess;

/// <summary>Finished trials as observations: where they lie, and standardised losses.</summary>
internal sealed class Observed
{
    private Observed(double[][] points, double[] losses) => (Points, Losses) = (points, losses);

    /// <summary>Where.</summary>
    public double[][] Points { get; }

    /// <summary>Smaller is better; mean 0 and deviation 1, or all 0.</summary>
    public double[] Losses { get; }

    /// <summary>Whether a trial is complete and feasible with a value that is neither infinite nor extreme, so that
    /// there is something to learn from.</summary>
    public static bool IsUsable(TrialRecord trial, Goal goal) =>
        trial.State == TrialState.Complete && Own(trial, goal) is { } loss && Extremes.IsWithin(loss);

    /// <summary>The observations of trials in order of finishing.</summary>
    /// <param name="trials">Finished trials with their positions; one or more is usable.</param>
    /// <param name="goal">Which values are better.</param>
    /// <param name="most">How many are kept at most: the better half of them, and of the others the latest.</param>
    public static Observed Of(IReadOnlyList<(TrialRecord Trial, double[] Position)> trials, Goal goal, int most)
    {
        double?[] own = [.. trials.Select(t => Own(t.Trial, goal))];
        double[] finite = [.. trials.Where(t => IsUsable(t.Trial, goal)).Select(t => Own(t.Trial, goal)!.Value).Order()];
        double best = finite[0], worst = finite[^1], median = finite[finite.Length / 2];
        double[] losses = [.. trials.Select((t, i) => Math.Clamp(
            own[i] is not { } loss ? worst : t.Trial.State == TrialState.Pruned ? Math.Max(loss, median) : loss, best, worst))];
        int[] kept = Kept(losses, most);
        return new([.. kept.Select(i => trials[i].Position)], Standardised(Warped([.. kept.Select(i => losses[i])])));
    }

    // What a trial says by itself; null: nothing good.
    private static double? Own(TrialRecord trial, Goal goal) => trial switch
    {
        { State: TrialState.Failed } or { IsFeasible: false } => null,
        { Values.Count: > 0 } => Standing.Loss(trial.Values[0], goal),
        { Reports.Count: > 0 } => Standing.Loss(trial.Reports[^1].Value, goal),
        _ => null,
    };

    private static int[] Kept(double[] losses, int most)
    {
        if (losses.Length <= most)
        {
            return [.. Enumerable.Range(0, losses.Length)];
        }

        var better = Enumerable.Range(0, losses.Length).OrderBy(i => losses[i]).Take(most / 2).ToHashSet();
        return [.. Enumerable.Range(0, losses.Length).Where(i => !better.Contains(i)).TakeLast(most - better.Count).Concat(better).Order()];
    }

    // After half-rank warping (Song et al. 2024, "The Vizier Gaussian process bandit algorithm", arXiv:2408.11527): a
    // loss of the worse half is at most what its rank says, as a normal quantile around the median with the spread of
    // the better half. Else a few huge losses would flatten all differences between good ones. Vizier sets it to that;
    // but where most of the space is a plain, as with Hartmann's function, that would make hills of it.
    private static double[] Warped(double[] losses)
    {
        double[] sorted = [.. losses.Order()];
        int half = (sorted.Length - 1) / 2;
        double median = sorted[half], spread = Math.Sqrt(sorted.Take(half + 1).Average(l => (l - median) * (l - median)));
        if (!(spread > 0) || double.IsInfinity(spread))
        {
            return losses;
        }

        return Array.ConvertAll(losses, l =>
        {
            if (l <= median)
            {
                return l;
            }

            // The mean rank of equals.
            int first = Array.BinarySearch(sorted, l), last = first;
            while (sorted[first - 1] == l)
            {
                first--;
            }

            while (last + 1 < sorted.Length && sorted[last + 1] == l)
            {
                last++;
            }

            return Math.Min(l, median + (spread * Normal.InvCDF(0, 1, (((first + last) / 2.0) + 0.5) / sorted.Length)));
        });
    }

    private static double[] Standardised(double[] losses)
    {
        // Halves, because the range of doubles may be exceeded otherwise.
        double mean = losses.Average(l => l / 2) * 2;
        double largest = losses.Max(l => Math.Abs((l / 2) - (mean / 2))) * 2;
        if (!(largest > 0))
        {
            return new double[losses.Length];
        }

        double[] shares = Array.ConvertAll(losses, l => ((l / 2) - (mean / 2)) / (largest / 2));
        double deviation = Math.Sqrt(shares.Average(s => s * s));
        return Array.ConvertAll(shares, s => s / deviation);
    }
}
