using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tests.Compression.Distillation;
using MlNetDl.Tests.Training;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Compression;

/// <summary>Gates of channels for a network that is trained already.</summary>
[Collection("torch")]
public sealed class ChannelGatesTests
{
    private static readonly Examples Pictures = Datasets.Find("optdigits")!.Load(false).Take(96);
    private static readonly CifarResNet Small = new() { Depth = 8 };

    [Fact]
    public void The_weights_stay_and_rows_use_their_share_of_the_channels()
    {
        var plain = Run(new Fit { Epochs = 1 });
        var gated = Run(new Fit { Epochs = 1 }, new ChannelGates { Share = 0.25 });
        var (before, after) = (plain.ReadWeights(), gated.ReadWeights());
        Assert.All(before, w => Assert.Equal(w.Data, after[w.Name].Data));
        Assert.Equal(14, after.Count(w => w.Name.Contains("saliency", StringComparison.Ordinal)));

        using var session = TorchSession.Enter(seed: 1);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var torch = gated.ToTorch();
        var gates = Gates(torch);
        Assert.Equal(7, gates.Count);
        Assert.All(gates, gate => Assert.Equal(gate.shape[1] / 4, gate.gt(0).sum(1).max().item<long>()));

        // The same as the network that has gates from the beginning, in training and in its file.
        Assert.Equal(
            new GatedChannels { Network = Small, Share = 0.25 }.ToNetwork(Pictures.Shape, 10).Plan().Steps.Select(s => (s.Path, s.Leaf)),
            gated.Tree().Plan().Steps.Where(s => !s.Path.StartsWith("preprocessing", StringComparison.Ordinal)).Select(s => (s.Path, s.Leaf)));
    }

