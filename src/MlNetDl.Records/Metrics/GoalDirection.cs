namespace MlNetDl.Metrics;

/// <summary>The direction of a goal, told once: whoever compares values turns them into losses, and needs no case
/// for each goal.</summary>
public static class GoalDirection
{
    /// <summary>A value turned so that smaller is better: itself where it is minimised, its negative where it is
    /// maximised. NaN stays NaN. The loss of a loss is the value again.</summary>
    /// <param name="goal">Which values are better.</param>
    /// <param name="value">The value, or a difference of two.</param>
    public static double Loss(this Goal goal, double value) => goal == Goal.Minimize ? value : -value;

    /// <summary>Whether a value is better than another; never where one of the two is NaN.</summary>
    /// <param name="goal">Which values are better.</param>
    /// <param name="value">The one.</param>
    /// <param name="other">The other.</param>
    public static bool IsBetter(this Goal goal, double value, double other) => goal.Loss(value) < goal.Loss(other);
}
