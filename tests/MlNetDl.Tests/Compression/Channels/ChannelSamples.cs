using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Testing;
using MlNetDl.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Compression;

/// <summary>Networks in which channels hang together in all ways, and what the tests do with them.</summary>
internal static class ChannelSamples
{
    private static readonly Shape Image = Shape.Image(3, 12, 12);

    /// <summary>Trees of one's own, by what is special about them.</summary>
    public static IReadOnlyDictionary<string, Network> Trees { get; } = new Dictionary<string, Network>
    {
        ["grouped"] = new(
            new Sequential(
                Bn("first", new Conv2d(16, 3, 2, 1)),
                Bn("depthwise", new Conv2d(16, 3, 1, 1) { Groups = 16 }),
                Bn("pointwise", new Conv2d(24, 1)),
                Bn("grouped", new Conv2d(32, 3, 1, 1) { Groups = 4 }),
                Bn("multiplied", new Conv2d(64, 3, 1, 1) { Groups = 32 }),
                Bn("dilated", new Conv2d(12, 3, 1, 2) { Dilation = 2 }),
                new GlobalAvgPool(),
                new Flatten(),
                new Linear(5) { Name = "out" }),
            Image),
        ["shared"] = new(
            new Sequential(
                Bn("first", new Conv2d(8, 3, 1, 1)),
                new Shared("twice", Bn("inner", new Conv2d(8, 3, 1, 1))) { Name = "one" },
                new Shared("twice", Bn("inner", new Conv2d(8, 3, 1, 1))) { Name = "two" },
                new Flatten(),
                new Linear(5) { Name = "out" }),
            Image),
        ["tied"] = new(
            new Sequential(
                new Shared("words", new Embedding(11, 10)) { Name = "in" },
                new Linear(9) { Name = "hidden" },
                new Tanh(),
                new Linear(10) { Name = "back" },
                new Shared("words", new Linear(11) { Bias = false }) { Name = "out" }),
            Shape.Tokens()),
        ["gated"] = new(
            new Sequential(
                Bn("first", new Conv2d(9, 3, 1, 1)),
                new Tap("wire"),
                new Branches(
                    new Product(),
                    new Identity(),
                    new Sequential(new GlobalAvgPool(), new Flatten(), new Linear(4) { Name = "squeeze" }, new ReLU(),
                        new Linear(9) { Name = "excite" }, new Tanh())),
                new Branches(new Concat(), new Conv2d(5, 1) { Name = "a" }, new Conv2d(4, 1) { Name = "b" }, new MaxPool2d(3, 1, 1)),
                Bn("next", new Conv2d(9, 3, 1, 1)),
                new Sum { With = ["wire"] },
                new LeakyReLU(0.1),
                new AdaptiveAvgPool2d(3),
                new Flatten(),
                new Linear(5) { Name = "out" }),
            Image),
        ["connections"] = new(
            new Sequential(
                new Conv2d(6, 3) { Name = "first" },
                new ScaledTanh(),
                new TrainableSubsampling(),
                new ConnectionTableConv2d([[0, 1], [1, 2, 3], [3], [4, 5, 0], [2], [5]], 3) { Name = "table" },
                new ScaledTanh(),
                new Flatten(),
                new Linear(5) { Name = "out" }),
            Image),
        ["sequence"] = new(
            new Sequential(new Linear(8) { Name = "a" }, new ReLU(), new Flatten(), new Linear(5) { Name = "out" }),
            new Shape(ElementType.Float32, [Dim.Batch, 4, 6])),
        ["squashed"] = new(
            new Sequential(new Linear(8) { Name = "a" }, new Sigmoid(), new Linear(5) { Name = "out" }), Shape.Vector(6)),
        ["normalised"] = new(
            new Sequential(
                new Linear(4) { Name = "a" },
                new Normalize([1, 2, 3, 4], [2, 3, 4, 5]),
                new Denormalize([1], [1, 2, 3, 4]),
                new Softmax(),
                new RadialBasis([[1, 2, 3, 4], [4, 3, 2, 1], [0, 1, 0, 1]]),
                new Linear(5) { Name = "out" }),
            Shape.Vector(6)),
    };

