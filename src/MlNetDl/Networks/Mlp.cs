using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Networks;

/// <summary>Multi-layer perceptron: fully connected layers with an activation and, if asked for,
/// dropout between them.</summary>
/// <remarks>784-128-10 has 101,770 weights, LeNet-300-100 has 266,610. Without hidden layers it is
/// a linear model.</remarks>
public sealed record Mlp : NetworkSpec
{
    /// <summary>Widths of the hidden layers; one layer of 128 by default.</summary>
    [AtLeast(1)]
    public ValueList<int> Hidden { get; init; } = [128];

    /// <summary>The activation of the hidden layers.</summary>
    public Activation Activation { get; init; }

    /// <summary>Probability of dropping a hidden unit, 0 or more and below 1; none is dropped by default.</summary>
    [AtLeast(0), Below(1)]
    public double Dropout { get; init; }

    /// <inheritdoc/>
    public override Shape UsualInput => Shape.Vector(784);

    /// <inheritdoc/>
    public override Layer Backbone(Shape input) => new Sequential(
    [
        .. input.Rank > 2 ? [new Flatten()] : (Layer[])[],
        .. Hidden.SelectMany((width, i) => (Layer[])[
            new Linear(width) { Name = $"hidden{i + 1}" },
            Activation.Layer(),
            .. Dropout > 0 ? [new Dropout(Dropout)] : (Layer[])[],
        ]),
    ]);
}
