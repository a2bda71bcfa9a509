using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Networks;

/// <summary>Residual network for large images (He, Zhang, Ren and Sun 2015, arXiv:1512.03385, table 1).</summary>
/// <remarks>
/// 11,689,512 (18), 21,797,672 (34) and 25,557,032 (50) weights for 1000 classes. Where a stage halves the image, the
/// shortcut is a 1×1 convolution (option B). Depth 50 strides in the 3×3 convolution of a bottleneck, as torchvision
/// does ("v1.5"); the paper strides in the 1×1 before it. For 32×32 images use <see cref="CifarResNet"/>: this stem
/// would leave it 1×1 before the last stage.
/// </remarks>
public sealed record ResNet : NetworkSpec
{
    /// <summary>Layers with weights: 18, 34 or 50.</summary>
    public int Depth { get; init; } = 18;

    /// <inheritdoc/>
    public override Layer Backbone(Shape input) => new Sequential(
        Blocks.ConvBnReLU("conv1", 64, 7, 2, 3),
        new MaxPool2d(3, 2, 1),
        Stage(2, 64, stride: 1),
        Stage(3, 128, stride: 2),
        Stage(4, 256, stride: 2),
        Stage(5, 512, stride: 2),
        new GlobalAvgPool(), new Flatten());

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> Problems() => Depth is 18 or 34 or 50
        ? []
        : [new("depth", $"must be 18, 34 or 50 but is {Depth}. For 20, 32, 44, 56 and 110 take cifarResNet.")];

    private int[] BlocksOfStages => Depth switch
    {
        18 => [2, 2, 2, 2],
        34 or 50 => [3, 4, 6, 3],
        _ => throw new ArgumentException($"A ResNet's {Problems().Single()}"),
    };

    private Sequential Stage(int number, int width, int stride) => new Sequential(
        [.. Enumerable.Range(0, BlocksOfStages[number - 2])
            .Select(i => Block(width, i == 0 ? stride : 1, widens: i == 0 && (stride > 1 || Depth == 50)))])
    { Name = $"conv{number}" };

    private Layer Block(int width, int stride, bool widens) => Depth == 50
        ? Blocks.Residual(
            new Sequential(Blocks.ConvBnReLU("a", width, 1), Blocks.ConvBnReLU("b", width, 3, stride, 1), Blocks.ConvBn("c", 4 * width, 1)),
            widens ? Blocks.ConvBn("shortcut", 4 * width, 1, stride) : null)
        : Blocks.Residual(
            new Sequential(Blocks.ConvBnReLU("a", width, 3, stride, 1), Blocks.ConvBn("b", width, 3, 1, 1)),
            widens ? Blocks.ConvBn("shortcut", width, 1, stride) : null);
}
