using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Networks;

/// <summary>How LeNet-5 halves its maps.</summary>
public enum Pooling
{
    /// <summary>The maximum of each 2×2 window.</summary>
    Max,

    /// <summary>Their mean.</summary>
    Average,
}

/// <summary>LeNet-5 as it is used today (LeCun, Bottou, Bengio and Haffner 1998, figure 2): all maps of S2 feed each
/// map of C3, pooling without weights, a linear output.</summary>
/// <remarks>
/// 61,706 weights and 416,520 multiply–adds for ten classes. It takes 28×28 images, which the first layer pads by 2, or
/// 32×32 ones as in the paper. Three different nets go by this name: see <c>LeNet5Original</c> for the paper's; "Caffe
/// LeNet" of the pruning papers (431,080 weights) is a third.
/// </remarks>
public sealed record LeNet5 : NetworkSpec
{
    /// <summary>The activation; ReLU trains faster than the paper's tanh.</summary>
    public Activation Activation { get; init; }

    /// <summary>How maps are halved.</summary>
    public Pooling Pooling { get; init; }

    /// <inheritdoc/>
    public override Shape UsualInput => Shape.Image(1, 28, 28);

    /// <inheritdoc/>
    public override Layer Backbone(Shape input) => new Sequential(
        new Conv2d(6, 5, Padding: Border(input)) { Name = "c1" }, Activation.Layer(),  // 6 @ 28×28
        Halve("s2"),                                                                   // 6 @ 14×14
        new Conv2d(16, 5) { Name = "c3" }, Activation.Layer(),                         // 16 @ 10×10
        Halve("s4"),                                                                   // 16 @ 5×5
        new Flatten(),
        new Linear(120) { Name = "c5" }, Activation.Layer(),
        new Linear(84) { Name = "f6" }, Activation.Layer());

    private Pool2d Halve(string name) => Pooling == Pooling.Max ? new MaxPool2d(2) { Name = name } : new AvgPool2d(2) { Name = name };

    internal static int Border(Shape input) => input.Rank == 4 && input.Size(2) == 28 ? 2 : 0;
}
