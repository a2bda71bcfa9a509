using MlNetDl.Layers.Contracts;

namespace MlNetDl.Tasks;

/// <summary>How target values were standardised for training: x → (x − mean) / deviation, value by value.</summary>
/// <param name="Mean">The mean of each value of a target; empty where targets are not standardised.</param>
/// <param name="StandardDeviation">The standard deviation of each, greater than 0; as many as there are means.</param>
public sealed record TargetScale(ValueList<float> Mean, ValueList<float> StandardDeviation)
{
    /// <summary>Targets stay as they are.</summary>
    public static TargetScale None { get; } = new([], []);

    /// <summary>Whether targets stay as they are.</summary>
    public bool IsNone => Mean.Count == 0;
}
