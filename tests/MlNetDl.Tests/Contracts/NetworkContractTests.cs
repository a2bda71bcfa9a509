using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;

namespace MlNetDl.Tests.Contracts;

/// <summary>What every architecture must keep; counts are those of the papers and of torchvision.</summary>
[Collection("torch")]
public sealed class NetworkContractTests
{
    private static readonly Shape Large = Shape.Image(3, 224, 224);
    private static readonly Shape Cifar = Shape.Image(3, 32, 32);
    private static readonly Shape Mnist = Shape.Image(1, 28, 28);

    private static readonly NetworkSample[] Table =
    [
        new(new Mlp(), Shape.Vector(784), 10) { Weights = 101_770, Macs = 101_632 },
        new(
            new Mlp
            {
                Hidden = [300, 100],
                Dropout = 0.2,
                Activation = Activation.Tanh,
            },
            Mnist,
            10) { Weights = 266_610, Macs = 266_200 },
        new(new LeNet5(), Mnist, 10) { Weights = 61_706, Macs = 416_520 },
        new(
            new LeNet5 { Activation = Activation.Tanh, Pooling = Pooling.Average },
            Shape.Image(1, 32, 32),
            10) { Weights = 61_706, Macs = 416_520 },
        new(new ConvDecoder(), Shape.Vector(20), 10),
        new(new ConvEncoder(), Mnist, 10) { Weights = 64_746, Macs = 1_737_344 },
        new(new LeNet5Original(), Mnist, 10) { Weights = 60_000 },
        new(new ResNet(), Large, 1000)
        {
            Weights = 11_689_512,
            Macs = 1_814_073_344,
            Small = Shape.Image(3, 64, 64),
        },
        new(new ResNet { Depth = 34 }, Large, 1000)
        {
            Weights = 21_797_672,
            Macs = 3_663_761_408,
            Small = Shape.Image(3, 64, 64),
        },
        new(new ResNet { Depth = 50 }, Large, 1000)
        {
            Weights = 25_557_032,
            Macs = 4_089_184_256,
            Small = Shape.Image(3, 64, 64),
        },
        new(new CifarResNet(), Cifar, 10) { Weights = 269_722, Macs = 40_551_040 },
        new(new CifarResNet { Shortcut = Shortcut.B }, Cifar, 10) { Weights = 272_474, Macs = 40_813_184 },
        new(new CifarResNet { Depth = 32 }, Cifar, 10) { Weights = 464_154, Macs = 68_862_592 },
        new(new CifarResNet { Depth = 44 }, Cifar, 10) { Weights = 658_586, Macs = 97_174_144 },
        new(new CifarResNet { Depth = 56 }, Cifar, 10) { Weights = 853_018, Macs = 125_485_696 },
        new(new CifarResNet { Depth = 110 }, Cifar, 10)
        {
            Weights = 1_727_962,
            Macs = 252_887_680,
            Small = Shape.Image(3, 16, 16),
        },
        new(new GoogLeNet { Auxiliary = false }, Large, 1000) { Weights = 6_998_552, Small = Shape.Image(3, 64, 64) },
        new(new GoogLeNet(), Large, 1000) { Weights = 13_378_280, AuxiliaryHeads = 2 },
        new(new GoogLeNet { Variant = GoogLeNetVariant.Torchvision, Auxiliary = false }, Large, 1000)
        {
            Weights = 6_624_904,
            Small = Shape.Image(3, 64, 64),
        },
        new(new GoogLeNet { Variant = GoogLeNetVariant.Torchvision }, Large, 1000) { Weights = 13_004_888, AuxiliaryHeads = 2 },
        new(new AlexNet(), Shape.Image(3, 227, 227), 1000)
        {
            Weights = 60_965_224,
            Macs = 724_406_816,
            Small = Shape.Image(3, 67, 67),
            Narrow = Narrow,
            FillByFanIn = true,
        },
        new(new AlexNet { Variant = AlexNetVariant.Torchvision }, Large, 1000)
        {
            Weights = 61_100_840,
            Macs = 714_188_480,
            Small = Shape.Image(3, 63, 63),
            Narrow = Narrow,
            FillByFanIn = true,
        },
        new(new Vgg { Depth = 11 }, Large, 1000)
        {
            Weights = 132_863_336,
            Macs = 7_609_090_048,
            Small = Cifar,
            Narrow = Narrow,
            FillByFanIn = true,
        },
        new(new Vgg { Depth = 13 }, Large, 1000)
        {
            Weights = 133_047_848,
            Macs = 11_308_466_176,
            OnlyCounted = true,
        },
        new(new Vgg(), Large, 1000)
        {
            Weights = 138_357_544,
            Macs = 15_470_264_320,
            OnlyCounted = true,
        },
        new(new Vgg { Depth = 19 }, Large, 1000)
        {
            Weights = 143_667_240,
            Macs = 19_632_062_464,
            OnlyCounted = true,
        },
        new(new Vgg { Depth = 11, BatchNorm = true }, Large, 1000)
        {
            Weights = 132_868_840,
            Macs = 7_609_090_048,
            OnlyCounted = true,
        },
        new(new Vgg { Depth = 13, BatchNorm = true }, Large, 1000)
        {
            Weights = 133_053_736,
            Macs = 11_308_466_176,
            OnlyCounted = true,
        },
        new(new Vgg { BatchNorm = true }, Large, 1000)
        {
            Weights = 138_365_992,
            Macs = 15_470_264_320,
            OnlyCounted = true,
        },
        new(new Vgg { Depth = 19, BatchNorm = true }, Large, 1000)
        {
            Weights = 143_678_248,
            Macs = 19_632_062_464,
            OnlyCounted = true,
        },
        new(new Vgg { Depth = 11, Classifier = VggClassifier.Cifar }, Cifar, 10)
        {
            Weights = 9_225_610,
            Macs = 152_769_536,
            FillByFanIn = true,
        },
        new(new Vgg { BatchNorm = true, Classifier = VggClassifier.Cifar }, Cifar, 10)
        {
            Weights = 14_728_266,
            Macs = 313_201_664,
            FillByFanIn = true,
        },
        new(
            new Vgg
            {
                Depth = 19,
                BatchNorm = true,
                Classifier = VggClassifier.Cifar,
            },
            Cifar,
            10)
        {
            Weights = 20_040_522,
            Macs = 398_136_320,
            OnlyCounted = true,
        },
        new(
            new CustomNetwork
            {
                Layers = new Sequential(
                    new Conv2d(4, 3), new ReLU(), new GlobalAvgPool(), new Flatten(), new Linear(10)),
            },
            Cifar,
            10)
        {
            Weights = 162,
            Macs = 97_240,
        },
        new(
            new EarlyExit
            {
                Network = new CifarResNet { Depth = 8 },
                Exits = [new() { After = "stage1", Channels = 32 }, new() { After = "stage2/0", Hidden = 12 }],
            },
            Cifar,
            10)
        {
            AuxiliaryHeads = 2,
        },
        new(new GatedBlocks { Network = new CifarResNet { Depth = 14 } }, Cifar, 10),
        new(new GatedBlocks { Network = new CifarResNet { Depth = 8 }, Gate = GateKind.Gumbel }, Cifar, 10),
        new(new GatedChannels { Network = new CifarResNet { Depth = 8, Shortcut = Shortcut.B } }, Cifar, 10),
        new(new MixtureOfExperts { Expert = new Mlp { Hidden = [16] }, Top = 4 }, Shape.Vector(20), 4),
        new(new MixtureOfExperts { Expert = new LeNet5(), Experts = 2, Top = 2, Router = 8 }, Mnist, 10),
        new(new EarlyExit { Network = new Mlp { Hidden = [32, 24] }, Exits = [new() { After = "1" }] }, Shape.Vector(20), 4) { AuxiliaryHeads = 1 },
        new(new EarlyExit { Network = new GoogLeNet(), Exits = [new() { After = "aux1" }] }, Large, 1000) { Weights = 13_378_280, AuxiliaryHeads = 2 },
    ];

