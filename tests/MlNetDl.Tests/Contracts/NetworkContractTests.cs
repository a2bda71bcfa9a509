using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Contracts;

/// <summary>What every architecture must keep; counts are those of the papers and of torchvision.</summary>
[Collection("torch")]
public sealed class NetworkContractTests
{
    private static readonly Shape Large = Shape.Image(3, 224, 224);
    private static readonly Shape Cifar = Shape.Image(3, 32, 32);
    private static readonly Shape Mnist = Shape.Image(1, 28, 28);

    /// <summary>Spec, input and outputs of the published count, weights, multiply–adds (0: none published), and a smaller input to run
    /// (none: it is only counted, as another row runs the same parts).</summary>
    private static readonly (NetworkSpec Spec, Shape Input, int Outputs, long Weights, long Macs, Shape? Small)[] Table =
    [
        (new Mlp(), Shape.Vector(784), 10, 101_770, 101_632, Shape.Vector(784)),
        (new Mlp { Hidden = [300, 100], Dropout = 0.2, Activation = Activation.Tanh }, Mnist, 10, 266_610, 266_200, Mnist),
        (new LeNet5(), Mnist, 10, 61_706, 416_520, Mnist),
        (new LeNet5 { Activation = Activation.Tanh, Pooling = Pooling.Average }, Shape.Image(1, 32, 32), 10, 61_706, 416_520, Shape.Image(1, 32, 32)),
        (new LeNet5Original(), Mnist, 10, 60_000, 0, Mnist),
        (new ResNet(), Large, 1000, 11_689_512, 1_814_073_344, Shape.Image(3, 64, 64)),
        (new ResNet { Depth = 34 }, Large, 1000, 21_797_672, 3_663_761_408, Shape.Image(3, 64, 64)),
        (new ResNet { Depth = 50 }, Large, 1000, 25_557_032, 4_089_184_256, Shape.Image(3, 64, 64)),
        (new CifarResNet(), Cifar, 10, 269_722, 40_551_040, Cifar),
        (new CifarResNet { Shortcut = Shortcut.B }, Cifar, 10, 272_474, 40_813_184, Cifar),
        (new CifarResNet { Depth = 32 }, Cifar, 10, 464_154, 68_862_592, Cifar),
        (new CifarResNet { Depth = 44 }, Cifar, 10, 658_586, 97_174_144, Cifar),
        (new CifarResNet { Depth = 56 }, Cifar, 10, 853_018, 125_485_696, Cifar),
        (new CifarResNet { Depth = 110 }, Cifar, 10, 1_727_962, 252_887_680, Shape.Image(3, 16, 16)),
        (new GoogLeNet { Auxiliary = false }, Large, 1000, 6_998_552, 0, Shape.Image(3, 64, 64)),
        (new GoogLeNet(), Large, 1000, 13_378_280, 0, Large),
        (new GoogLeNet { Variant = GoogLeNetVariant.Torchvision, Auxiliary = false }, Large, 1000, 6_624_904, 0, Shape.Image(3, 64, 64)),
        (new GoogLeNet { Variant = GoogLeNetVariant.Torchvision }, Large, 1000, 13_004_888, 0, Large),
        (new AlexNet(), Shape.Image(3, 227, 227), 1000, 60_965_224, 724_406_816, Shape.Image(3, 67, 67)),
        (new AlexNet { Variant = AlexNetVariant.Torchvision }, Large, 1000, 61_100_840, 714_188_480, Shape.Image(3, 63, 63)),
        (new Vgg { Depth = 11 }, Large, 1000, 132_863_336, 7_609_090_048, Cifar),
        (new Vgg { Depth = 13 }, Large, 1000, 133_047_848, 11_308_466_176, null),
        (new Vgg(), Large, 1000, 138_357_544, 15_470_264_320, null),
        (new Vgg { Depth = 19 }, Large, 1000, 143_667_240, 19_632_062_464, null),
        (new Vgg { Depth = 11, BatchNorm = true }, Large, 1000, 132_868_840, 7_609_090_048, null),
        (new Vgg { Depth = 13, BatchNorm = true }, Large, 1000, 133_053_736, 11_308_466_176, null),
        (new Vgg { BatchNorm = true }, Large, 1000, 138_365_992, 15_470_264_320, null),
        (new Vgg { Depth = 19, BatchNorm = true }, Large, 1000, 143_678_248, 19_632_062_464, null),
        (new Vgg { Depth = 11, Classifier = VggClassifier.Cifar }, Cifar, 10, 9_225_610, 152_769_536, Cifar),
        (new Vgg { BatchNorm = true, Classifier = VggClassifier.Cifar }, Cifar, 10, 14_728_266, 313_201_664, Cifar),
        (new Vgg { Depth = 19, BatchNorm = true, Classifier = VggClassifier.Cifar }, Cifar, 10, 20_040_522, 398_136_320, null),
        (new CustomNetwork { Layers = new Sequential(new Conv2d(4, 3), new ReLU(), new GlobalAvgPool(), new Flatten(), new Linear(10)) }, Cifar, 10, 162, 97_240, Cifar),
    ];

