namespace MlNetDl.Generative;

/// <summary>The tilted prior of variational autoencoders (Floto, Kremer and Nica 2023, "The Tilted Variational
/// Autoencoder", arXiv:2111.15646): p(z) = e^{τ‖z‖} N(z; 0, I) / Z in d dimensions.</summary>
/// <remarks>
/// Its density is largest on the sphere ‖z‖ = τ. With τ = 0 it is the standard normal distribution. The encoder of such an
/// autoencoder gives N(μ, I): a mean alone, and the variance 1. All quantities are in nats and in double precision. They are
/// computed from logarithms, because Z itself leaves the range of doubles near τ = 37.
/// </remarks>
public sealed class TiltedNormal
{
    private readonly Lazy<double> modeNorm;

    /// <summary>Makes the distribution.</summary>
    /// <param name="dimensions">The number of dimensions d, 1 or more.</param>
    /// <param name="tilt">The tilt τ, finite, 0 or more: the radius of the sphere of highest density.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public TiltedNormal(int dimensions, double tilt)
    {
        if (dimensions < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(dimensions), dimensions, "A tilted prior needs 1 dimension or more; give the size of the latent code.");
        }

        CheckNotNegative(tilt, nameof(tilt), "The tilt");
        (Dimensions, Tilt) = (dimensions, tilt);
        LogNormalizer = LogZ(dimensions, tilt);
        modeNorm = new(FindModeNorm);
    }

    /// <summary>The number of dimensions d.</summary>
    public int Dimensions { get; }

    /// <summary>The tilt τ.</summary>
    public double Tilt { get; }

    /// <summary>log Z, where Z is the mean of e^{τ‖z‖} under N(0, I); 0 for a tilt of 0.</summary>
    /// <remarks>Z = ₁F₁(d/2; ½; τ²/2) + τ√2 · Γ((d+1)/2)/Γ(d/2) · ₁F₁((d+1)/2; 3/2; τ²/2).</remarks>
    public double LogNormalizer { get; }

    /// <summary>μ*: the norm of a mean μ for which <see cref="Divergence"/> is smallest; 0 or more.</summary>
    /// <remarks>It lies between 0 and τ, and is 0 for small tilts. An encoder whose codes have this norm pays only
    /// <c>Divergence(ModeNorm)</c>, which is above 0 unless the tilt is 0.</remarks>
    public double ModeNorm => modeNorm.Value;

    /// <summary>The mode of the radius ‖z‖ under the prior: (τ + √(τ² + 4(d − 1))) / 2.</summary>
    public double ModeRadius => (Tilt + Math.Sqrt((Tilt * Tilt) + (4.0 * (Dimensions - 1)))) / 2;

    /// <summary>The mean of ‖z‖ for z from N(μ, I) in d dimensions.</summary>
    /// <param name="meanNorm">‖μ‖, finite, 0 or more.</param>
    /// <remarks>√(π/2) · L(−‖μ‖²/2) with the generalised Laguerre function L of degree ½ and order d/2 − 1. It equals
    /// √2 · Γ((d+1)/2)/Γ(d/2) · e^{−x} ₁F₁((d+1)/2; d/2; x) at x = ‖μ‖²/2, a mean over Poisson weights, which is how it is
    /// summed.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The norm is negative or not finite.</exception>
    public double ExpectedNorm(double meanNorm)
    {
        CheckNotNegative(meanNorm, nameof(meanNorm), "The norm of the mean");
        return MeanOverPoisson(meanNorm, CentralNorm);
    }

    /// <summary>The derivative of <see cref="ExpectedNorm"/> by ‖μ‖; from 0 to 1.</summary>
    /// <param name="meanNorm">‖μ‖, finite, 0 or more.</param>
    /// <remarks>The derivative of <see cref="Divergence"/> is ‖μ‖ − τ times this value.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The norm is negative or not finite.</exception>
    public double ExpectedNormSlope(double meanNorm)
    {
        CheckNotNegative(meanNorm, nameof(meanNorm), "The norm of the mean");
        return meanNorm * SlopeOverNorm(meanNorm);
    }

    /// <summary>The Kullback–Leibler divergence of N(μ, I) from this prior, in nats; 0 or more.</summary>
    /// <param name="meanNorm">‖μ‖, finite, 0 or more.</param>
    /// <remarks>log Z − τ · ExpectedNorm(‖μ‖) + ‖μ‖²/2. The paper trains with ½(‖μ‖ − μ*)² instead, which leaves out the
    /// smallest divergence and is only close to its form.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The norm is negative or not finite.</exception>
    public double Divergence(double meanNorm) =>
        Math.Max(0, LogNormalizer - (Tilt * ExpectedNorm(meanNorm)) + (meanNorm * meanNorm / 2));

    /// <summary>The logarithm of the density at a point.</summary>
    /// <param name="z">The point: <see cref="Dimensions"/> values.</param>
    /// <exception cref="ArgumentException">The point has another number of values.</exception>
    public double LogDensity(ReadOnlySpan<double> z)
    {
        if (z.Length != Dimensions)
        {
            throw new ArgumentException(
                $"The prior has {Dimensions} dimensions but the point has {z.Length} values; give one value for each dimension.",
                nameof(z));
        }

        double square = 0;
        foreach (double value in z)
        {
            square += value * value;
        }

        return (Tilt * Math.Sqrt(square)) - (square / 2) - (Dimensions * Math.Log(2 * Math.PI) / 2) - LogNormalizer;
    }

    /// <summary>Draws a radius ‖z‖, with the density r^{d−1} e^{τr − r²/2} up to a constant. The method is exact.</summary>
    /// <param name="random">The generator; an equal one gives an equal radius.</param>
    /// <remarks>Rejection from N(m, 1) with the mode m of the radius. The logarithm of the density curves down at least as
    /// strongly as that of a normal density of variance 1, so at least half of the draws are taken.</remarks>
    public double SampleRadius(Random random)
    {
        double mode = ModeRadius;
        while (true)
        {
            double step = Gaussian(random), radius = mode + step;
            if (radius <= 0)
            {
                continue;
            }

            // The logarithm of the density over the proposal, both relative to the mode.
            double chance = Dimensions == 1 ? 0 : (Dimensions - 1) * (Math.Log(radius / mode) - (step / mode));
            if (Math.Log(1 - random.NextDouble()) <= chance)
            {
                return radius;
            }
        }
    }

    /// <summary>Draws a point: a radius, and a direction that is uniform on the sphere.</summary>
    /// <param name="random">The generator; an equal one gives an equal point.</param>
    /// <returns><see cref="Dimensions"/> values.</returns>
    public double[] Sample(Random random)
    {
        double radius = SampleRadius(random), square = 0;
        var point = new double[Dimensions];
        while (square == 0)
        {
            for (int i = 0; i < point.Length; i++)
            {
                point[i] = Gaussian(random);
                square += point[i] * point[i];
            }
        }

        double scale = radius / Math.Sqrt(square);
        for (int i = 0; i < point.Length; i++)
        {
            point[i] *= scale;
        }

        return point;
    }

    private static double LogZ(int dimensions, double tilt)
    {
        if (tilt == 0)
        {
            return 0;
        }

        double half = dimensions / 2.0, x = tilt * tilt / 2;
        double even = GammaFunctions.LogKummer(half, 0.5, x);
        double odd = Math.Log(tilt * Math.Sqrt(2) * GammaFunctions.HalfStep(half)) + GammaFunctions.LogKummer(half + 0.5, 1.5, x);
        double larger = Math.Max(even, odd);
        return larger + Math.Log(Math.Exp(even - larger) + Math.Exp(odd - larger));
    }

    // The slope divided by the norm falls as the norm grows, so the divergence has one minimum, and it lies below the tilt.
    private double FindModeNorm()
    {
        if (Tilt * SlopeOverNorm(0) <= 1)
        {
            return 0;
        }

        double low = 0, high = Tilt;
        while (true)
        {
            double middle = low + ((high - low) / 2);
            if (middle <= low || middle >= high)
            {
                return middle;
            }

            (low, high) = Tilt * SlopeOverNorm(middle) > 1 ? (middle, high) : (low, middle);
        }
    }

    private double SlopeOverNorm(double meanNorm) =>
        MeanOverPoisson(meanNorm, k => CentralNorm(k) / (Dimensions + (2 * k)));

    // ‖z‖² is a chi-squared variable with d + 2k degrees of freedom, where k is a Poisson variable with mean ‖μ‖²/2.
    private static double MeanOverPoisson(double meanNorm, Func<double, double> value)
    {
        double x = meanNorm * meanNorm / 2, peak = Math.Floor(x);
        double weights = GammaFunctions.SumFromPeak(peak, k => x / (k + 1), _ => 1);
        return GammaFunctions.SumFromPeak(peak, k => x / (k + 1), value) / weights;
    }

    private double CentralNorm(double k) => Math.Sqrt(2) * GammaFunctions.HalfStep((Dimensions / 2.0) + k);

    private static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static void CheckNotNegative(double value, string name, string what)
    {
        if (!double.IsFinite(value) || value < 0)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{what} must be finite and 0 or more.");
        }
    }
}
