using MlNetDl.Decomposition;
using MlNetDl.Recipes;
using MlNetDl.Tests.Training;

namespace MlNetDl.Tests.Decomposition;

[Collection("torch")]
public sealed class PcaTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Components_are_the_singular_vectors_of_the_centred_rows(bool digits)
    {
        var rows = digits ? PcaSamples.Digits() : PcaSamples.Mixed(300, 12);
        var (vectors, values) = PcaSamples.Svd(rows);
        var package = PcaSamples.Fit(new Pca { Components = 10 }, rows);
        var report = PcaReport.Of(package)!;
        Assert.Equal(rows.Length, report.Rows);
        Assert.Equal(rows[0].Length, report.Variances.Count);
        foreach (var (k, axis) in PcaSamples.Axes(package).Index())
        {
            double cosine = axis.Zip(vectors[k], (a, b) => a * b).Sum();
            Assert.Equal(1, Math.Abs(cosine), 1e-6);
            Assert.True(axis.MaxBy(Math.Abs) > 0);
            Assert.Equal(values[k], report.SingularValues[k], values[0] * 1e-10);
            Assert.Equal(values[k] * values[k] / (rows.Length - 1), report.ExplainedVariance[k], report.Variances[0] * 1e-10);
        }

        Assert.Equal(values.Take(10).Sum(v => v * v) / values.Sum(v => v * v), report.ExplainedVarianceRatio.Sum(), 1e-10);
    }

    [Fact]
    public void Explained_variance_is_the_variance_of_the_projections_which_do_not_correlate()
    {
        var rows = PcaSamples.Digits();
        var package = PcaSamples.Fit(new Pca { Components = 6 }, rows);
        var made = PcaSamples.Run(package, Pca.Encode, rows);
        var variances = PcaReport.Of(package)!.ExplainedVariance;
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(0, made.Average(m => m[i]), 1e-4);
            for (int j = 0; j < 6; j++)
            {
                double covariance = made.Sum(m => (double)m[i] * m[j]) / (rows.Length - 1);
                Assert.Equal(i == j ? variances[i] : 0, covariance, variances[0] * 1e-5);
            }
        }
    }

    [Fact]
    public void What_a_reconstruction_misses_is_the_variance_that_was_dropped()
    {
        var rows = PcaSamples.Digits();
        var result = new Recipe { Model = new Pca { Components = 9 }, Training = PcaSamples.Training }.Run(PcaSamples.Examples(rows));
        var report = PcaReport.Of(result.Package)!;
        var made = PcaSamples.Run(result.Package, Pca.Reconstruct, rows);
        double error = rows.Zip(made).Sum(p => Distance(p.First, p.Second)), dropped = report.Variances.Skip(9).Sum();
        Assert.Equal(dropped, error / (rows.Length - 1), dropped * 1e-5);
        var figures = Assert.Single(result.Reports[0].Epochs).Training;
        Assert.Equal(error / rows.Length / 64, figures["loss"], figures["loss"] * 1e-5);
        Assert.Equal(report.ExplainedVarianceRatio.Sum(), figures["explainedVariance"], 1e-10);
        Assert.All(PcaSamples.Run(result.Package, Pca.Decode, PcaSamples.Run(result.Package, Pca.Encode, rows)).Zip(made), p =>
            Assert.Equal(0, Distance(p.First, p.Second), 1e-4));
    }

    [Fact]
    public void All_components_reconstruct_everything()
    {
        var rows = PcaSamples.Mixed(200, 7);
        var made = PcaSamples.Run(PcaSamples.Fit(new Pca { Components = 7 }, rows), Pca.Reconstruct, rows);
        Assert.All(rows.Zip(made), p => Assert.Equal(0, Distance(p.First, p.Second), 1e-5));
    }

    [Fact]
    public void Whitened_coordinates_have_variance_1_and_the_same_reconstruction()
    {
        var rows = PcaSamples.Digits();
        var plain = PcaSamples.Fit(new Pca { Components = 8 }, rows);
        var white = PcaSamples.Fit(new Pca { Components = 8, Whiten = true }, rows);
        var made = PcaSamples.Run(white, Pca.Encode, rows);
        Assert.All(Enumerable.Range(0, 8), k => Assert.Equal(1, made.Sum(m => (double)m[k] * m[k]) / (rows.Length - 1), 1e-4));
        Assert.All(PcaSamples.Run(white, Pca.Reconstruct, rows).Zip(PcaSamples.Run(plain, Pca.Reconstruct, rows)), p =>
            Assert.Equal(0, Distance(p.First, p.Second), 1e-4));
        Assert.Equal(PcaReport.Of(plain)!.Variances, PcaReport.Of(white)!.Variances);
    }

    [Fact]
    public void Standardised_features_give_the_components_of_the_correlations()
    {
        var rows = PcaSamples.Mixed(300, 6);
        var scaled = rows.Select(r => (float[])[r[0] * 1000, .. r.Skip(1)]).ToArray();
        var pca = new Pca { Components = 6, Standardize = true };
        var (one, other) = (PcaReport.Of(PcaSamples.Fit(pca, rows))!, PcaReport.Of(PcaSamples.Fit(pca, scaled))!);
        Assert.Equal(6, one.Variances.Sum(), 1e-9);
        Assert.All(one.Variances.Zip(other.Variances), p => Assert.Equal(p.First, p.Second, 1e-5));
        var made = PcaSamples.Run(PcaSamples.Fit(pca, scaled), Pca.Reconstruct, scaled);
        Assert.All(scaled.Zip(made), p => Assert.Equal(p.First[0], p.Second[0], 1));
    }

    [Fact]
    public void Constant_features_take_no_part_whether_whitened_or_standardised()
    {
        var rows = PcaSamples.Mixed(50, 3).Select(r => (float[])[.. r, 0.1f]).ToArray();
        foreach (var pca in new[] { new Pca { Components = 4 }, new Pca { Components = 4, Whiten = true, Standardize = true } })
        {
            var package = PcaSamples.Fit(pca, rows);
            Assert.Equal(0, PcaReport.Of(package)!.Variances[3], 1e-12);
            Assert.All(PcaSamples.Axes(package).Take(3), axis => Assert.Equal(0, axis[3], 1e-6));
            var made = PcaSamples.Run(package, Pca.Encode, rows);
            Assert.All(made, m => Assert.Equal(0, m[3], 1e-4));
            Assert.All(PcaSamples.Run(package, Pca.Reconstruct, rows).Zip(rows), p => Assert.Equal(0, Distance(p.First, p.Second), 1e-4));
        }
    }

    [Fact]
    public void A_row_of_weight_2_counts_as_two()
    {
        var rows = PcaSamples.Mixed(60, 4);
        var twice = rows.Concat(rows.Take(20)).ToArray();
        var weighed = PcaSamples.Examples(rows) with { Weights = [.. rows.Select((_, i) => i < 20 ? 2f : 1f)] };
        var one = new Recipe { Model = new Pca(), Training = PcaSamples.Training }.Run(weighed).Package;
        var other = PcaSamples.Fit(new Pca(), twice);
        Assert.All(PcaSamples.Axes(one).Zip(PcaSamples.Axes(other)), p => Assert.Equal(0, Distance(p.First, p.Second), 1e-9));
        Assert.Equal(PcaReport.Of(other)!.ExplainedVarianceRatio[0], PcaReport.Of(one)!.ExplainedVarianceRatio[0], 1e-9);
    }

    [Fact]
    public void Held_out_rows_are_judged_and_not_fitted()
    {
        var rows = PcaSamples.Digits();
        var recipe = new Recipe { Model = new Pca { Components = 12 }, Training = PcaSamples.Training };
        var result = recipe.Run(PcaSamples.Examples(rows[..400]), PcaSamples.Examples(rows[400..]));
        var made = PcaSamples.Run(result.Package, Pca.Reconstruct, rows[400..]);
        double error = rows[400..].Zip(made).Average(p => Distance(p.First, p.Second) / 64);
        Assert.Equal(error, result.Reports[0].Epochs[0].Validation["loss"], error * 1e-5);
        Assert.Equal(PcaSamples.Axes(PcaSamples.Fit(new Pca { Components = 12 }, rows[..400])), PcaSamples.Axes(result.Package));
        Assert.Equal(400, PcaReport.Of(result.Package)!.Rows);
    }

    [Fact]
    public void Interrupted_in_its_pass_it_leaves_the_bytes_of_one_run()
    {
        var rows = PcaSamples.Examples(PcaSamples.Digits());
        var recipe = new Recipe { Model = new Pca { Components = 5 }, Training = PcaSamples.Training };
        var whole = recipe.Run(rows).Package.ToBytes();
        Assert.Equal(whole, recipe.Run(rows).Package.ToBytes());
        foreach (int step in new[] { 1, 7, 14 })
        {
            using var stop = new CancellationTokenSource();
            var interrupted = recipe with { CheckpointPath = folder[$"checkpoint{step}"], Stop = stop.Token, Callbacks = [new CancelAfter(step, stop)] };
            if (step < 14)
            {
                Assert.ThrowsAny<OperationCanceledException>(() => interrupted.Run(rows));
            }
            else
            {
                interrupted.Run(rows);
            }

            Assert.Equal(whole, (interrupted with { Stop = default, Callbacks = [] }).Run(rows).Package.ToBytes());
        }
    }

    private static double Distance(float[] a, float[] b) => a.Zip(b).Sum(p => Math.Pow((double)p.First - p.Second, 2));
}
