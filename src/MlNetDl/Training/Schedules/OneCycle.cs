using MlNetDl.Configuration;

namespace MlNetDl.Training.Schedules;

/// <summary>One cycle (Smith and Topin 2017, arXiv:1708.07120): the rate follows cosines, up from a small rate to the
/// full one, then down to almost nothing.</summary>
/// <remarks>PyTorch's <c>OneCycleLR</c> with its defaults; the optimiser's learning rate is the peak. Momentum
/// is not cycled.</remarks>
public sealed record OneCycle : Schedule
{
    /// <summary>Share of the steps in which the rate rises, above 0 and below 1; 0.3 by default.</summary>
    [Above(0), Below(1)]
    public double Rise { get; init; } = 0.3;

    /// <summary>The peak divided by the first rate; above 1, 25 by default.</summary>
    [Above(1)]
    public double StartDivisor { get; init; } = 25;

    /// <summary>The first rate divided by the last; above 1, 10,000 by default.</summary>
    [Above(1)]
    public double EndDivisor { get; init; } = 1e4;

    /// <inheritdoc/>
    protected override double Factor(long step, long totalSteps)
    {
        double peak = (Rise * totalSteps) - 1, last = totalSteps - 1, start = 1 / StartDivisor;
        return step <= peak
            ? Between(start, 1, step / Math.Max(peak, 1e-9))
            : Between(1, start / EndDivisor, (step - peak) / Math.Max(last - peak, 1e-9));
    }

    private static double Between(double from, double to, double share) =>
        to + ((from - to) / 2 * (1 + Math.Cos(Math.PI * Math.Clamp(share, 0, 1))));
}
