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

    /// <summary>Target values standardised.</summary>
    /// <param name="values">The values of one target or several, one after the other.</param>
    public float[] Standardize(ReadOnlySpan<float> values) => Each(values, (x, mean, deviation) => (x - mean) / deviation);

    /// <summary>Standardised values in the label's unit again.</summary>
    /// <param name="values">The values of one target or several, one after the other.</param>
    public float[] Undo(ReadOnlySpan<float> values) => Each(values, (x, mean, deviation) => (x * deviation) + mean);

    /// <inheritdoc/>
    public override string ToString() => IsNone ? "their own unit" : $"mean {Mean} and standard deviation {StandardDeviation}";

    private float[] Each(ReadOnlySpan<float> values, Func<float, float, float, float> change)
    {
        var result = values.ToArray();
        for (int i = 0; !IsNone && i < result.Length; i++)
        {
            int k = i % Mean.Count;
            result[i] = change(result[i], Mean[k], StandardDeviation[k]);
        }

        return result;
    }
}
