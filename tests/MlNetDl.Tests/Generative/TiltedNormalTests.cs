using MlNetDl.Generative;

namespace MlNetDl.Tests.Generative;

/// <summary>Floto, Kremer and Nica 2023, arXiv:2111.15646.</summary>
public sealed class TiltedNormalTests
{
    /// <summary>Values of an implementation with arbitrary precision.</summary>
    [Theory]
    [InlineData(2, 3, 6.517678, 2.775545, 1.479068)]
    [InlineData(3, 10, 55.308268, 9.897927, 4.303165)]
    [InlineData(10, 25, 336.495100, 24.818902, 19.491489)]
    [InlineData(10, 30, 475.618743, 29.849364, 21.116238)]
    [InlineData(32, 20, 256.575979, 19.206325, 41.056509)]
    [InlineData(100, 30, 613.999678, 28.299002, 114.472119)]
    public void Reference_values_come_out(int dimensions, double tilt, double logZ, double norm, double divergence)
    {
        var prior = new TiltedNormal(dimensions, tilt);
        Assert.Equal(0, (prior.LogNormalizer / logZ) - 1, 1e-6);
        Assert.Equal(norm, prior.ModeNorm, 1e-4);
        Assert.Equal(0, (prior.Divergence(prior.ModeNorm) / divergence) - 1, 1e-6);
    }

    [Theory]
    [InlineData(10, 25, 0.49304)]
    [InlineData(100, 30, 0.44650)]
    public void The_quadratic_of_the_paper_is_close_but_not_the_divergence(int dimensions, double tilt, double rise)
    {
        var prior = new TiltedNormal(dimensions, tilt);
        Assert.Equal(rise, prior.Divergence(prior.ModeNorm + 1) - prior.Divergence(prior.ModeNorm), 3e-5);
    }

    [Theory]
    [InlineData(3, 2, 2.494231)]
    [InlineData(10, 5, 5.842841)]
    public void Expected_norms_are_the_reference_values(int dimensions, double meanNorm, double expected) =>
        Assert.Equal(expected, new TiltedNormal(dimensions, 1).ExpectedNorm(meanNorm), 1e-6);

    /// <summary>In one dimension ‖z‖ is the folded normal variable, whose mean has a closed form.</summary>
    [Fact]
    public void One_dimension_has_closed_forms()
    {
        var prior = new TiltedNormal(1, 2);

        // Z = 2 e^{τ²/2} Φ(τ), with Φ(2) = 0.977249868051821.
        Assert.Equal(Math.Log(2) + 2 + Math.Log(0.977249868051821), prior.LogNormalizer, 1e-12);

        // √(2/π) e^{−μ²/2} + μ (1 − 2 Φ(−μ)) at μ = 2.
        Assert.Equal((Math.Sqrt(2 / Math.PI) * Math.Exp(-2)) + (2 * ((2 * 0.977249868051821) - 1)), prior.ExpectedNorm(2), 1e-12);
        Assert.Equal(Math.Sqrt(2 / Math.PI), prior.ExpectedNorm(0), 1e-14);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(10_000)]
    public void Without_a_tilt_it_is_the_standard_normal(int dimensions)
    {
        var prior = new TiltedNormal(dimensions, 0);
        Assert.Equal((0.0, 0.0), (prior.LogNormalizer, prior.ModeNorm));
        Assert.Equal(4.5, prior.Divergence(3), 1e-12);
        var point = new double[dimensions];
        point[0] = 2;
        Assert.Equal(-2 - (dimensions * Math.Log(2 * Math.PI) / 2), prior.LogDensity(point), 1e-9);
    }

    /// <summary>Also where Z is beyond doubles, and for small and large numbers of dimensions.</summary>
    [Theory]
    [InlineData(1, 0.3)]
    [InlineData(2, 3)]
    [InlineData(3, 0.001)]
    [InlineData(10, 60)]
    [InlineData(10, 2000)]
    [InlineData(784, 5)]
    [InlineData(10_000, 0.01)]
    [InlineData(10_000, 150)]
    public void The_normaliser_is_the_integral_over_the_radius(int dimensions, double tilt)
    {
        double expected = RadialIntegral.Log(dimensions, tilt);
        Assert.Equal(expected, new TiltedNormal(dimensions, tilt).LogNormalizer, 1e-9 * Math.Max(1, expected));
    }

