using MlNetDl.Search.Distributions;
using MlNetDl.Search.Statistics;

namespace MlNetDl.Search.Samplers.Tpe;

/// <summary>A parameter of numbers in steps: the range, half a step wider on both sides, is cut into one cell for each
/// number, and a number has its cell's mass.</summary>
internal sealed class SteppedAxis : KernelAxis
{
    private readonly Distribution distribution;
    private readonly NormalKernels kernels;

    // Observations of the same number mostly have the same deviation: their masses are worked out once.
    private readonly int[] kindOf;
    private readonly List<(double Mean, double Deviation, double LogInside)> kinds = [];
    private readonly Dictionary<double, double[]> masses = [];

    public SteppedAxis(Distribution distribution, double[] positions)
    {
        this.distribution = distribution;
        kernels = new(positions);
        kindOf = new int[Count];
        var known = new Dictionary<(double, double), int>();
        for (int i = 0; i < kindOf.Length; i++)
        {
            var kind = (kernels.Means[i], kernels.Deviations[i]);
            if (!known.TryGetValue(kind, out kindOf[i]))
            {
                known.Add(kind, kindOf[i] = kinds.Count);
                kinds.Add((kind.Item1, kind.Item2, kernels.LogInside(i)));
            }
        }
    }

    public override int Count => kernels.Means.Length;

    public override double Draw(int kernel, TrialRandom random) => distribution.FromUnit(kernels.Draw(kernel, random));

    public override double Draw(int kernel, TrialRandom random, Distribution part)
    {
        var (first, last) = NarrowedRange.Ends(part);
        return part.Nearest(distribution.FromUnit(kernels.Draw(kernel, random, Cell(first).From, Cell(last).To)));
    }

    public override void AddLog(double number, Span<double> logs)
    {
        if (!masses.TryGetValue(number, out var mass))
        {
            masses.Add(number, mass = Masses(number));
        }

        for (int i = 0; i < logs.Length; i++)
        {
            logs[i] += mass[kindOf[i]];
        }
    }

    private double[] Masses(double number)
    {
        var (from, to) = Cell(number);
        var mass = new double[kinds.Count];
        for (int i = 0; i < mass.Length; i++)
        {
            var (mean, deviation, inside) = kinds[i];
            mass[i] = NormalMass.LogBetween((from - mean) / deviation, (to - mean) / deviation) - inside;
        }

        return mass;
    }

    private (double From, double To) Cell(double number)
    {
        if (distribution is not Integer { Log: true } whole)
        {
            double index = distribution.IndexOf(number), count = distribution.Steps!.Value;
            return (index / count, (index + 1) / count);
        }

        double least = whole.From - 0.5, range = Math.Log((whole.To + 0.5) / least);
        return (Math.Log((number - 0.5) / least) / range, Math.Log((number + 0.5) / least) / range);
    }
}
