using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Networks;

/// <summary>A network given layer by layer.</summary>
public sealed record CustomNetwork : NetworkSpec
{
    /// <summary>The tree of layers, or a list of layers that follow one another; its last layer must have as many
    /// outputs as the task needs.</summary>
    public required Layer Layers { get; init; }

    /// <inheritdoc/>
    /// <remarks>All layers of a sequence but the last.</remarks>
    public override Layer Backbone(Shape input) => Layers is Sequential { Children.Count: > 0 } sequence
        ? sequence with { Children = sequence.Children.SkipLast(1).ToValueList() }
        : new Sequential();

    /// <inheritdoc/>
    /// <remarks>The last layer of a sequence.</remarks>
    public override Layer Head(Shape input, int outputs) =>
        Layers is Sequential { Children.Count: > 0 } sequence ? sequence.Children[^1] : Layers;

    /// <inheritdoc/>
    public override Layer Build(Shape input, int outputs) => Layers;
}
