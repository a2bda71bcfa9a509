using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Networks;

/// <summary>Multi-layer perceptron: fully connected layers with an activation and, if asked for, dropout between them.</summary>
/// <remarks>784-128-10 has 101,770 weights. Without hidden layers it is a linear model.</remarks>
public sealed record Mlp : NetworkSpec
{
    /// <summary>Widths of the hidden layers; one layer of 128 by default.</summary>
    public ValueList<int> Hidden { get; init; } = [128];

    /// <inheritdoc/>
    public override Layer Build(Shape input, int outputs) => new Sequential(
    [
        .. input.Rank > 2 ? [new Flatten()] : (Layer[])[],
        .. Hidden.SelectMany(width => (Layer[])[new Linear(width), new ReLU()]),
        new Linear(outputs),
    ]);
}
