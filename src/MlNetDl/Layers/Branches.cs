using MlNetDl.Layers.Contracts;

namespace MlNetDl.Layers;

/// <summary>Parallel paths over the same input, joined by a leaf over several inputs (<see cref="Sum"/>,
/// <see cref="Concat"/>, <see cref="Product"/>, …).</summary>
/// <param name="Join">The leaf that takes all branches' values, in order.</param>
/// <param name="Children">The branches; each gets the value that came in.</param>
public sealed record Branches(Leaf Join, params ValueList<Layer> Children) : Layer;
