using MathNet.Numerics.Distributions;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Samplers.GaussianProcess;

/// <summary>Finished trials as observations: where they lie, and standardised losses.</summary>
internal sealed class Observed
{
    private const string Everywhere = "";
    private const int Borrowed = 2;
    private readonly Dictionary<string, (double Mean, double Deviation)> scales;
    private readonly Func<double[], string> branch;

    private Observed(double[][] points, double[] losses, Func<double[], string> branch)
    {
        (Points, this.branch) = (points, branch);
        (Losses, scales) = Scaled(points, losses, branch);
        Best = Enumerable.Range(0, points.Length).MinBy(i => losses[i]);
    }

    /// <summary>Where.</summary>
    public double[][] Points { get; }

    /// <summary>Smaller is better; mean 0 and deviation 1, or all 0. With branches those of each branch, so that one
    /// with a wide range does not hide what matters in another.</summary>
    public double[] Losses { get; }

    /// <summary>The index of the best observation.</summary>
    public int Best { get; }

    /// <summary>A loss at one position as it would be at another one, in whose branch losses may be scaled
    /// otherwise.</summary>
    public double Converted(double loss, double[] from, double[] to)
    {
        string own = branch(from), other = branch(to);
        if (own == other)
        {
            return loss;
        }

        var ((mean, deviation), scale) = (Scale(own), Scale(other));
        return (mean - scale.Mean + (loss * deviation)) / scale.Deviation;
    }

    /// <summary>The unit of losses at a position; 1 without branches.</summary>
    public double UnitAt(double[] position) => scales.Count == 0 ? 1 : Scale(branch(position)).Deviation;

    /// <summary>Whether a trial is complete and feasible with a value that is neither infinite nor extreme, so that
    /// there is something to learn from.</summary>
    public static bool IsUsable(TrialRecord trial, Goal goal) =>
        trial.State == TrialState.Complete && Own(trial, goal) is { } loss && Extremes.IsWithin(loss);

    /// <summary>The observations of trials in order of finishing.</summary>
    /// <param name="trials">Finished trials with their positions; one or more is usable.</param>
    /// <param name="goal">Which values are better.</param>
    /// <param name="most">How many are kept at most: the better half of them, and of the others the latest.</param>
    /// <param name="branch">The branch of a position; by default all have the same, the empty one.</param>
    public static Observed Of(
        IReadOnlyList<(TrialRecord Trial, double[] Position)> trials, Goal goal, int most, Func<double[], string>? branch = null)
    {
        double?[] own = [.. trials.Select(t => Own(t.Trial, goal))];
        double[] finite = [.. trials.Where(t => IsUsable(t.Trial, goal)).Select(t => Own(t.Trial, goal)!.Value).Order()];
        double best = finite[0], worst = finite[^1], median = finite[finite.Length / 2];
        double[] losses = [.. trials.Select((t, i) => Math.Clamp(
            own[i] is not { } loss ? worst : t.Trial.State == TrialState.Pruned ? Math.Max(loss, median) : loss, best, worst))];
        int[] kept = Kept(losses, most);
        return new([.. kept.Select(i => trials[i].Position)], [.. kept.Select(i => losses[i])], branch ?? (_ => Everywhere));
    }

    // What a trial says by itself; null: nothing good.
    private static double? Own(TrialRecord trial, Goal goal) => trial switch
    {
        { State: TrialState.Failed } or { IsFeasible: false } => null,
        { Values.Count: > 0 } => Standing.Loss(trial.Values[0], goal),
        { Reports.Count: > 0 } => Standing.Loss(trial.Reports[^1].Value, goal),
        _ => null,
    };

    // A branch with few trials borrows mean and variance of all, as if it had some trials of theirs.
    private static (double[] Losses, Dictionary<string, (double Mean, double Deviation)> Scales) Scaled(
        double[][] points, double[] losses, Func<double[], string> branch)
    {
        double[] all = Warped(losses);
        var groups = Enumerable.Range(0, points.Length).GroupBy(i => branch(points[i])).ToList();
        if (groups is [{ Key: Everywhere }])
        {
            return (Standardised(all), []);
        }

        var scales = new Dictionary<string, (double Mean, double Deviation)> { [Everywhere] = Scale(all, 0, 0, 0) };
        double[] scaled = new double[losses.Length];
        foreach (var group in groups)
        {
            double[] own = Warped([.. group.Select(i => losses[i])]);
            var (mean, deviation) = scales[group.Key] = Scale(own, scales[Everywhere].Mean, scales[Everywhere].Deviation, Borrowed);
            foreach (var (i, loss) in group.Zip(own))
            {
                scaled[i] = (loss - mean) / deviation;
            }
        }

        return (scaled, scales);
    }

    private static (double Mean, double Deviation) Scale(double[] losses, double mean, double deviation, int borrowed)
    {
        double count = losses.Length + borrowed, own = losses.Average(), middle = ((losses.Length * own) + (borrowed * mean)) / count;
        double variance = (losses.Sum(l => (l - own) * (l - own)) + (borrowed * deviation * deviation)) / count;
        return (middle, variance > 0 ? Math.Sqrt(variance) : 1);
    }

    private (double Mean, double Deviation) Scale(string of) =>
        scales.TryGetValue(of, out var scale) ? scale : scales[Everywhere];

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
