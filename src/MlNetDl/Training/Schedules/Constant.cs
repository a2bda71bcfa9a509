namespace MlNetDl.Training.Schedules;

/// <summary>The same rate throughout.</summary>
public sealed record Constant : Schedule
{
    /// <inheritdoc/>
    protected override double Factor(long step, long totalSteps) => 1;
}
