using MlNetDl.Analysis;

namespace MlNetDl.Onnx;

/// <summary>Which value of an ONNX graph carries what of the network's plan. Weights need no table: an initializer has
/// the full name of its parameter.</summary>
/// <param name="Plan">The plan that was written: the scoring form.</param>
/// <param name="Slots">The name of the value in each slot that the plan uses. Layers that pass their input on
/// (<c>Identity</c>, <c>Dropout</c>) make no value, so two slots may have one.</param>
/// <param name="Paths">For each value that a node makes, the path of the step that wrote it; empty for values that
/// belong to no step.</param>
/// <remarks>These are the names as the layers' export gave them; after a pass some of the values may be gone.</remarks>
public sealed record OnnxNames(Plan Plan, IReadOnlyDictionary<int, string> Slots, IReadOnlyDictionary<string, string> Paths)
{
    private readonly HashSet<string> weights = [.. Plan.Parameters.Select(p => p.Name)];

    /// <summary>Whether a constant is a weight of the network, and no constant of a layer.</summary>
    public bool IsWeight(string name) => weights.Contains(name);
}