    /// <summary>How far ONNX Runtime may be off.</summary>
    private const double Tolerance = 1e-4;

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, Table.Length)];

    public static TheoryData<int> RowsToRun => [.. Enumerable.Range(0, Table.Length).Where(i => Table[i].Small is not null)];

    [Fact]
    public void Every_architecture_stands_in_the_table_and_in_the_catalog()
    {
        var specs = typeof(NetworkSpec).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(NetworkSpec)) && !t.IsAbstract).ToHashSet();
        Assert.Empty(specs.Except(Table.Select(r => r.Spec.GetType())));
        Assert.Empty(specs.Except(Catalogs.Networks.Entries.Select(e => e.Type)));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Counts_are_the_published_ones(int row)
    {
        var (spec, input, outputs, weights, macs, _) = Table[row];
        var plan = spec.ToNetwork(input, outputs).Plan();
        Assert.Equal(weights, plan.ParameterCount);
        if (macs > 0)
        {
            Assert.Equal(macs, plan.Macs);
        }
    }

    [Fact]
    public void GoogLeNet_costs_what_table_2_1_says()
    {
        Assert.Equal(1.583, Math.Round(new GoogLeNet { Auxiliary = false }.ToNetwork(Large, 1000).Plan().Macs / 1e9, 3));
        Assert.Equal(1.498, Math.Round(new GoogLeNet { Auxiliary = false, Variant = GoogLeNetVariant.Torchvision }.ToNetwork(Large, 1000).Plan().Macs / 1e9, 3));
    }

    [Theory]
    [MemberData(nameof(RowsToRun))]
    public void Trains_scores_and_survives_a_round_trip(int row)
    {
        var (spec, input, _, weights, _, smaller) = Table[row];
        var small = smaller!;
        manual_seed(row);
        using var network = new TorchNetwork(Narrow(spec.ToNetwork(small, 10)));
        FillWhereLittleComesThrough(spec, network);
        if (small == input)
        {
            int outputs = Table[row].Outputs;
            Assert.Equal(outputs == 10 ? weights : spec.ToNetwork(small, 10).Plan().ParameterCount, network.Tensors.Where(t => t.Trainable).Sum(t => t.Tensor.numel()));
        }

        using var scope = NewDisposeScope();
        var x = randn([2, .. Enumerable.Range(1, small.Rank - 1).Select(i => (long)small.Size(i))]);

        // Every weight gets a gradient, those of auxiliary heads too.
        var outputsByName = network.Forward(x);
        Assert.Equal(spec is GoogLeNet { Auxiliary: true } ? 3 : 1, outputsByName.Count);
        outputsByName.Values.Select(o => (o * randn_like(o)).sum()).Aggregate((a, b) => a + b).backward();
        Assert.All(network.Tensors.Where(t => t.Trainable), t => Assert.True(t.Tensor.grad is { } g && g.abs().max().item<float>() > 0, t.Name));

        // The scoring form has no heads and computes the same in ONNX Runtime.
        Assert.True(OnnxParity.Difference(network, x) < Tolerance);
        var scores = Assert.Single(network.Forward(x)).Value;

        // Which says something only where what is computed depends on the input.
        double apart = (scores[0] - scores[1]).abs().max().item<float>() / Math.Max(1, scores.abs().max().item<float>());
        Assert.True(apart > 50 * Tolerance, $"two inputs are {apart} apart");

        // Weights and tree survive.
        using var copy = new TorchNetwork(RecordJson.Deserialize<Network>(RecordJson.Serialize(network.Plan.Network)));
        copy.LoadWeights(network.ReadWeights());
        copy.SetTraining(false);
        Assert.Equal(0, (network.Forward(x)[Network.DefaultOutput] - copy.Forward(x)[Network.DefaultOutput]).abs().max().item<float>());
    }

    /// <summary>Hidden layers of 4096 are run with 64: the full ones take a gigabyte and show nothing more.</summary>
    private static Network Narrow(Network network) =>
        network with { Root = LayerTree.Map(network.Root, (_, leaf) => leaf is Linear { Out: 4096 } wide ? wide with { Out = 64 } : leaf) };

    /// <summary>Without normalisation, the weights with which these architectures start make much the same of all images.</summary>
    private static void FillWhereLittleComesThrough(NetworkSpec spec, TorchNetwork network)
    {
        using var none = no_grad();
        foreach (var tensor in network.Tensors.Where(t => spec is AlexNet or Vgg && t.Trainable).Select(t => t.Tensor).Where(t => t.ndim > 1))
        {
            tensor.normal_(0, Math.Sqrt(2.0 * tensor.shape[0] / tensor.numel()));
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Json_round_trip_gives_an_equal_record(int row)
    {
        var spec = Table[row].Spec;
        Assert.Equal(spec, RecordJson.Deserialize<NetworkSpec>(RecordJson.Serialize(spec)));
        Assert.Equal(spec.ToNetwork(Table[row].Input, 10), spec.ToNetwork(Table[row].Input, 10));
    }

    [Fact]
    public void Kernels_of_the_papers_GoogLeNet_are_filled_by_what_flows_into_them() => Assert.All(
        new GoogLeNet().ToNetwork(Large, 1000).Plan().Steps.Where(s => s.Leaf is Conv2d),
        s => Assert.Equal(
            (new HeNormalInit(), s.InputShapes[0].Size(1) * ((Conv2d)s.Leaf).Kernel * ((Conv2d)s.Leaf).Kernel),
            (s.Parameters[0].Init, s.Parameters[0].FanIn)));

    [Fact]
    public void Impossible_depths_are_refused()
    {
        Assert.Contains("18, 34 or 50", Assert.Throws<ArgumentException>(() => new ResNet { Depth = 20 }.Build(Large, 10)).Message, StringComparison.Ordinal);
        Assert.Contains("6n + 2", Assert.Throws<ArgumentException>(() => new CifarResNet { Depth = 21 }.Build(Cifar, 10)).Message, StringComparison.Ordinal);
        Assert.Contains("ten digits", Assert.Throws<ShapeException>(() => new LeNet5Original().Build(Mnist, 3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_connections_of_the_original_LeNet5_are_those_of_the_paper()
    {
        // Connections are multiply–adds plus one bias an output; of a trainable sub-sampling k² inputs plus one; of an RBF as many as its codes have elements.
        var plan = new LeNet5Original().ToNetwork(Mnist, 10).Plan();
        long connections = plan.Steps.Sum(s => s.Leaf switch
        {
            Conv2d or ConnectionTableConv2d or Linear => s.Leaf.Macs(s.InputShapes) + s.OutputShape.ElementsPerExample(),
            TrainableSubsampling => s.OutputShape.ElementsPerExample() * 5,
            RadialBasis => 840,
            _ => 0,
        });
        Assert.Equal(340_908, connections);
    }
}
