using MlNetDl.Generative;

namespace MlNetDl.Tests.Generative;

/// <summary>What <see cref="TiltedNormal"/> draws.</summary>
public sealed class TiltedSamplesTests
{
    private const int Count = 100_000;

    /// <summary>Within four standard errors of integrals over the radius.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 2)]
    [InlineData(2, 0)]
    [InlineData(2, 3)]
    [InlineData(10, 25)]
    [InlineData(1000, 4)]
    public void Radii_have_the_moments_of_their_density(int dimensions, double tilt)
    {
        var (prior, random) = (new TiltedNormal(dimensions, tilt), new Random(3));
        double[] radii = [.. Enumerable.Range(0, Count).Select(_ => prior.SampleRadius(random))];
        Assert.All(radii, r => Assert.True(r > 0));
        for (int power = 1; power <= 3; power++)
        {
            double mean = RadialIntegral.Mean(dimensions, tilt, r => Math.Pow(r, power));
            double variance = RadialIntegral.Mean(dimensions, tilt, r => Math.Pow(r, 2 * power)) - (mean * mean);
            Assert.Equal(mean, radii.Average(r => Math.Pow(r, power)), 4 * Math.Sqrt(variance / Count));
        }
    }

    /// <summary>The largest distance between the two distribution functions (Kolmogorov), at the 0.1 % level.</summary>
    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    [InlineData(10, 25)]
    public void Radii_have_the_distribution_of_their_density(int dimensions, double tilt)
    {
        var (prior, random) = (new TiltedNormal(dimensions, tilt), new Random(4));
        double[] radii = [.. Enumerable.Range(0, Count).Select(_ => prior.SampleRadius(random)).Order()];
        double worst = 0;
        for (int i = Count / 20; i < Count; i += Count / 20)
        {
            double limit = radii[i];
            worst = Math.Max(worst, Math.Abs(RadialIntegral.Mean(dimensions, tilt, r => r <= limit ? 1 : 0) - ((i + 1.0) / Count)));
        }

        Assert.InRange(worst, 0, 1.95 / Math.Sqrt(Count));
    }

    [Fact]
    public void Directions_are_uniform()
    {
        var (prior, random) = (new TiltedNormal(3, 5), new Random(5));
        var mean = new double[3];
        var square = new double[3];
        for (int i = 0; i < Count; i++)
        {
            var z = prior.Sample(random);
            double norm = Math.Sqrt(z.Sum(v => v * v));
            for (int d = 0; d < 3; d++)
            {
                mean[d] += z[d] / norm / Count;
                square[d] += z[d] * z[d] / (norm * norm) / Count;
            }
        }

        Assert.All(mean, m => Assert.Equal(0, m, 0.01));
        Assert.All(square, s => Assert.Equal(1 / 3.0, s, 0.01));
    }

    [Fact]
    public void Equal_generators_give_equal_points()
    {
        var prior = new TiltedNormal(6, 9);
        Assert.Equal(prior.Sample(new Random(7)), prior.Sample(new Random(7)));
        Assert.NotEqual(prior.Sample(new Random(7)), prior.Sample(new Random(8)));
        Assert.Equal(6, prior.Sample(new Random(7)).Length);
    }
}
