using MlNetDl.Configuration;

namespace MlNetDl.Training.Schedules;

/// <summary>Half a cosine from the full rate to a floor (Loshchilov and Hutter 2016, arXiv:1608.03983, eq.
/// 5, without restarts).</summary>
public sealed record Cosine : Schedule
{
    /// <summary>The rate at the end as a share of the full one, 0 to below 1; 0 by default.</summary>
    [AtLeast(0), Below(1)]
    public double Floor { get; init; }

    /// <inheritdoc/>
    protected override double Factor(long step, long totalSteps) => Floor + ((1 - Floor) * (1 + Math.Cos(Math.PI * step / totalSteps)) / 2);
}
