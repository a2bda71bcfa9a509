namespace MlNetDl.Training;

/// <summary>How the numbers of a model's graphs are stored, where not in float32.</summary>
/// <param name="Stage">The stage that rounded them.</param>
/// <param name="Words">In words, such as <c>8-bit weights, 8-bit values</c>.</param>
/// <param name="KeepsFloatWeights">Whether the float weights lie beside the graphs, so that a training can continue from
/// them.</param>
public sealed record QuantizationSummary(string Stage, string Words, bool KeepsFloatWeights);