    [Fact]
    public void Gates_are_given_once_and_only_before_normalised_convolutions()
    {
        Assert.Contains("has gates of channels already", Refused(new Fit { Epochs = 1 }, new ChannelGates(), new ChannelGates()), StringComparison.Ordinal);
        Assert.Contains(
            "channelGates: it has no convolution with batch normalisation right behind it",
            Assert.ThrowsAny<Exception>(() => (Lessons.Student(new Fit(), new ChannelGates()) with { Model = new Mlp() }).Run(Samples.Blobs(60))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_penalty_makes_the_gates_smaller()
    {
        double Gates(params Stage[] stages)
        {
            var package = Run([new Fit { Epochs = 1 }, .. stages]);
            using var session = TorchSession.Enter(seed: 1);
            using var scope = NewDisposeScope();
            using var none = no_grad();
            using var torch = package.ToTorch();
            return ChannelGatesTests.Gates(torch).Average(gate => gate.mean().item<float>());
        }

        var fit = new Fit { Epochs = 3 };
        Assert.InRange(Gates(new ChannelGates(), fit, new GatePenalty { Weight = 1 }) / Gates(new ChannelGates(), fit), 0, 0.95);
        Assert.Contains("needs a network with gates", Refused(fit, new GatePenalty()), StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_recipe_gives_the_same_gates()
    {
        using var folder = new TemporaryFolder();
        (SmallDigits.Recipe(new Fit { Epochs = 1 }, new ChannelGates { FineTune = new() { Epochs = 2 } }) with { Model = Small }).MustResume(folder, 5, 14, 25);
    }

    [Fact]
    public void It_tells_how_many_convolutions_get_gates_and_warns_where_nothing_trains_them()
    {
        const string Told = "channelGates: 7 convolutions get gates, by which each row uses 25% of their channels", Warning = "warning: channelGates: nothing";
        Assert.Equal([Warning, Told], Of(new ChannelGates { Share = 0.25 }));
        Assert.Equal([Told], Of(new ChannelGates { Share = 0.25, FineTune = new() { Epochs = 1 } }));
        Assert.Equal([Told], Of(new ChannelGates { Share = 0.25 }, new Fit { Epochs = 1 }));

        static IEnumerable<string> Of(params Stage[] stages)
        {
            var told = new Messages();
            (Lessons.Student([new Fit { Epochs = 1 }, .. stages]) with { Model = Small, Callbacks = [told] }).Run(Pictures);
            return told.Texts.Select(t => t.StartsWith(Warning, StringComparison.Ordinal) ? Warning : t).Where(t => t is Warning or Told);
        }
    }

    /// <summary>A row keeps the same share of the channels that are left, so that each gate still has a choice.</summary>
    [Fact]
    public void Where_channels_are_pruned_rows_use_the_same_share_of_the_others()
    {
        var root = new Sequential(new Conv2d(16, 3), new BatchNorm2d(), new ReLU(), new Conv2d(9, 3), new BatchNorm2d(), new Flatten(), new Linear(3));
        var gated = new Network(GatedChannels.Gated(root, 0.25, TapRole.Wire, "me"), Shape.Image(1, 8, 8));
        var (pruned, _) = PruningContexts.Do(new FilterPruning { Amount = 0.5 }, run: true, c => c, ("n", gated));
        var gates = pruned.Networks["n"].Plan().Steps.Where(s => s.Leaf is TopK).Select(s => (s.InputShapes[0].Size(1), ((TopK)s.Leaf).K));
        Assert.Equal([(8, 2), (5, 2)], gates);
    }

    [Theory]
    [InlineData("foldNorms")]
    [InlineData("lowRank")]
    public void Behind_what_takes_the_normalisations_away_it_is_refused_at_once(string name)
    {
        Stage stage = name == "lowRank" ? new LowRank() : new FoldNorms();
        Assert.Equal(
            $"training.stages has channelGates behind {name}, but gates need batch normalisations right behind convolutions, which {name} takes away; put "
                + "channelGates before.",
            StageOrder.Problem([new Fit(), stage, new ChannelGates()])!.ToString());
        Assert.NotNull(StageOrder.Problem([new ChannelGates()], before: [new Fit(), stage]));
        Assert.Null(StageOrder.Problem([new Fit(), new ChannelGates(), stage]));
    }

    [Fact]
    public void A_network_with_gates_is_known_by_what_they_do()
    {
        var own = new Sequential(
            new Tap("channelsOfMine") { Name = "" }, new Tap("channels7") { Name = "" }, new Conv2d(4, 3), new BatchNorm2d(), new Flatten(), new Linear(10));
        Assert.Equal(1, Count(GatedChannels.Gated(own, 0.5, TapRole.Training, "me")));
        Assert.Equal(
            "me: the network has gates of channels already ('channels1'); give it gates once.",
            Assert.Throws<ShapeException>(() => GatedChannels.Gated(
                GatedChannels.Gated(own, 0.5, TapRole.Training, "me"), 0.5, TapRole.Training, "me")).Message);

        static int Count(Layer root) => new Network(root, Shape.Image(1, 8, 8)).Plan().Steps.Count(s => s.Leaf is TopK);
    }

    [Fact]
    public void A_penalty_is_refused_at_once_where_no_stage_before_gives_gates()
    {
        var network = new Network(new Sequential(new Conv2d(4, 3), new BatchNorm2d(), new ReLU(), new Flatten(), new Linear(3)), Shape.Image(1, 8, 8));
        var penalty = new GatePenalty();
        Assert.Contains("needs a network with gates", PruningContexts.Refused(penalty, Behind(new FilterPruning()), ("n", network)), StringComparison.Ordinal);
        PruningContexts.Do(penalty, run: false, Behind(new ChannelGates()), ("n", network));

        Func<StageContext, StageContext> Behind(Stage stage) =>
            c => c with { Options = c.Options with { Stages = [new Fit(), stage, new Fit(), penalty] } };
    }

    // They are outputs of a network in training.
    private static List<Tensor> Gates(TorchNetwork torch)
    {
        torch.SetTraining(true);
        var values = new float[Pictures.Count * 64];
        Pictures.CopyTo(0, Pictures.Count, values);
        var outputs = torch.Forward(tensor(values).reshape(Pictures.Count, 1, 8, 8));
        return [.. outputs.Where(o => o.Key.StartsWith("channels", StringComparison.Ordinal)).Select(o => o.Value)];
    }

    private static string Refused(params Stage[] stages) => Assert.ThrowsAny<Exception>(() => Run(stages)).Message;

    private static ModelPackage Run(params Stage[] stages) => (Lessons.Student([.. stages]) with { Model = Small }).Run(Pictures).Package;
}
