using MlNetDl.Configuration;

namespace MlNetDl.Training.Schedules;

/// <summary>The rate is multiplied by a factor at regular points.</summary>
public sealed record Step : Schedule
{
    /// <summary>Share of all steps between two drops; above 0. A third gives two drops.</summary>
    [Above(0)]
    public double Every { get; init; } = 1.0 / 3.0;

    /// <summary>The factor on the rate at each drop; above 0, 0.1 by default.</summary>
    [Above(0)]
    public double Gamma { get; init; } = 0.1;

    /// <inheritdoc/>
    protected override double Factor(long step, long totalSteps) => Math.Pow(Gamma, Math.Floor((step / (Every * totalSteps)) + 1e-9));
}
