using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Generative;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Onnx;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using static MlNetDl.Tests.Generative.StrangeDigits;

namespace MlNetDl.Tests.Generative;

/// <summary>Scores of anomaly detectors, against double precision.</summary>
[Collection("torch")]
public sealed class AnomalyScoreTests
{
    [Fact]
    public void The_score_of_a_variational_one_is_the_negative_bound_without_noise()
    {
        var package = Run(Variational).Package;
        Assert.Equal(["score", "encode", "decode", "reconstruct"], package.Manifest.Graphs.Select(g => g.Name));
        float[] rows = Values(Test)[..(64 * 50)];
        using var model = VaeModel.Of(package);
        var (means, logs) = model.Encode(rows);
        var made = model.Outputs(means, null);
        var (_, scores) = Scores(package, rows);
        for (int i = 0; i < 50; i++)
        {
            double bound = 0;
            for (int x = i * 64; x < (i + 1) * 64; x++)
            {
                bound += Math.Log(1 + Math.Exp(made[x])) - (made[x] * rows[x] / 16);
            }

            for (int z = i * 6; z < (i + 1) * 6; z++)
            {
                bound += (((double)means[z] * means[z]) + Math.Exp(logs[z]) - 1 - logs[z]) / 2;
            }

            Assert.Equal(bound, scores[i], 1e-3);
        }
    }

    [Fact]
    public void The_score_of_a_plain_one_is_its_error()
    {
        var package = Run(Plain).Package;
        float[] rows = Values(Test)[..(64 * 50)];
        using var model = CodeModel.Of(package);
        var made = model.Decode(model.Encode(rows).Means);
        var (_, scores) = Scores(package, rows);
        for (int i = 0; i < 50; i++)
        {
            double error = Enumerable.Range(i * 64, 64).Sum(x => Math.Pow((made[x] - rows[x]) / 16, 2));
            Assert.Equal((error + (64 * Math.Log(2 * Math.PI))) / 2, scores[i], 1e-3);
        }
    }

    [Fact]
    public void A_variance_that_is_not_given_is_that_of_the_held_out_errors()
    {
        var result = Run(Variational with { Likelihood = new Gaussian(), Peak = null });
        var report = AnomalyReport.Of(result.Package)!;
        double variance = report.ErrorVariance!.Value;
        Assert.InRange(variance, 0.01, 1);
        using var model = VaeModel.Of(result.Package);
        float[] rows = Values(Test)[..(64 * 20)];
        var (means, logs) = model.Encode(rows);
        var made = model.Outputs(means, null);
        var (observed, _) = model.Observed(Test.Take(20), 0, 20, 0);
        var (_, scores) = Scores(result.Package, rows);
        for (int i = 0; i < 20; i++)
        {
            double bound = -new Gaussian().Log(made.AsSpan(i * 64, 64), observed.AsSpan(i * 64, 64), variance)
                + Enumerable.Range(i * 6, 6).Sum(z => (Math.Pow(means[z], 2) + Math.Exp(logs[z]) - 1 - logs[z]) / 2);
            Assert.Equal(bound, scores[i], 1e-4 * Math.Abs(bound) + 1e-3);
        }
    }

    [Fact]
    public void A_tilted_prior_counts_its_true_divergence()
    {
        var package = Run(Variational with { Prior = new Tilted { Tau = 10 } }, Options with { Epochs = 2 }).Package;
        float[] rows = Values(Test)[..(64 * 20)];
        using var model = VaeModel.Of(package);
        var (means, _) = model.Encode(rows);
        var made = model.Outputs(means, null);
        var prior = new TiltedNormal(6, 10);
        var (_, scores) = Scores(package, rows);
        for (int i = 0; i < 20; i++)
        {
            var observed = rows[(i * 64)..((i + 1) * 64)].Select(v => v / 16).ToArray();
            double norm = Math.Sqrt(Enumerable.Range(i * 6, 6).Sum(z => Math.Pow(means[z], 2)));
            double bound = prior.Divergence(norm) - new Bernoulli().Log(made.AsSpan(i * 64, 64), observed, 1);
            Assert.Equal(bound, scores[i], 1e-3);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(500)]
    public void The_series_of_an_expected_norm_is_exact_enough(int dimensions)
    {
        var prior = new TiltedNormal(dimensions, 5);
        var series = ExpectedNormSeries.Of(prior);
        foreach (double norm in new[] { 0, 0.01, 0.3, 1, 2, 3.7, 8, 25, 60, 300 })
        {
            // Of one value c falls to 0 faster than any power, which a series of few terms follows less well.
            Assert.Equal(prior.ExpectedNorm(norm), Math.Sqrt((norm * norm) + series.At(norm * norm)), dimensions == 1 ? 2e-4 : 2e-6);
        }
    }

    [Fact]
    public void A_value_that_cannot_be_is_infinitely_strange()
    {
        var package = Run(Variational, Options with { Epochs = 1 }).Package;
        float[] row = Values(Test)[..64];
        row[3] = 40;
        var (excess, scores) = Scores(package, row);
        Assert.Equal((float.PositiveInfinity, float.PositiveInfinity), (excess[0], scores[0]));
    }
}
