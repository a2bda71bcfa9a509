using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Networks;

/// <summary>Which AlexNet.</summary>
public enum AlexNetVariant
{
    /// <summary>As in the paper of 2012: two groups in the convolutions 2, 4 and 5, local response
    /// normalisation, 227×227 images.</summary>
    Paper,

    /// <summary>As in torchvision, after "One weird trick" (Krizhevsky 2014, arXiv:1404.5997): one group, fewer
    /// channels, no normalisation, 224×224 images, the last maps averaged to 6×6.</summary>
    Torchvision,
}

/// <summary>AlexNet (Krizhevsky, Sutskever and Hinton 2012, "ImageNet Classification with Deep Convolutional Neural
/// Networks", figure 2).</summary>
/// <remarks>
/// For 1000 classes the paper's form has 60,965,224 weights and 724,406,816 multiply–adds, torchvision's 61,100,840 and
/// 714,188,480. The paper says 224×224, but its 55×55 maps follow from 227×227; images of 224×224 are padded by 2,
/// which gives them too. Other sizes, from 67×67, change the number of weights of the paper's form; torchvision's form
/// keeps its own, from 63×63.
/// <para>Weights of the paper's form start normal with deviation 0.01, biases at 1 in conv2, conv4, conv5, fc6 and fc7
/// and at 0 elsewhere (section 5). The deviation is made for pixels of 0 to 255 less their mean: standardised inputs
/// are some sixty times smaller, and little of them comes through at first. All weights of torchvision's form start by
/// PyTorch's rule, as there.</para>
/// </remarks>
public sealed record AlexNet : NetworkSpec
{
    /// <summary>The paper's form, or torchvision's.</summary>
    public AlexNetVariant Variant { get; init; }

    private bool IsPaper => Variant == AlexNetVariant.Paper;

    private Initializer? WeightInit => IsPaper ? new NormalInit(0.01) : null;

    private ConstantInit? BiasInit(double value) => IsPaper ? new ConstantInit(value) : null;

    /// <inheritdoc/>
    public override Layer Backbone(Shape input)
    {
        Blocks.RefuseSmaller(input, IsPaper ? 67 : 63, "alexNet");
        return new Sequential(IsPaper ? [.. Paper(input)] : [.. Torchvision()]);
    }

    /// <inheritdoc/>
    public override Layer Head(Shape input, int outputs) => new Linear(outputs)
    {
        Name = "output",
        WeightInit = WeightInit,
        BiasInit = BiasInit(0),
    };

    // The groups are the paper's two GPUs, the constants of the normalisation the layer's defaults; dropout works on
    // the outputs of the two hidden layers (section 4.2).
    private Layer[] Paper(Shape input) =>
    [
        .. Conv("conv1", 96, 11, 4, Border(input)), new LocalResponseNorm(), Pool(),       // 96 @ 55×55 → 27×27
        .. Conv("conv2", 256, 5, 1, 2, groups: 2, bias: 1), new LocalResponseNorm(), Pool(), // 256 @ 27×27 → 13×13
        .. Conv("conv3", 384, 3, 1, 1),                                                    // 384 @ 13×13
        .. Conv("conv4", 384, 3, 1, 1, groups: 2, bias: 1),                                // 384 @ 13×13
        .. Conv("conv5", 256, 3, 1, 1, groups: 2, bias: 1), Pool(),                        // 256 @ 13×13 → 6×6
        new Flatten(),
        .. Dense("fc6"), new Dropout(0.5),                                                 // 4096
        .. Dense("fc7"), new Dropout(0.5),                                                 // 4096
    ];

    // Dropout works on the inputs of the two hidden layers.
    private Layer[] Torchvision() =>
    [
        .. Conv("conv1", 64, 11, 4, 2), Pool(),                                            // 64 @ 55×55 → 27×27
        .. Conv("conv2", 192, 5, 1, 2), Pool(),                                            // 192 @ 27×27 → 13×13
        .. Conv("conv3", 384, 3, 1, 1),                                                    // 384 @ 13×13
        .. Conv("conv4", 256, 3, 1, 1),                                                    // 256 @ 13×13
        .. Conv("conv5", 256, 3, 1, 1), Pool(),                                            // 256 @ 13×13 → 6×6
        new AdaptiveAvgPool2d(6), new Flatten(),
        new Dropout(0.5), .. Dense("fc6"),                                                 // 4096
        new Dropout(0.5), .. Dense("fc7"),                                                 // 4096
    ];

    private Layer[] Conv(string name, int channels, int kernel, int stride, int padding, int groups = 1, double bias = 0) =>
    [
        new Conv2d(channels, kernel, stride, padding)
        {
            Name = name,
            Groups = groups,
            WeightInit = WeightInit,
            BiasInit = BiasInit(bias),
        },
        new ReLU(),
    ];

    private Layer[] Dense(string name) =>
    [
        new Linear(4096)
        {
            Name = name,
            WeightInit = WeightInit,
            BiasInit = BiasInit(1),
        },
        new ReLU(),
    ];

    // Windows overlap (section 3.4).
    private static MaxPool2d Pool() => new(3, 2);

    private static int Border(Shape input) => input.Rank == 4 && input.Size(2) == 224 && input.Size(3) == 224 ? 2 : 0;
}
