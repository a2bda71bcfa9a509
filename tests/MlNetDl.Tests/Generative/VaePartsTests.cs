using MlNetDl.Configuration;
using MlNetDl.Generative;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Generative;

/// <summary>Priors, likelihoods and what the divergence counts, in closed form.</summary>
[Collection("torch")]
public sealed class VaePartsTests
{
    [Fact]
    public void The_divergence_from_a_standard_normal_is_the_closed_form()
    {
        using var scope = NewDisposeScope();
        var mean = tensor(new float[,] { { 1, 0 }, { 0, 0 } });
        var logVariance = tensor(new[,] { { (float)Math.Log(4), 0 }, { 0, 0 } });
        var divergence = new StandardNormal().Divergence(mean, logVariance).data<float>().ToArray();
        // ½(1 + 4 − 1 − log 4)
        Assert.Equal(1.306853, divergence[0], 1e-6);
        Assert.Equal(0, divergence[1]);
        Assert.Equal(0.5, new StandardNormal().Divergence(mean, null).data<float>()[0], 1e-6);
    }

    [Fact]
    public void Densities_and_samples_of_the_standard_normal_agree()
    {
        using var scope = NewDisposeScope();
        var prior = new StandardNormal();
        var codes = prior.Sample(20_000, 3, new Random(1));
        Assert.Equal(codes, prior.Sample(20_000, 3, new Random(1)));
        Assert.Equal(0, codes.Average(), 0.02);
        Assert.Equal(1, codes.Average(c => c * c), 0.03);
        Assert.Equal(0, codes.Where((_, i) => i + 1 < codes.Length).Select((c, i) => c * codes[i + 1]).Average(), 0.02);
        float[] code = [0.5f, -1, 2];
        double expected = -(((0.25 + 1 + 4) / 2) + (1.5 * Math.Log(2 * Math.PI)));
        Assert.Equal(expected, prior.LogDensity(code), 1e-9);
        Assert.Equal(expected, prior.LogDensity(tensor(code).reshape(1, 3)).item<float>(), 1e-5);
    }

    [Fact]
    public void A_tilted_prior_in_torch_is_the_one_in_double_precision_with_its_gradient()
    {
        using var scope = NewDisposeScope();
        var (prior, exact) = (new Tilted { Tau = 5 }, new TiltedNormal(3, 5));
        var mean = tensor(new float[,] { { 1, 2, 2 }, { 0, 0, 0 }, { -4, 3, 0 } }, requires_grad: true);
        var divergence = prior.Divergence(mean, null);
        float[] norms = [3, 0, 5];
        Assert.Equal(norms.Select(n => exact.Divergence(n)), divergence.data<float>().ToArray().Select(d => (double)d), (a, b) => Math.Abs(a - b) < 1e-4);
        divergence.sum().backward();
        double Slope(double n) => (exact.Divergence(n + 1e-5) - exact.Divergence(n - 1e-5)) / 2e-5;
        double[] expected = [Slope(3) / 3, Slope(3) * 2 / 3, Slope(3) * 2 / 3, 0, 0, 0, Slope(5) * -0.8, Slope(5) * 0.6, 0];
        Assert.Equal(expected, mean.grad!.data<float>().ToArray().Select(g => (double)g), (a, b) => Math.Abs(a - b) < 1e-3);

        // Far from the sphere by the asymptote; what is not finite is left to the trainer to tell.
        var far = prior.Divergence(tensor(new float[,] { { 9_999, 0, 0 }, { 10_001, 0, 0 }, { float.NaN, 0, 0 } }), null).data<float>().ToArray();
        Assert.Equal(2 * (10_000 - 5), far[1] - far[0], 16.0);
        Assert.True(float.IsNaN(far[2]));

        float[] code = [1, -2, 4];
        Assert.Equal(exact.LogDensity(new double[] { 1, -2, 4 }), prior.LogDensity(code), 1e-9);
        Assert.Equal(prior.LogDensity(code), prior.LogDensity(tensor(code).reshape(1, 3)).item<float>(), 1e-4);
        var drawn = prior.Sample(4000, 3, new Random(1)).Chunk(3).Select(c => Math.Sqrt(c.Sum(v => (double)v * v))).Average();
        Assert.InRange(drawn, 5, 5.8);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(-30)]
    [InlineData(30)]
    public void A_binary_value_has_the_likelihood_of_its_probability(double output)
    {
        using var scope = NewDisposeScope();
        foreach (var seen in new[] { 0f, 1f, 0.25f })
        {
            double p = 1 / (1 + Math.Exp(-output)), q = 1 / (1 + Math.Exp(output));
            double log = (seen * Math.Log(p)) + ((1 - seen) * Math.Log(q));
            float[] outputs = [(float)output, 0], observed = [seen, 1];
            Assert.Equal(log + Math.Log(0.5), new Bernoulli().Log(outputs, observed, 1), 1e-4);
            var torch = new Bernoulli().NegativeLog(tensor(outputs).reshape(1, 2), tensor(observed).reshape(1, 2));
            Assert.Equal(log + Math.Log(0.5), -torch.item<float>(), 1e-4);
        }
    }

