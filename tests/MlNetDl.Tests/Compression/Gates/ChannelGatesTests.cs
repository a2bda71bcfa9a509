using MlNetDl.Compression;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Networks;
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
