using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Tests.Compression.Distillation;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Compression;

/// <summary>Batch normalisations that become part of the convolutions before them.</summary>
[Collection("torch")]
public sealed class FoldNormsTests
{
    public static TheoryData<string> Names => ["cifarResNet", "resNet18", "resNet50", "vgg16", "grouped"];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_folded_network_computes_the_same(string name)
    {
        using var session = TorchSession.Enter(seed: 1);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var network = name == "grouped" ? Grouped : ChannelSamples.OfCatalog(name);
        using var whole = new TorchNetwork(network);
        var weights = ChannelSamples.Jittered(whole);
        var pairs = NormFolding.Pairs(network.Plan());
        var (folded, less) = NormFolding.Fold(network, weights, pairs);
        Assert.Equal(network.Plan().Steps.Count(s => s.Leaf is BatchNorm2d), pairs.Count);
        Assert.DoesNotContain(folded.Plan().Steps, s => s.Leaf is BatchNorm2d);
        Assert.InRange(ChannelSamples.Apart(whole, weights, folded, less), 0, 1e-5);
    }

    /// <summary>A normalisation whose input is read elsewhere, one that is used twice, and one behind another layer.</summary>
    [Fact]
    public void What_cannot_be_folded_stays()
    {
        var block = new Sequential(new Conv2d(4, 1) { Name = "c" }, new BatchNorm2d());
        var network = new Network(
            new Sequential(
                new Conv2d(4, 3, Padding: 1),
                new Branches(new Sum(), new BatchNorm2d(), new Identity()),
                new Shared("s", block),
                new Shared("s", block),
                new ReLU(),
                new BatchNorm2d()),
            Shape.Image(1, 6, 6));
        Assert.Empty(NormFolding.Pairs(network.Plan()));
    }

    [Fact]
    public void As_a_stage_it_leaves_the_same_scores_and_pruned_zeros()
    {
        var digits = Datasets.Find("optdigits")!.Load(false).Take(320);
        var network = new CustomNetwork
        {
            Layers = new Sequential(new Conv2d(8, 3) { Name = "c", Bias = false }, new BatchNorm2d(), new ReLU(), new Flatten(), new Linear(10)),
        };
        var (plain, folded) = (Run(new MagnitudePruning { Amount = 0.5 }), Run(new MagnitudePruning { Amount = 0.5 }, new FoldNorms()));
        using var a = MlNetDl.MlNet.NeuralNetworkTransformer.Of(new(), plain);
        using var b = MlNetDl.MlNet.NeuralNetworkTransformer.Of(new(), folded);
        Assert.All(a.Score(digits).Zip(b.Score(digits)), s => Assert.Equal(s.First, s.Second, 1e-5f));
        Assert.Equal(Zeros(plain), Zeros(folded));
        Assert.Equal(plain.Manifest.Pruned, folded.Manifest.Pruned);
        Assert.Equal(plain.Manifest.Parameters - 8, folded.Manifest.Parameters);
        var mlp = Recipe(new Fit { Epochs = 1 }, new FoldNorms()) with { Model = new Mlp { Hidden = [8] } };
        Assert.Contains("finds nothing to fold", Assert.Throws<ArgumentException>(() => mlp.Run(digits)).Message, StringComparison.Ordinal);

        ModelPackage Run(params Stage[] more) =>
            (Recipe([new Fit { Epochs = 2 }, .. more]) with { Model = network }).Run(digits).Package;
        static int Zeros(ModelPackage package) => package.ReadWeights().Single(w => w.Dims.Count == 4).Data.Count(v => v == 0);
    }

    private static Network Grouped => new(
        new Sequential(
            new Conv2d(8, 3, Padding: 1) { Bias = true },
            new BatchNorm2d(1e-3),
            new ReLU(),
            new Conv2d(16, 3, Padding: 1) { Groups = 8, Bias = false },
            new BatchNorm2d(),
            new GlobalAvgPool(),
            new Flatten(),
            new Linear(3)),
        Shape.Image(3, 8, 8));

    private static Recipe Recipe(params ValueList<Stage> stages) => new()
    {
        Task = new MulticlassClassification(),
        Training = Lessons.Options with { Stages = stages },
    };
}
