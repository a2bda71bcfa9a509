using MlNetDl.Layers.Contracts;

namespace MlNetDl.Layers;

/// <summary>Continues from a named wire or network input instead of from the running value.</summary>
/// <param name="Wire">The name that an earlier <see cref="Tap"/> published, or a network input.</param>
public sealed record Read(string Wire) : Layer;