    private static readonly ContractCases Cases = Table.Index().Aggregate(new ContractCases(), (cases, row) => cases.Add(
        $"{row.Index} {row.Item}", NetworkContract.Of(row.Item), [.. Excuses(row.Item.Spec)]));

    public static TheoryData<string, string> Kept => Cases.Kept;

    public static TheoryData<string, string> Excused => Cases.Excused;

    /// <summary>What an architecture cannot keep by its nature, and why.</summary>
    private static IEnumerable<(string Fact, string Because)> Excuses(NetworkSpec spec)
    {
        if (spec is CustomNetwork)
        {
            yield return (NetworkContract.AnyOutputs, "its last layer is stated");
        }
    }

    [Fact]
    public void Every_architecture_stands_in_the_table_and_in_the_catalog()
    {
        var specs = typeof(NetworkSpec).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(NetworkSpec)) && !t.IsAbstract).ToHashSet();
        Assert.Empty(specs.Except(Table.Select(r => r.Spec.GetType())));
        Assert.Empty(specs.Except(Catalogs.Networks.Entries.Select(e => e.Type)));
    }

    [Theory]
    [MemberData(nameof(Kept))]
    public void Every_architecture_keeps_the_contract(string network, string fact) => Cases.Run(network, fact);

    [Theory]
    [MemberData(nameof(Excused))]
    public void What_an_architecture_is_excused_from_it_cannot_keep(string network, string fact) => Cases.RunExcused(network, fact);

    [Fact]
    public void GoogLeNet_costs_what_table_2_1_says()
    {
        Assert.Equal(1.583, Math.Round(new GoogLeNet { Auxiliary = false }.ToNetwork(Large, 1000).Plan().Macs / 1e9, 3));
        Assert.Equal(
            1.498,
            Math.Round(
                new GoogLeNet { Auxiliary = false, Variant = GoogLeNetVariant.Torchvision }
                    .ToNetwork(Large, 1000).Plan().Macs
                    / 1e9,
                3));
    }

    /// <summary>Hidden layers of 4096 are run with 64: the full ones take a gigabyte and show nothing more.</summary>
    private static Network Narrow(Network network) =>
        network with { Root = LayerTree.Map(network.Root, (_, leaf) => leaf is Linear { Out: 4096 } wide ? wide with { Out = 64 } : leaf) };

    /// <summary>A wrong number of input channels in its table would change how kernels are filled,
    /// and nothing else.</summary>
    [Fact]
    public void Kernels_of_the_papers_GoogLeNet_are_filled_by_what_flows_into_them() => Assert.All(
        new GoogLeNet().ToNetwork(Large, 1000).Plan().Steps.Where(s => s.Leaf is Conv2d),
        s => Assert.Equal(
            (new HeNormalInit(), s.InputShapes[0].Size(1) * ((Conv2d)s.Leaf).Kernel * ((Conv2d)s.Leaf).Kernel),
            (s.Parameters[0].Init, s.Parameters[0].FanIn)));

    [Fact]
    public void Impossible_depths_are_refused()
    {
        Assert.Contains(
            "18, 34 or 50",
            Assert.Throws<ArgumentException>(() => new ResNet { Depth = 20 }.Build(Large, 10)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "6n + 2",
            Assert.Throws<ArgumentException>(() => new CifarResNet { Depth = 21 }.Build(Cifar, 10)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "ten digits",
            Assert.Throws<ShapeException>(() => new LeNet5Original().Build(Mnist, 3)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_connections_of_the_original_LeNet5_are_those_of_the_paper()
    {
        // Connections are multiply–adds plus one bias an output; of a trainable sub-sampling k² inputs plus one; of an
        // RBF as many as its codes have elements.
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
