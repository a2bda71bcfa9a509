using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Networks;

/// <summary>The shortcut of a block where the number of channels changes.</summary>
public enum Shortcut
{
    /// <summary>Option A: zeros for the new channels, no weights. The paper's choice for CIFAR.</summary>
    A,

    /// <summary>Option B: a 1×1 convolution with batch normalisation.</summary>
    B,
}

/// <summary>Residual network for 32×32 images (He et al. 2015, section 4.2): three stages of 16, 32 and 64 channels,
/// depth 6n + 2.</summary>
/// <remarks>With option A 269,722 (20), 464,154 (32), 658,586 (44), 853,018 (56) and 1,727,962 (110) weights for ten
/// classes; 272,474 for 20 with option B.</remarks>
public sealed record CifarResNet : NetworkSpec
{
    /// <summary>Layers with weights, 6n + 2: 20, 32, 44, 56, 110.</summary>
    public int Depth { get; init; } = 20;

    /// <summary>The shortcut where the number of channels changes.</summary>
    public Shortcut Shortcut { get; init; }

    /// <inheritdoc/>
    public override Shape UsualInput => Shape.Image(3, 32, 32);

    /// <inheritdoc/>
    public override Layer Backbone(Shape input) => new Sequential(
        Blocks.ConvBnReLU("conv1", 16, 3, 1, 1),
        Stage("stage1", 16, stride: 1),
        Stage("stage2", 32, stride: 2),
        Stage("stage3", 64, stride: 2),
        new GlobalAvgPool(), new Flatten());

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> Problems() =>
        Depth >= 8 && Depth % 6 == 2 ? [] : [new("depth", $"must be 6n + 2 (20, 32, 44, 56, 110, …) but is {Depth}.")];

    private int BlocksOfStage
    {
        get
        {
            if (Depth < 8 || Depth % 6 != 2)
            {
                throw new ArgumentException($"A CifarResNet's {Problems().Single()}");
            }

            return (Depth - 2) / 6;
        }
    }

    private Sequential Stage(string name, int width, int stride) =>
        new Sequential([.. Enumerable.Range(0, BlocksOfStage).Select(i => Block(width, i == 0 ? stride : 1))]) { Name = name };

    private Layer Block(int width, int stride) => Blocks.Residual(
        new Sequential(Blocks.ConvBnReLU("a", width, 3, stride, 1), Blocks.ConvBn("b", width, 3, 1, 1)),
        stride == 1 ? null : Shortcut == Shortcut.A ? new PadChannels(width, stride) : Blocks.ConvBn("shortcut", width, 1, stride));
}