    /// <summary>The names of the catalog's networks that wrap no other.</summary>
    public static IEnumerable<CatalogEntry> OwnEntries => Catalogs.Networks.Entries.Where(e => e.Type.Assembly == typeof(ModelSpec).Assembly
        && e.Type.IsAssignableTo(typeof(NetworkSpec))
        && !new[] { typeof(CustomNetwork), typeof(EarlyExit), typeof(GatedBlocks), typeof(GatedChannels), typeof(MixtureOfExperts) }.Contains(e.Type));

    /// <summary>A tree of these or a network of the catalog.</summary>
    public static Network Of(string name) => Trees.GetValueOrDefault(name) ?? OfCatalog(name);

    /// <summary>How far the outputs of a rewritten network are from those of the first, over the greatest of these. It is written and read as it is,
    /// and ONNX Runtime computes the same of it.</summary>
    public static float Apart(TorchNetwork first, Weights weights, Network rewritten, Weights others, int rows = 2)
    {
        Assert.Equal(rewritten, RecordJson.Deserialize<Network>(RecordJson.Serialize(rewritten)));
        first.LoadWeights(weights);
        first.SetTraining(false);
        using var second = new TorchNetwork(rewritten);
        second.LoadWeights(others);
        var input = Input(rewritten, rows);
        Assert.InRange(OnnxParity.Difference(second, input), 0, 1e-4);
        var (a, b) = (first.Forward(input)[Network.DefaultOutput], second.Forward(input)[Network.DefaultOutput]);
        return ((a - b).abs().max() / a.abs().max()).item<float>();
    }

    /// <summary>A network of the catalog by its name there. Vgg has its classifier for small images, as the other holds 100
    /// million weights.</summary>
    public static Network OfCatalog(string name)
    {
        var spec = (NetworkSpec)RecordJson.Deserialize<ModelSpec>($"\"{name}\"");
        return spec switch
        {
            Vgg vgg => (vgg with { Classifier = VggClassifier.Cifar, BatchNorm = vgg.Depth == 16 }).ToNetwork(Shape.Image(3, 32, 32), 10),
            ResNet => spec.ToNetwork(Shape.Image(3, 64, 64), 10),
            AlexNet => spec.ToNetwork(Shape.Image(3, 67, 67), 10),
            GoogLeNet => spec.ToNetwork(Shape.Image(3, 224, 224), 10),
            Mlp => spec.ToNetwork(Shape.Vector(20), 10),
            _ => spec.ToNetwork(spec.UsualInput, 10),
        };
    }

    /// <summary>Weights of a trained network: means, variances and shifts that count.</summary>
    public static Weights Jittered(TorchNetwork network)
    {
        using var none = no_grad();
        foreach (var (name, tensor, trainable) in network.Tensors)
        {
            if (name.EndsWith("runningVariance", StringComparison.Ordinal) || (trainable && name.EndsWith("norm.weight", StringComparison.Ordinal)))
            {
                tensor.copy_(rand_like(tensor) + 0.5);
            }
            else if (name.EndsWith("runningMean", StringComparison.Ordinal) || name.EndsWith(".bias", StringComparison.Ordinal))
            {
                tensor.copy_(randn_like(tensor) * 0.1);
            }
        }

        return network.ReadWeights();
    }

    /// <summary>Random inputs for a network.</summary>
    public static Tensor Input(Network network, int rows = 2)
    {
        var shape = network.Inputs[0].Shape;
        long[] sizes = [.. shape.Dims.Select((d, i) => d.Size ?? (i == 0 ? rows : 5))];
        return shape.Type == ElementType.Int64 ? randint(0, 11, sizes, ScalarType.Int64) : randn(sizes);
    }

    /// <summary>Random groups, of each cell the same share.</summary>
    public static IReadOnlySet<int> Gone(ChannelCoupling coupling, Weights weights, double amount) => new ChannelSelection().Choose(
        coupling, coupling.Cells, new RandomScore { Seed = 3 }.Of(new() { Coupling = coupling, Weights = weights }), amount);

    /// <summary>A convolution, its normalisation and ReLU.</summary>
    public static Sequential Bn(string name, Conv2d convolution) => new Sequential(
        convolution with { Bias = false, Name = "conv" }, new BatchNorm2d { Name = "norm" }, new ReLU())
    { Name = name };
}