    [Fact]
    public void Grey_pixels_are_drawn_once_and_alike_in_any_order()
    {
        using var scope = NewDisposeScope();
        var bernoulli = new Bernoulli { Binarize = Binarization.Static };
        var grey = Enumerable.Range(0, 40 * 500).Select(i => i % 40 / 39f).ToArray();
        for (int image = 0; image < 500; image++)
        {
            grey[image * 40] = image % 256 / 255f;
        }

        var drawn = bernoulli.Observe(tensor(grey).reshape(500, 40)).data<float>().ToArray();
        Assert.All(drawn, v => Assert.True(v is 0 or 1));
        var again = (float[])grey.Clone();
        bernoulli.Observe(again, 40, seed: 9);
        Assert.Equal(drawn, again);
        Assert.Equal(drawn[80..120], bernoulli.Observe(tensor(grey[80..120]).reshape(1, 40)).data<float>().ToArray());
        // White as often as it is grey.
        for (int pixel = 1; pixel < 40; pixel++)
        {
            Assert.Equal(pixel / 39.0, Enumerable.Range(0, 500).Average(i => drawn[(i * 40) + pixel]), 0.1);
        }

        // Another device divides by the peak to another last digit.
        var near = Array.ConvertAll(grey, g => MathF.BitIncrement(g));
        bernoulli.Observe(near, 40, seed: 0);
        Assert.Equal(drawn, near);
        var other = (float[])grey.Clone();
        (bernoulli with { Seed = 1 }).Observe(other, 40, seed: 0);
        Assert.NotEqual(drawn, other);
        var dynamic = (float[])grey.Clone();
        new Bernoulli { Binarize = Binarization.Dynamic }.Observe(dynamic, 40, seed: 4);
        Assert.NotEqual(drawn, dynamic);
        var untouched = (float[])grey.Clone();
        new Bernoulli().Observe(untouched, 40, seed: 4);
        Assert.Equal(grey, untouched);
    }

    [Theory]
    [InlineData(1.5f, "set the model's peak")]
    [InlineData(-0.1f, "take likelihood: gaussian")]
    [InlineData(float.NaN, "missing value")]
    public void Values_beyond_black_and_white_are_refused(float value, string words)
    {
        using var scope = NewDisposeScope();
        float[] values = [value, 0.5f];
        foreach (var bernoulli in new[] { new Bernoulli(), new Bernoulli { Binarize = Binarization.Static } })
        {
            Assert.Contains(
                words,
                Assert.Throws<ArgumentException>(() => bernoulli.Observe(tensor(values).reshape(1, 2))).Message,
                StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => bernoulli.Observe(values, 2, seed: 0));
        }
    }

    [Fact]
    public void A_Gaussian_has_the_density_of_its_variance_or_of_the_errors()
    {
        using var scope = NewDisposeScope();
        float[] outputs = [0, 1, 2], observed = [0.5f, 1, 1];
        double Expected(double variance) => -((1.25 / variance) + (3 * Math.Log(2 * Math.PI * variance))) / 2;
        var given = new Gaussian { Variance = 0.3 };
        Assert.Equal(Expected(0.3), given.Log(outputs, observed, 99), 1e-5);
        Assert.Equal(Expected(0.3), -given.NegativeLog(tensor(outputs).reshape(1, 3), tensor(observed).reshape(1, 3)).item<float>(), 1e-5);
        Assert.Equal(Expected(1.25 / 3), new Gaussian().Log(outputs, observed, 1.25 / 3), 1e-5);
        Assert.Equal(Expected(1.25 / 3), -new Gaussian().NegativeLog(tensor(outputs).reshape(1, 3), tensor(observed).reshape(1, 3)).item<float>(), 1e-5);
        Assert.True(float.IsFinite(new Gaussian().NegativeLog(zeros(1, 2), zeros(1, 2)).item<float>()));
    }

