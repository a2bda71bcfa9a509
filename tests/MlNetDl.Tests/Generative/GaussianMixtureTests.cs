using MlNetDl.Generative;

namespace MlNetDl.Tests.Generative;

public sealed class GaussianMixtureTests
{
    [Fact]
    public void One_component_is_the_mean_and_the_covariance_of_the_rows()
    {
        var rows = Correlated(400);
        var mixture = GaussianMixture.Fit(rows, new() { Components = 1 });
        double[] mean = [.. Enumerable.Range(0, 2).Select(j => rows.Average(r => (double)r[j]))];
        double Covariance(int a, int b) => rows.Average(r => (r[a] - mean[a]) * (r[b] - mean[b]));
        Assert.Equal(mean, mixture.Means[0].Select(m => m), (a, b) => Math.Abs(a - b) < 1e-9);
        var (xx, xy, yy) = (Covariance(0, 0), Covariance(0, 1), Covariance(1, 1));
        double determinant = (xx * yy) - (xy * xy);
        foreach (var row in rows.Take(20))
        {
            double x = row[0] - mean[0], y = row[1] - mean[1];
            double form = ((yy * x * x) - (2 * xy * x * y) + (xx * y * y)) / determinant;
            Assert.Equal(-Math.Log(2 * Math.PI) - ((Math.Log(determinant) + form) / 2), mixture.LogDensity(row), 1e-4);
        }

        // −½·(D·log 2πe + log|Σ|), the entropy of the fitted distribution.
        Assert.Equal(-Math.Log(2 * Math.PI * Math.E) - (Math.Log(determinant) / 2), mixture.LogLikelihood, 1e-4);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_objective_never_falls(bool isDiagonal)
    {
        for (int seed = 0; seed < 5; seed++)
        {
            var options = new MixtureOptions { Components = 6, Seed = seed, IsDiagonal = isDiagonal, LeastGain = 0, MaxIterations = 80 };
            var mixture = GaussianMixture.Fit(Mixed(300, seed), options);
            Assert.True(mixture.Objectives.Count > 2);
            Assert.All(mixture.Objectives.Zip(mixture.Objectives.Skip(1)), p => Assert.True(p.Second >= p.First - 1e-9, $"{p.Second} after {p.First}"));
            Assert.Equal(1, mixture.Weights.Sum(), 1e-9);
            Assert.Equal(mixture.Objectives[^1], mixture.LogLikelihood, 1e-2);
        }
    }

    [Fact]
    public void It_also_never_falls_where_rows_lie_in_a_plane_or_on_few_points()
    {
        float[][] plane = [.. Mixed(200, 1).Select(r => new[] { r[0], r[0], 3, r[1] })];
        float[][] points = [.. Enumerable.Range(0, 60).Select(i => new[] { i % 3f, i % 3f * 2 })];
        foreach (var (rows, components) in new[] { (plane, 4), (points, 3) })
        {
            var mixture = GaussianMixture.Fit(rows, new() { Components = components, LeastGain = 0, MaxIterations = 50 });
            Assert.All(mixture.Objectives.Zip(mixture.Objectives.Skip(1)), p => Assert.True(p.Second >= p.First - 1e-7, $"{p.Second} after {p.First}"));
            Assert.True(double.IsFinite(mixture.LogLikelihood));
        }
    }

    [Fact]
    public void Components_that_lie_apart_are_found_and_drawn_again()
    {
        var random = new Random(4);
        float[][] rows = [.. Enumerable.Range(0, 900).Select(i => Gauss.Draw(2, random).Select(v => (v / 2) + (i % 3 * 20)).ToArray())];
        var mixture = GaussianMixture.Fit(rows, new() { Components = 3 });
        Assert.All(mixture.Weights, w => Assert.Equal(1.0 / 3, w, 1e-6));
        Assert.Equal([0.0, 20, 40], mixture.Means.Select(m => m[0]).Order(), (a, b) => Math.Abs(a - b) < 0.2);
        var drawn = mixture.Sample(3000, new Random(1)).Chunk(2).ToList();
        Assert.Equal(rows.Average(r => r[0]), drawn.Average(r => r[0]), 1.0);
        double Deviation(IEnumerable<float[]> of) => Math.Sqrt(of.Where(r => r[0] > 30).Average(r => Math.Pow(r[0] - 40, 2)));
        Assert.Equal(Deviation(rows), Deviation(drawn), 0.05);
        Assert.Equal(rows.Average(mixture.LogDensity), drawn.Average(mixture.LogDensity), 0.1);
    }

    [Fact]
    public void Several_components_tell_more_than_one_and_equal_seeds_the_same()
    {
        var rows = Mixed(300, 2);
        var (one, many) = (GaussianMixture.Fit(rows, new() { Components = 1 }), GaussianMixture.Fit(rows, new() { Components = 4, Seed = 7 }));
        Assert.True(many.LogLikelihood > one.LogLikelihood + 0.1);
        var again = GaussianMixture.Fit(rows, new() { Components = 4, Seed = 7 });
        Assert.Equal(many.Objectives, again.Objectives);
        Assert.Equal(many.Sample(5, new Random(3)), again.Sample(5, new Random(3)));
    }

    [Fact]
    public void What_cannot_be_fitted_is_refused()
    {
        float[][] constant = [.. Enumerable.Repeat(new[] { 1f, 2 }, 8)];
        string Refused(float[][] rows, MixtureOptions? options = null) =>
            Assert.Throws<ArgumentException>(() => GaussianMixture.Fit(rows, options)).Message;
        Assert.Contains("2 components, but the 8 rows have only 1 different", Refused(constant, new() { Components = 2 }), StringComparison.Ordinal);
        Assert.Contains("10 components, but the 0 rows", Refused([]), StringComparison.Ordinal);
        Assert.Contains("Components", Refused(constant, new() { Components = 0 }), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("all finite", Refused([[1, float.NaN]], new() { Components = 1 }), StringComparison.Ordinal);
        Assert.Contains("one length", Refused([[1], [1, 2]], new() { Components = 1 }), StringComparison.Ordinal);
        var mixture = GaussianMixture.Fit(constant, new() { Components = 1 });
        Assert.Equal([1f, 2f], mixture.Sample(1, new Random(1)), (a, b) => Math.Abs(a - b) < 1e-4);
        Assert.Throws<ArgumentException>(() => mixture.LogDensity([1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => mixture.Sample(-1, new Random(1)));
        Assert.Empty(mixture.Sample(0, new Random(1)));
    }

    private static float[][] Correlated(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => Gauss.Draw(2, random)).Select(n => new[] { (2 * n[0]) + 5, n[0] + (n[1] / 2) })];
    }

    private static float[][] Mixed(int count, int seed)
    {
        var random = new Random(seed + 100);
        return [.. Enumerable.Range(0, count).Select(i => Gauss.Draw(3, random).Select((v, j) => (v * (1 + (i % 2))) + (i % 4 * j)).ToArray())];
    }
}
