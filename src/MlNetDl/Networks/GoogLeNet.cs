using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Networks;

/// <summary>Which GoogLeNet.</summary>
public enum GoogLeNetVariant
{
    /// <summary>As in the paper: 5×5 convolutions, biases, local response normalisation, no batch
    /// normalisation, dropout 0.4.</summary>
    Paper,

    /// <summary>As in torchvision: 3×3 in place of 5×5 (a known slip, kept there for its weights), batch
    /// normalisation, dropout 0.2.</summary>
    Torchvision,
}

/// <summary>GoogLeNet, Inception v1 (Szegedy et al. 2014, arXiv:1409.4842, table 1).</summary>
/// <remarks>
/// For 1000 classes the paper's form has 6,998,552 weights, 13,378,280 with auxiliary heads; torchvision's 6,624,904
/// and 13,004,888. The heads are trained with weight 0.3 and are not part of the scoring graph. Kernels of the paper's
/// form are filled by He's rule (arXiv:1502.01852), which is a year younger: the paper does not say how its own were.
/// </remarks>
public sealed record GoogLeNet : NetworkSpec
{
    /// <summary>The paper's form, or torchvision's.</summary>
    public GoogLeNetVariant Variant { get; init; }

    /// <summary>Whether the two auxiliary heads are there: they help gradients reach the early layers. They need an
    /// input of about 224×224.</summary>
    public bool Auxiliary { get; init; } = true;

    private bool IsPaper => Variant == GoogLeNetVariant.Paper;

    /// <inheritdoc/>
    public override Layer Backbone(Shape input) => Stages(_ => []);

    // The auxiliary heads stand within the backbone.
    /// <inheritdoc/>
    public override Layer Build(Shape input, int outputs)
    {
        var stages = Stages(name => AuxiliaryHead(name, outputs));
        return stages with { Children = [.. stages.Children, Head(input, outputs)] };
    }

    private Sequential Stages(Func<string, Layer[]> heads) => new(
    [
        Conv("conv1", 64, 7, 2, 3), Pool(3), .. Norm(),
        Conv("conv2reduce", 64, 1), Conv("conv2", 192, 3, 1, 1), .. Norm(), Pool(3),
        //                1×1  3×3red  3×3  5×5red  5×5  pool
        Inception("3a",   64,     96, 128,     16,  32,  32),
        Inception("3b",  128,    128, 192,     32,  96,  64), Pool(3),
        Inception("4a",  192,     96, 208,     16,  48,  64), .. heads("aux1"),
        Inception("4b",  160,    112, 224,     24,  64,  64),
        Inception("4c",  128,    128, 256,     24,  64,  64),
        Inception("4d",  112,    144, 288,     32,  64,  64), .. heads("aux2"),
        Inception("4e",  256,    160, 320,     32, 128, 128), Pool(IsPaper ? 3 : 2),
        Inception("5a",  256,    160, 320,     32, 128, 128),
        Inception("5b",  384,    192, 384,     48, 128, 128),
        new GlobalAvgPool(), new Flatten(), new Dropout(IsPaper ? 0.4 : 0.2),
    ]);

    // Without batch normalisation it matters how kernels are filled: by torch's default each ReLU convolution takes the
    // deviation down to 0.4, and nothing is left of an image after twenty-one.
    private Layer Conv(string name, int channels, int kernel, int stride = 1, int padding = 0) => IsPaper
        ? new Sequential(
            new Conv2d(channels, kernel, stride, padding) { Name = "conv", WeightInit = new HeNormalInit() }, new ReLU())
        { Name = name }
        : Blocks.ConvBnReLU(name, channels, kernel, stride, padding, epsilon: 1e-3);

    // 28 → 14 → 7: a last window that sticks out counts.
    private static MaxPool2d Pool(int kernel) => new(kernel, 2) { Ceil = true };

    private Layer[] Norm() => IsPaper ? [new LocalResponseNorm()] : [];

    private Branches Inception(string name, int c1, int reduce3, int c3, int reduce5, int c5, int pool)
    {
        int large = IsPaper ? 5 : 3;
        return new Branches(new Concat(),
            Conv("1x1", c1, 1),
            new Sequential(Conv("reduce", reduce3, 1), Conv("conv", c3, 3, 1, 1)) { Name = "3x3" },
            new Sequential(Conv("reduce", reduce5, 1), Conv("conv", c5, large, 1, large / 2)) { Name = "5x5" },
            new Sequential(new MaxPool2d(3, 1, 1) { Ceil = true }, Conv("project", pool, 1)) { Name = "pool" })
        { Name = $"inception{name}" };
    }

    private Layer[] AuxiliaryHead(string name, int outputs) => !Auxiliary ? [] :
    [
        new Tap(
            name,
            new Sequential(
                IsPaper ? new AvgPool2d(5, 3) : new AdaptiveAvgPool2d(4),
                Conv("conv", 128, 1),
                new Flatten(),
                new Linear(1024) { Name = "hidden" },
                new ReLU(),
                new Dropout(0.7),
                new Linear(outputs) { Name = "output" })) { Name = $"tap-{name}", Role = TapRole.Auxiliary },
    ];
}