    [Fact]
    public void Beta_rises_and_begins_anew()
    {
        Assert.Equal([4, 4, 4], new[] { 0, 0.3, 1 }.Select(new Beta { Weight = 4 }.WeightAt));
        Assert.Equal([0, 1, 2, 2, 2], new[] { 0, 0.1, 0.2, 0.7, 1 }.Select(new Beta { Weight = 2, WarmUp = 0.2 }.WeightAt), (a, b) => Math.Abs(a - b) < 1e-12);
        var cycles = new Beta { WarmUp = 0.5, Cycles = 2 };
        Assert.Equal([0, 0.5, 1, 0, 0.5, 1], new[] { 0, 0.125, 0.4, 0.5, 0.625, 1 }.Select(cycles.WeightAt), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.True(cycles.DependsOnLength && !new Beta { Weight = 8 }.DependsOnLength);
        Assert.Single(new Beta { Cycles = 3 }.Problems());
    }

    [Fact]
    public void The_capacity_rises_evenly()
    {
        using var scope = NewDisposeScope();
        var term = new Capacity { Gamma = 10, From = 0, To = 20 };
        var codes = zeros(2, 1);
        var divergence = new Divergences(tensor(new[] { 5f, 15 }), codes, null, codes);
        Assert.Equal([50, 150], term.Of(divergence, 0).data<float>().ToArray());
        Assert.Equal([50, 50], term.Of(divergence, 0.5).data<float>().ToArray());
        Assert.Equal([150, 50], term.Of(divergence, 1).data<float>().ToArray());
    }

    /// <summary>Why likelihoods are logarithms: 784 fair pixels are 784 factors of ½. As a product they are 0 in float32 and so is every slope;
    /// double precision holds this one, and not that of an image of three channels. The sum of logarithms is exact in both.</summary>
    [Fact]
    public void A_product_of_784_factors_underflows_and_a_sum_of_logarithms_does_not()
    {
        using var scope = NewDisposeScope();
        float product = 1;
        double wide = 1, wider = 1;
        for (int pixel = 0; pixel < 784; pixel++)
        {
            (product, wide, wider) = (product * 0.5f, wide * 0.5, wider * 0.125);
        }

        Assert.Equal(0f, product);
        Assert.Equal(Math.ScaleB(1, -784), wide);
        Assert.Equal(0.0, wider);
        var outputs = zeros(1, 784, requires_grad: true);
        var white = ones(1, 784);
        var likelihood = outputs.sigmoid().prod();
        likelihood.backward();
        Assert.Equal((0f, 0f), (likelihood.item<float>(), outputs.grad!.abs().max().item<float>()));
        outputs.grad = null;
        var loss = new Bernoulli().NegativeLog(outputs, white).sum();
        loss.backward();
        Assert.Equal(784 * Math.Log(2), loss.item<float>(), 1e-3);
        Assert.Equal(0.5f, outputs.grad!.abs().max().item<float>());
    }

    /// <summary>Two Gaussians of correlation ρ have a total correlation of −½·log(1 − ρ²); independent ones none.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.8)]
    public void The_total_correlation_is_that_of_the_codes(double correlation)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        const int rows = 1500;
        // Means carry the correlation, and narrow posteriors hardly blur it.
        var (a, b) = (randn(rows, 1), randn(rows, 1));
        var mean = cat([a, (a * correlation) + (b * Math.Sqrt(1 - (correlation * correlation)))], 1);
        var log = full([rows, 2], Math.Log(0.05), dtype: ScalarType.Float32);
        var divergence = new Divergences(zeros(rows), mean, log, randn(rows, 2));
        double blurred = correlation / 1.05;
        Assert.Equal(-0.5 * Math.Log(1 - (blurred * blurred)), TotalCorrelation.Correlation(divergence).mean().item<float>(), 0.05);
        Assert.Equal(
            3 * TotalCorrelation.Correlation(divergence).mean().item<float>(),
            new TotalCorrelation { Weight = 4 }.Of(divergence, 0).mean().item<float>(),
            1e-4);
        // With weight 1 the bound is the bound.
        Assert.Equal(0, new TotalCorrelation { Weight = 1 }.Of(divergence, 0).abs().max().item<float>());
    }
}
