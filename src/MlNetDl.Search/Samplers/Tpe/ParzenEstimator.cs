using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Samplers.Tpe;

/// <summary>A density over several parameters: a weighted mixture with one product of kernels for each observation and
/// one for the prior.</summary>
internal sealed class ParzenEstimator
{
    // exp of less would not change the last digit of a sum of a million.
    private const double Negligible = -60;

    private readonly KernelAxis[] axes;
    private readonly double[] logWeights, cumulative, logs;

    /// <summary>The density of observations.</summary>
    /// <param name="space">The parameters.</param>
    /// <param name="observations">Positions (<see cref="KernelAxis.Position"/>) of each parameter, in
    /// order of trial.</param>
    /// <param name="priorWeight">The weight of the prior beside the trials'
    /// <see cref="TrialWeights"/>, above 0.</param>
    public ParzenEstimator(IReadOnlyList<Distribution> space, IReadOnlyList<double[]> observations, double priorWeight)
    {
        axes = new KernelAxis[space.Count];
        for (int axis = 0; axis < axes.Length; axis++)
        {
            axes[axis] = KernelAxis.Of(space[axis], [.. observations.Select(o => o[axis])], priorWeight);
        }

        Mixture = TrialWeights.WithPrior(observations.Count, priorWeight);
        logWeights = Array.ConvertAll(Mixture, Math.Log);
        cumulative = new double[Mixture.Length];
        logs = new double[Mixture.Length];
        double sum = 0;
        for (int i = 0; i < cumulative.Length; i++)
        {
            cumulative[i] = sum += Mixture[i];
        }
    }

    /// <summary>The weights of the mixture, the prior's last; their sum is 1.</summary>
    public double[] Mixture { get; }

    /// <summary>Numbers drawn together.</summary>
    /// <param name="random">The generator.</param>
    /// <param name="narrowed">Axes of which the numbers of others leave a part, those first that bound others. A number
    /// outside of the part is drawn again from what its kernel has within.</param>
    public double[] Draw(TrialRandom random, params IReadOnlyList<(int Axis, Func<double[], Distribution> Part)> narrowed)
    {
        int at = Array.BinarySearch(cumulative, random.NextDouble() * cumulative[^1]);
        int kernel = Math.Min(at < 0 ? ~at : at + 1, cumulative.Length - 1);
        var point = new double[axes.Length];
        for (int axis = 0; axis < axes.Length; axis++)
        {
            point[axis] = axes[axis].Draw(kernel, random);
        }

        foreach (var (axis, part) in narrowed)
        {
            if (part(point) is var left && !left.Contains(point[axis]))
            {
                point[axis] = axes[axis].Draw(kernel, random, left);
            }
        }

        return point;
    }

    /// <summary>The log density of numbers, each over its position.</summary>
    public double LogDensity(double[] point)
    {
        logWeights.CopyTo(logs, 0);
        for (int axis = 0; axis < axes.Length; axis++)
        {
            axes[axis].AddLog(point[axis], logs);
        }

        double largest = double.NegativeInfinity;
        foreach (double log in logs)
        {
            largest = Math.Max(largest, log);
        }

        double sum = 0;
        foreach (double log in logs)
        {
            sum += log - largest < Negligible ? 0 : Math.Exp(log - largest);
        }

        return largest + Math.Log(sum);
    }
}
