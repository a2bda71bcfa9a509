using MlNetDl.Search.Distributions;
using MlNetDl.Search.Statistics;

namespace MlNetDl.Search.Samplers.Tpe;

/// <summary>A real parameter: truncated normals over the position in the range.</summary>
internal sealed class NumberAxis : KernelAxis
{
    private readonly Distribution distribution;
    private readonly NormalKernels kernels;
    private readonly double[] inverse, constant;

    public NumberAxis(Distribution distribution, double[] positions)
    {
        this.distribution = distribution;
        kernels = new(positions);
        inverse = Array.ConvertAll(kernels.Deviations, d => 1 / d);
        constant = new double[Count];
        for (int i = 0; i < constant.Length; i++)
        {
            constant[i] = NormalMass.LogDensity(0) - Math.Log(kernels.Deviations[i]) - kernels.LogInside(i);
        }
    }

    public override int Count => kernels.Means.Length;

    public override double Draw(int kernel, TrialRandom random) => distribution.FromUnit(kernels.Draw(kernel, random));

    public override double Draw(int kernel, TrialRandom random, Distribution part)
    {
        var (from, to) = NarrowedRange.Ends(part);
        return part.Nearest(distribution.FromUnit(kernels.Draw(kernel, random, distribution.ToUnit(from), distribution.ToUnit(to))));
    }

    public override void AddLog(double number, Span<double> logs)
    {
        double position = distribution.ToUnit(number);
        double[] means = kernels.Means;
        for (int i = 0; i < logs.Length; i++)
        {
            double z = (position - means[i]) * inverse[i];
            logs[i] += constant[i] - (0.5 * z * z);
        }
    }
}
