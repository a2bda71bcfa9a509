using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Networks;

/// <summary>The part between the convolutions of a VGG network and its classes.</summary>
public enum VggClassifier
{
    /// <summary>As in the paper: two hidden layers of 4096 with dropout 0.5, on maps of 7×7, to which other sizes are
    /// averaged as in torchvision.</summary>
    ImageNet,

    /// <summary>Nothing: the 512 maps, 1×1 of a 32×32 image and averaged otherwise, are the features. Not in the paper;
    /// common practice for CIFAR.</summary>
    Cifar,
}

/// <summary>VGG network (Simonyan and Zisserman 2014, arXiv:1409.1556, table 1): 3×3 convolutions only, configurations
/// A, B, D and E.</summary>
/// <remarks>
/// For 1000 classes 132,863,336 (11), 133,047,848 (13), 138,357,544 (16) and 143,667,240 (19) weights; with batch
/// normalisation 132,868,840, 133,053,736, 138,365,992 and 143,678,248. For a 224×224 image 7.609, 11.308, 15.470 and
/// 19.632 · 10⁹ multiply–adds. With the CIFAR classifier and batch normalisation 14,728,266 (16) and 20,040,522 (19)
/// weights for ten classes. Images are 32×32 or larger.
/// <para>Weights start as in torchvision: kernels by He's rule (arXiv:1502.01852) over the output channels, linear
/// layers normal with deviation 0.01. The paper's own start, 0.01 everywhere, is too small for 16 and 19 layers, which
/// it therefore began with the trained layers of 11. Biases start by PyTorch's rule, uniform on ±1/√fan_in, and not at
/// 0 as in torchvision.</para>
/// </remarks>
public sealed record Vgg : NetworkSpec
{
    /// <summary>Layers with weights: 11, 13, 16 or 19.</summary>
    public int Depth { get; init; } = 16;

    /// <summary>Whether each convolution is batch-normalised. It keeps its bias, which that cancels,
    /// as in torchvision.</summary>
    public bool BatchNorm { get; init; }

    /// <summary>The part between the convolutions and the classes.</summary>
    public VggClassifier Classifier { get; init; }

    /// <inheritdoc/>
    public override Layer Backbone(Shape input)
    {
        Blocks.RefuseSmaller(input, 32, "vgg");
        return new Sequential(
        [
            .. Stage(1, 64),   // 64 @ 224×224 → 112×112
            .. Stage(2, 128),  // 128 @ 112×112 → 56×56
            .. Stage(3, 256),  // 256 @ 56×56 → 28×28
            .. Stage(4, 512),  // 512 @ 28×28 → 14×14
            .. Stage(5, 512),  // 512 @ 14×14 → 7×7
            .. Classifier == VggClassifier.Cifar
                ? (Layer[])[new GlobalAvgPool(), new Flatten()]
                : [new AdaptiveAvgPool2d(7), new Flatten(), .. Dense("fc6"), .. Dense("fc7")],
        ]);
    }

    /// <inheritdoc/>
    public override Layer Head(Shape input, int outputs) => new Linear(outputs) { Name = "output", WeightInit = new NormalInit(0.01) };

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> Problems() =>
        Depth is 11 or 13 or 16 or 19 ? [] : [new("depth", $"must be 11, 13, 16 or 19 but is {Depth}.")];

    // The number of convolutions of each stage, by the columns of table 1.
    private int[] Convolutions => Depth switch
    {
        11 => [1, 1, 2, 2, 2],  // A
        13 => [2, 2, 2, 2, 2],  // B
        16 => [2, 2, 3, 3, 3],  // D
        19 => [2, 2, 4, 4, 4],  // E
        _ => throw new ArgumentException($"A Vgg's {Problems().Single()}"),
    };

    private Layer[] Stage(int number, int channels) =>
        [.. Enumerable.Range(1, Convolutions[number - 1]).SelectMany(i => Conv($"{number}_{i}", channels)), new MaxPool2d(2)];

    private Layer[] Conv(string place, int channels) =>
    [
        new Conv2d(channels, 3, 1, 1) { Name = $"conv{place}", WeightInit = Blocks.HeByOutputs },
        .. BatchNorm ? [new BatchNorm2d { Name = $"norm{place}" }] : (Layer[])[],
        new ReLU(),
    ];

    private static Layer[] Dense(string name) =>
        [new Linear(4096) { Name = name, WeightInit = new NormalInit(0.01) }, new ReLU(), new Dropout(0.5)];
}
