namespace MlNetDl.Training.Schedules;

/// <summary>The rate is multiplied by a factor at regular points.</summary>
public sealed record Step : Schedule
{
    /// <summary>Share of all steps between two drops; above 0. A third gives two drops.</summary>
    public double Every { get; init; } = 1.0 / 3.0;

    /// <summary>What the rate is multiplied by at each drop; above 0, 0.1 by default.</summary>
    public double Gamma { get; init; } = 0.1;

    /// <inheritdoc/>
    protected override double Factor(long step, long totalSteps) => Math.Pow(Gamma, Math.Floor((step / (Every * totalSteps)) + 1e-9));

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Range.Above(Every, 0, "training.schedule.every");
        Range.Above(Gamma, 0, "training.schedule.gamma");
    }
}
