using System.Globalization;
using System.IO.Hashing;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using MlNetDl.Configuration;

namespace MlNetDl.Generative;

/// <summary>Expectation–maximisation of one <see cref="GaussianMixture"/>.</summary>
/// <remarks>The objective has the penalty ½·λ·Σ tr(Σₖ⁻¹), whose best covariance is S + λ/Nₖ·I in closed form. So no variance becomes 0, and
/// the objective still rises in each step.</remarks>
internal sealed class MixtureFit
{
    // Of the mean variance: too little to be seen, and enough for a factorisation.
    private const double Floor = 1e-6, LeastVariance = 1e-12, Empty = 1e-8;

    private readonly double[][] rows;
    private readonly MixtureOptions options;
    private readonly double penalty;
    private readonly int size;

    public MixtureFit(IReadOnlyList<float[]> given, MixtureOptions options)
    {
        ArgumentNullException.ThrowIfNull(given);
        RecordCheck.Require(options, "options");
        this.options = options;
        Refuse(given, options.Components);
        rows = [.. given.Select(r => Array.ConvertAll(r, v => (double)v))];
        size = rows[0].Length;
        double variance = Enumerable.Range(0, size).Average(j =>
        {
            double mean = rows.Average(r => r[j]);
            return rows.Average(r => (r[j] - mean) * (r[j] - mean));
        });
        penalty = Math.Max(Floor * variance, LeastVariance) * rows.Length / options.Components;
    }

    public GaussianMixture Run(CancellationToken stop)
    {
        var shares = Start(new Random(options.Seed));
        var components = new GaussianComponent[options.Components];
        var objectives = new List<double>();
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            var weights = Maximise(shares, components);
            double likelihood = Expect(new(components, weights, objectives, 0), shares);
            objectives.Add(likelihood - (penalty * components.Sum(c => c.InverseTrace) / 2 / rows.Length));
            if (objectives.Count == options.MaxIterations || (objectives.Count > 1 && objectives[^1] - objectives[^2] < options.LeastGain))
            {
                return new(components, weights, objectives, likelihood);
            }
        }
    }

    // k-means++ (Arthur and Vassilvitskii 2007): each centre is drawn by its squared distance to those before. Rows belong to the nearest.
    private double[][] Start(Random random)
    {
        var (nearest, least) = (new int[rows.Length], Enumerable.Repeat(double.PositiveInfinity, rows.Length).ToArray());
        int center = random.Next(rows.Length);
        for (int k = 0; k < options.Components; k++)
        {
            if (k > 0)
            {
                double rest = random.NextDouble() * least.Sum();
                center = Array.FindIndex(least, d => (rest -= d) < 0 && d > 0);
                center = center < 0 ? Array.IndexOf(least, least.Max()) : center;
            }

            for (int i = 0; i < rows.Length; i++)
            {
                double distance = Math.Pow(TensorPrimitives.Distance<double>(rows[i], rows[center]), 2);
                if (distance < least[i])
                {
                    (least[i], nearest[i]) = (distance, k);
                }
            }
        }

        return [.. nearest.Select(n =>
        {
            var shares = new double[options.Components];
            shares[n] = 1;
            return shares;
        })];
    }

    private double Expect(GaussianMixture mixture, double[][] shares)
    {
        double sum = 0;
        var scratch = new double[size];
        for (int i = 0; i < rows.Length; i++)
        {
            sum += mixture.LogTerms(rows[i], shares[i], scratch);
        }

        return sum / rows.Length;
    }

    private double[] Maximise(double[][] shares, GaussianComponent[] components)
    {
        var weights = new double[components.Length];
        for (int k = 0; k < components.Length; k++)
        {
            double count = shares.Sum(s => s[k]);
            weights[k] = count / rows.Length;
            // A component that lost its rows stays where it was.
            if (count > Empty || components[k] is null)
            {
                components[k] = Component(k, Math.Max(count, Empty), shares);
            }
        }

        return weights;
    }

    private GaussianComponent Component(int k, double count, double[][] shares)
    {
        var mean = new double[size];
        for (int i = 0; i < rows.Length; i++)
        {
            TensorPrimitives.MultiplyAdd(rows[i], shares[i][k] / count, mean, mean);
        }

        double[][] covariance = [.. Enumerable.Range(0, size).Select(i => new double[i + 1])];
        var deviation = new double[size];
        for (int i = 0; i < rows.Length; i++)
        {
            double share = shares[i][k] / count;
            if (share == 0)
            {
                continue;
            }

            for (int a = 0; a < size; a++)
            {
                deviation[a] = rows[i][a] - mean[a];
                int from = options.IsDiagonal ? a : 0;
                var line = covariance[a].AsSpan(from);
                TensorPrimitives.MultiplyAdd(deviation.AsSpan(from, line.Length), share * deviation[a], line, line);
            }
        }

        for (int a = 0; a < size; a++)
        {
            covariance[a][a] += penalty / count;
        }

        return new(mean, covariance);
    }

    private static void Refuse(IReadOnlyList<float[]> rows, int components)
    {
        var different = new HashSet<UInt128>();
        foreach (var row in rows)
        {
            if (row.Length == 0 || row.Length != rows[0].Length || !Array.TrueForAll(row, float.IsFinite))
            {
                throw new ArgumentException("A mixture is fitted to rows of one length, 1 or more, whose values are all finite; leave other rows out.");
            }

            different.Add(XxHash128.HashToUInt128(MemoryMarshal.AsBytes<float>(row)));
        }

        if (different.Count < components)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"A mixture is to have {components} components, but the "
                + $"{rows.Count} rows have only {different.Count} different values; ask for at most as many components."));
        }
    }
}
