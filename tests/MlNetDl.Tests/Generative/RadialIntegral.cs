namespace MlNetDl.Tests.Generative;

/// <summary>Integrals over the radius by the trapezoidal rule: the computation that the closed forms are held against.</summary>
internal static class RadialIntegral
{
    private const int Points = 200_000;

    /// <summary>log of the mean of e^{τr} over the radius r of a standard normal variable.</summary>
    public static double Log(int dimensions, double tilt)
    {
        var (log, _) = Moment(dimensions, tilt, _ => 1);
        var (standard, _) = Moment(dimensions, 0, _ => 1);
        return log - standard;
    }

    /// <summary>The mean of a function of the radius under the tilted distribution.</summary>
    public static double Mean(int dimensions, double tilt, Func<double, double> value) => Moment(dimensions, tilt, value).Mean;

    /// <summary>The mean of ‖z‖ of N(μ, I): over the part along μ and the norm of the other d − 1 parts.</summary>
    public static double Norm(int dimensions, double meanNorm)
    {
        double mean = 0, weights = 0;
        for (double t = -9; t <= 9; t += 0.02)
        {
            double along = meanNorm + t, weight = Math.Exp(-t * t / 2);
            mean += weight * Moment(dimensions - 1, 0, r => Math.Sqrt((r * r) + (along * along)), 4000).Mean;
            weights += weight;
        }

        return mean / weights;
    }

    private static (double Log, double Mean) Moment(int dimensions, double tilt, Func<double, double> value, int points = Points)
    {
        double mode = (tilt + Math.Sqrt((tilt * tilt) + (4.0 * (dimensions - 1)))) / 2;
        double low = Math.Max(0, mode - 12), step = (mode + 12 - low) / points;
        double Exponent(double r) => (dimensions == 1 ? 0 : (dimensions - 1) * Math.Log(r)) + (tilt * r) - (r * r / 2);
        double largest = dimensions == 1 && mode == 0 ? 0 : Exponent(mode), sum = 0, weighted = 0;
        for (int i = 0; i <= points; i++)
        {
            double r = low + (i * step);
            double weight = Math.Exp(Exponent(r) - largest) * (i == 0 || i == points ? 0.5 : 1);
            sum += weight;
            weighted += weight * value(r);
        }

        return (largest + Math.Log(sum * step), weighted / sum);
    }
}
