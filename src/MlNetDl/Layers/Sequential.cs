using MlNetDl.Layers.Contracts;

namespace MlNetDl.Layers;

/// <summary>Layers one after the other: each gets the value of the one before.</summary>
/// <param name="Children">The layers, in order; none is allowed and is the identity.</param>
public sealed record Sequential(params ValueList<Layer> Children) : Layer;
