using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Networks;

/// <summary>A network given layer by layer.</summary>
public sealed record CustomNetwork : NetworkSpec
{
    /// <summary>The tree of layers, or a list of layers that follow one another; its last layer must have as many outputs as the task needs.</summary>
    public required Layer Layers { get; init; }

    /// <inheritdoc/>
    public override Layer Build(Shape input, int outputs) => Layers;
}