    [Fact]
    public void A_normaliser_beyond_doubles_has_its_logarithm() => Assert.Equal(1831.8, new TiltedNormal(10, 60).LogNormalizer, 0.05);

    /// <summary>‖z‖ of N(μ, I) depends on the part along μ and the norm of the rest.</summary>
    [Theory]
    [InlineData(5, 0.7)]
    [InlineData(5, 4)]
    [InlineData(400, 30)]
    public void Expected_norms_are_an_integral_over_two_parts(int dimensions, double meanNorm) => Assert.Equal(
        RadialIntegral.Norm(dimensions, meanNorm), new TiltedNormal(dimensions, 1).ExpectedNorm(meanNorm), 1e-8 * (1 + meanNorm));

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(10, 25)]
    [InlineData(10_000, 90)]
    public void Slopes_are_those_of_the_expected_norm(int dimensions, double meanNorm)
    {
        var prior = new TiltedNormal(dimensions, 3);
        double difference = prior.ExpectedNorm(meanNorm + 1e-4) - prior.ExpectedNorm(meanNorm - 1e-4);
        Assert.Equal(difference / 2e-4, prior.ExpectedNormSlope(meanNorm), 1e-7);
        Assert.InRange(prior.ExpectedNormSlope(meanNorm), 0, 1);
    }

    [Theory]
    [InlineData(1, 0.1)]
    [InlineData(10, 2)]
    [InlineData(10, 25)]
    [InlineData(200, 12)]
    public void No_other_norm_has_a_smaller_divergence(int dimensions, double tilt)
    {
        var prior = new TiltedNormal(dimensions, tilt);
        double least = prior.Divergence(prior.ModeNorm);
        Assert.InRange(least, 1e-6, double.MaxValue);
        Assert.All(Enumerable.Range(0, 400).Select(i => i * 0.1), norm => Assert.True(prior.Divergence(norm) >= least - 1e-10));
    }

    [Fact]
    public void Small_tilts_draw_no_mean_away_from_zero()
    {
        // The divergence has its minimum at 0 while τ is at most d / E‖z‖, which is 3.24 for ten dimensions.
        Assert.Equal(0, new TiltedNormal(10, 3.2).ModeNorm);
        Assert.InRange(new TiltedNormal(10, 3.3).ModeNorm, 0.1, 3.3);
    }

    /// <summary>KL(N(μ, I) ‖ p) as a mean of log q − log p over draws of q.</summary>
    [Fact]
    public void The_divergence_is_the_mean_difference_of_log_densities()
    {
        var (prior, normal, random) = (new TiltedNormal(4, 6), new TiltedNormal(4, 0), new Random(1));
        double sum = 0;
        const int Count = 200_000;
        for (int i = 0; i < Count; i++)
        {
            var noise = normal.Sample(random);
            double logQ = normal.LogDensity(noise);
            noise[0] += 3;
            sum += logQ - prior.LogDensity(noise);
        }

        Assert.Equal(prior.Divergence(3), sum / Count, 0.05);
    }

    [Theory]
    [InlineData(0, 1, "dimensions")]
    [InlineData(2, -1, "tilt")]
    [InlineData(2, double.NaN, "tilt")]
    [InlineData(2, double.PositiveInfinity, "tilt")]
    public void Parameters_out_of_range_are_refused(int dimensions, double tilt, string name) =>
        Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => new TiltedNormal(dimensions, tilt)).ParamName);

    [Fact]
    public void Norms_and_points_that_do_not_fit_are_refused()
    {
        var prior = new TiltedNormal(2, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => prior.ExpectedNorm(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => prior.ExpectedNormSlope(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => prior.Divergence(double.PositiveInfinity));
        Assert.Contains("2 dimensions but the point has 3", Assert.Throws<ArgumentException>(
            () => prior.LogDensity(new double[3])).Message, StringComparison.Ordinal);
    }
}
