using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Networks;

/// <summary>LeNet-5 as the paper has it (LeCun, Bottou, Bengio and Haffner 1998): the C3 connection table, trainable
/// sub-sampling, scaled tanh, fixed codes at the output.</summary>
/// <remarks>
/// 60,000 trainable weights, 340,908 connections. 28×28 images are padded by 2 to the paper's 32×32. For ten classes
/// only: the output codes are pictures of the digits, drawn by hand after the paper's figure 3 (it prints no table of
/// them), so they need not agree with the originals in every pixel. The paper scales pixels to −0.1 … 1.175, about mean
/// 0 and deviation 1, which standardisation gives too.
/// </remarks>
public sealed record LeNet5Original : NetworkSpec
{
    // Table I: which maps of S2 feed each map of C3.
    private static readonly ValueList<ValueList<int>> C3 =
    [
        [0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5], [0, 4, 5], [0, 1, 5],
        [0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5], [0, 3, 4, 5], [0, 1, 4, 5], [0, 1, 2, 5],
        [0, 1, 3, 4], [1, 2, 4, 5], [0, 2, 3, 5],
        [0, 1, 2, 3, 4, 5],
    ];

    /// <inheritdoc/>
    public override Shape UsualInput => Shape.Image(1, 32, 32);

    /// <inheritdoc/>
    public override Layer Backbone(Shape input) => new Sequential(
        new Conv2d(6, 5, Padding: LeNet5.Border(input)) { Name = "c1" }, new ScaledTanh(),
        new TrainableSubsampling { Name = "s2" }, new ScaledTanh(),
        new ConnectionTableConv2d(C3, 5) { Name = "c3" }, new ScaledTanh(),
        new TrainableSubsampling { Name = "s4" }, new ScaledTanh(),
        new Conv2d(120, 5) { Name = "c5" }, new ScaledTanh(),
        new Flatten(),
        new Linear(84) { Name = "f6" }, new ScaledTanh());

    /// <inheritdoc/>
    public override Layer Head(Shape input, int outputs)
    {
        if (outputs != 10)
        {
            throw new ShapeException(
                $"LeNet5Original tells the ten digits apart, but the data has {outputs} classes; take LeNet5.")
                .At("output");
        }

        return new RadialBasis(DigitCodes.All) { Name = "output" };
    }
}
