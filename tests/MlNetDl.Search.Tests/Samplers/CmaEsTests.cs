using System.Text.Json;
using MlNetDl.Search.Samplers;
using MlNetDl.Search.Samplers.CmaEs;

namespace MlNetDl.Search.Tests.Samplers;

/// <summary>The equations of CMA-ES against a statement of them in numpy, and what follows from them.</summary>
public sealed class CmaEsTests
{
    private static readonly JsonElement Golden = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "cma-es-tutorial.json"))).RootElement;

    [Fact]
    public void Constants_are_those_of_the_tutorial()
    {
        foreach (var expected in Golden.GetProperty("constants").EnumerateArray())
        {
            var c = new CmaEsConstants(expected.GetProperty("n").GetInt32(), expected.GetProperty("lam").GetInt32());
            Close(Numbers(expected.GetProperty("weights")), c.Weights);
            Close(
                new[] { "muEff", "cSigma", "dSigma", "cc", "c1", "cMu", "chiN" }.Select(k => expected.GetProperty(k).GetDouble()),
                [c.MuEff, c.CSigma, c.DSigma, c.CC, c.C1, c.CMu, c.ChiN]);
            Assert.Equal(1, c.Weights.Take(c.Parents).Sum(), 12);
        }

        Assert.Equal([4, 6, 7, 8, 8, 9, 10, 17], new[] { 1, 2, 3, 4, 5, 6, 10, 100 }.Select(CmaEsConstants.DefaultPopulation));
    }

    [Fact]
    public void Six_updates_are_those_of_the_tutorial_also_where_the_path_is_stalled()
    {
        var start = Golden.GetProperty("start");
        double[] mean = Numbers(start.GetProperty("mean"));
        var state = new CmaEsState(new(mean.Length, start.GetProperty("lam").GetInt32()), mean, start.GetProperty("sigma").GetDouble());
        foreach (var update in Golden.GetProperty("update").EnumerateArray())
        {
            state.Update([.. update.GetProperty("points").EnumerateArray().Select(Numbers)]);
            Close(Numbers(update.GetProperty("mean")), state.Mean);
            Close([update.GetProperty("sigma").GetDouble()], [state.Sigma]);
            Close(Numbers(update.GetProperty("pathSigma")), state.PathSigma);
            Close(Numbers(update.GetProperty("pathC")), state.PathC);
            Close(update.GetProperty("covariance").EnumerateArray().SelectMany(Numbers), state.Covariance.ToRowMajorArray());
        }
    }

    [Fact]
    public void A_rotated_ellipsoid_is_minimised_and_its_axes_are_learnt()
    {
        // f(x) = Σ 10^(4 i / (n-1)) (R x)_i²: variances of C along the axes tend to the inverse of the factors.
        double[][] rotation = Rotation(4);
        double Ellipsoid(double[] x) => rotation
            .Select((row, i) => Math.Pow(10, 4.0 * i / 3) * Math.Pow(row.Zip(x, (r, c) => r * c).Sum(), 2)).Sum();
        var state = new CmaEsState(new(4, 8), [1, 1, 1, 1], 0.5);
        Assert.True(Run(state, Ellipsoid, 250) < 1e-14);
        double[] variances = [.. rotation.Select(row =>
        {
            var r = MathNet.Numerics.LinearAlgebra.Vector<double>.Build.DenseOfArray(row);
            return r * (state.Covariance * r);
        })];
        Assert.InRange(Math.Log10(variances[0] / variances[3]), 3, 5);
    }

    [Fact]
    public void Translation_of_function_and_start_translates_all_points()
    {
        double[] shift = [3, -2, 0.5];
        CmaEsState there = new(new(3, 7), [1, 2, 3], 0.7), here = new(new(3, 7), [4, 0, 3.5], 0.7);
        static double Sphere(double[] x) => (x[0] * x[0]) + (2 * x[1] * x[1]) + (x[2] * x[2] * x[2] * x[2]);
        Run(there, Sphere, 15);
        Run(here, x => Sphere([.. x.Zip(shift, (a, b) => a - b)]), 15);
        Assert.All(here.Mean.Zip(there.Mean.Zip(shift, (a, b) => a + b)), p => Assert.Equal(p.Second, p.First, 9));
        Assert.Equal(there.Sigma, here.Sigma, 9);
    }

    [Fact]
    public void Injected_points_keep_their_direction_and_lie_no_further_than_samples()
    {
        var state = new CmaEsState(new(2, 6), [0, 0], 0.5);
        Assert.Equal([0.3, -0.4], state.Injected([0.3, -0.4]));
        var far = state.Injected([30, -40]);
        Assert.Equal(0.5 * (Math.Sqrt(2) + 1), Math.Sqrt((far[0] * far[0]) + (far[1] * far[1])), 12);
        Assert.Equal(-0.75, far[0] / far[1], 12);
    }

    [Fact]
    public void Bounds_on_deviations_are_kept()
    {
        var state = new CmaEsState(new(2, 6), [0, 0], 3);
        state.Bound([0, 0], 1);
        Assert.Equal([1, 1], new[] { 0, 1 }.Select(state.Deviation));
        state = new(new(2, 6), [0, 0], 0.01);
        state.Bound([0.2, 0], 1);
        Assert.Equal(0.2, state.Deviation(0), 12);
        Assert.Equal(0.01, state.Deviation(1), 12);
    }

    private static double Run(CmaEsState state, Func<double[], double> function, int generations)
    {
        double best = double.PositiveInfinity;
        for (int g = 0; g < generations; g++)
        {
            var points = Enumerable.Range(0, state.Constants.PopulationSize)
                .Select(i => state.Sample(new(4, i, $"generation {g}")))
                .OrderBy(function).ToList();
            best = Math.Min(best, function(points[0]));
            state.Update(points);
        }

        return best;
    }

    // Orthonormal rows by Gram and Schmidt.
    private static double[][] Rotation(int n)
    {
        var random = new TrialRandom(1, 0, "rotation");
        var rows = new List<double[]>();
        while (rows.Count < n)
        {
            double[] row = [.. Enumerable.Range(0, n).Select(_ => random.NextGaussian())];
            foreach (var other in rows)
            {
                double share = row.Zip(other, (a, b) => a * b).Sum();
                row = [.. row.Zip(other, (a, b) => a - (share * b))];
            }

            double length = Math.Sqrt(row.Sum(r => r * r));
            rows.Add([.. row.Select(r => r / length)]);
        }

        return [.. rows];
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(n => n.GetDouble())];

    private static void Close(IEnumerable<double> expected, IEnumerable<double> actual) => Assert.All(
        expected.Zip(actual),
        p => Assert.InRange(
            p.Second, p.First - (1e-9 * (1 + Math.Abs(p.First))), p.First + (1e-9 * (1 + Math.Abs(p.First)))));
}
