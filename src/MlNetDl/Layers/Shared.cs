using MlNetDl.Layers.Contracts;

namespace MlNetDl.Layers;

/// <summary>A layer whose weights are kept under a name of their own: every layer shared under that name uses
/// the same weights.</summary>
/// <param name="WeightsName">The name of the shared weights.</param>
/// <param name="Inner">The layer; everywhere under one name it must ask for weights of the same names and dimensions.
/// The first one's initializers fill them.</param>
public sealed record Shared(string WeightsName, Layer Inner) : Layer;
