using MathNet.Numerics;
using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Analysis;

/// <summary>A parameter's density on cells: normal kernels with Scott's bandwidth (Scott 1992, "Multivariate density
/// estimation") and a wide prior of the weight of one trial.</summary>
/// <remarks>
/// Cells are evenly spaced from the smallest to the largest number, of logarithms where the range is logarithmic; a
/// number in few steps has a cell for each, a logarithmic one ⌈log₂ n⌉ + 1 cells.
/// The bandwidth is 1.059 · min(IQR/1.34, σ) · n^(−1/5) cells but 0.5/1.64 at least, so that 90 % of a kernel lie in
/// its cell. Each kernel is cut off at the ends and sums to 1. A choice's density is its counts, each option given a
/// share of one trial more.
/// </remarks>
internal static class ScottDensity
{
    private const double Smallest = 1e-12;

    /// <summary>The density of numbers, a probability a cell.</summary>
    public static double[] Of(Distribution distribution, IReadOnlyList<double> numbers, int cells)
    {
        if (distribution is Choice choice)
        {
            var counts = Counts(numbers.Select(n => (int)n), choice.Count);
            return [.. counts.Select(c => ((c + (1.0 / choice.Count)) / (numbers.Count + 1)) + Smallest)];
        }

        var axis = new ParameterAxis("", distribution);
        var (from, to) = axis.Range;
        cells = distribution switch
        {
            Integer { Log: true } whole => Math.Min(cells, (int)Math.Ceiling(Math.Log2(whole.To - whole.From + 1)) + 1),
            { Steps: { } count } => (int)Math.Min(cells, count),
            _ => cells,
        };
        double Scale(double number) => axis.IsLogarithmic ? Math.Log(number) : number;
        double step = (Scale(to) - Scale(from)) / (cells - 1);
        return Kernels(Counts(
            numbers.Select(n => Math.Clamp((int)Math.Ceiling(((Scale(n) - Scale(from)) / step) - 0.5), 0, cells - 1)),
            cells));
    }

    private static double[] Kernels(int[] counts)
    {
        int n = counts.Sum();
        double width = Bandwidth(counts, n);
        var density = new double[counts.Length];
        for (int center = 0; center < counts.Length; center++)
        {
            if (counts[center] > 0)
            {
                Add(density, center, width, counts[center] / (n + 1.0));
            }
        }

        Add(density, (counts.Length - 1) / 2.0, counts.Length, 1 / (n + 1.0));
        return [.. density.Select(d => d + Smallest)];
    }

    private static double Bandwidth(int[] counts, int n)
    {
        double mean = 0, squares = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            mean += (double)i * counts[i] / n;
        }

        for (int i = 0; i < counts.Length; i++)
        {
            squares += counts[i] * (i - mean) * (i - mean);
        }

        double deviation = Math.Sqrt(squares / Math.Max(1, n - 1));
        int quartiles = Quartile(counts, (3 * n / 4) + 1) - Quartile(counts, n / 4);
        return Math.Max(1.059 * Math.Min(quartiles / 1.34, deviation) * Math.Pow(n, -0.2), 0.5 / 1.64);
    }

    // The first occupied cell up to which there are so many trials; the last occupied one if there never are.
    private static int Quartile(int[] counts, int many)
    {
        int sum = 0, last = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] == 0)
            {
                continue;
            }

            last = i;
            sum += counts[i];
            if (sum >= many)
            {
                return i;
            }
        }

        return last;
    }

    private static void Add(double[] density, double center, double width, double weight)
    {
        double Below(double edge) => 0.5 * SpecialFunctions.Erfc((center - edge) / (width * Math.Sqrt(2)));
        double start = Below(-0.5), whole = Below(density.Length - 0.5) - start;
        for (int i = 0; i < density.Length; i++)
        {
            double end = Below(i + 0.5);
            density[i] += weight * (end - start) / whole;
            start = end;
        }
    }

    private static int[] Counts(IEnumerable<int> cells, int many)
    {
        var counts = new int[many];
        foreach (int cell in cells)
        {
            counts[cell]++;
        }

        return counts;
    }
}
