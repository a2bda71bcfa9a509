using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Onnx;
using MlNetDl.Testing;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Networks;

/// <summary>Exits in networks: where they stand, and what torch and ONNX Runtime compute with rows leaving.</summary>
[Collection("torch")]
public sealed class EarlyExitTests
{
    private static readonly Shape Small = Shape.Image(2, 12, 12);

    public static TheoryData<ExitRule, double> Rates => new()
    {
        { ExitRule.Entropy, 0 },
        { ExitRule.Entropy, 0.5 },
        { ExitRule.Entropy, 0.9 },
        { ExitRule.Entropy, 1 },
        { ExitRule.Confidence, 0 },
        { ExitRule.Confidence, 0.5 },
        { ExitRule.Confidence, 1 },
    };

    [Theory]
    [MemberData(nameof(Rates))]
    public void With_any_share_of_the_rows_leaving_torch_and_ONNX_Runtime_agree(ExitRule by, double share)
    {
        using var session = TorchSession.Enter(seed: 3);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var open = new TorchNetwork((Spec(null) with { By = by }).ToNetwork(Small, 5));
        Widen(open);
        var input = randn(20, 2, 12, 12);
        var weights = open.ReadWeights();
        double threshold = Threshold(open, by, input, share);
        var network = (Spec(threshold) with { By = by }).ToNetwork(Small, 5);
        using var torch = new TorchNetwork(network);
        torch.LoadWeights(weights);
        Assert.InRange(OnnxParity.Difference(torch, input), 0, 1e-5);

        // A row by itself is scored as among the others.
        var whole = torch.Forward(input)[Network.DefaultOutput];
        for (int i = 0; i < 20; i += 7)
        {
            Assert.True(whole.narrow(0, i, 1).allclose(torch.Forward(input.narrow(0, i, 1))[Network.DefaultOutput], 1e-5, 1e-5));
            Assert.InRange(OnnxParity.Difference(torch, input.narrow(0, i, 1)), 0, 1e-5);
        }

        // So many rows are those of the exit, the others those of the network that has no exits.
        var last = open.Forward(input)[Network.DefaultOutput];
        int stayed = Enumerable.Range(0, 20).Count(i => whole[i].allclose(last[i], 1e-5, 1e-6));
        Assert.Equal(20 - (int)(share * 20), stayed);
    }

    [Fact]
    public void Without_thresholds_it_is_the_network_with_the_same_weights()
    {
        using var session = TorchSession.Enter(seed: 3);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var plain = new TorchNetwork(new CifarResNet { Depth = 8 }.ToNetwork(Small, 5));
        using var exits = new TorchNetwork(Spec(null).ToNetwork(Small, 5));
        var own = plain.ReadWeights();
        exits.LoadWeights(new(exits.ReadWeights().Select(w => own.Contains(w.Name) ? own[w.Name] : w)));
        Assert.Empty(own.Select(w => w.Name).Except(exits.ReadWeights().Select(w => w.Name)));
        plain.SetTraining(false);
        exits.SetTraining(false);
        var input = randn(3, 2, 12, 12);
        Assert.True(plain.Forward(input)[Network.DefaultOutput].allclose(exits.Forward(input)[Network.DefaultOutput], 1e-6, 1e-6));
    }

    [Fact]
    public void Rows_leave_by_one_logit_of_yes_too()
    {
        using var session = TorchSession.Enter(seed: 3);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var spec = new EarlyExit { Network = new Mlp { Hidden = [8, 8] }, Exits = [new() { After = "hidden1", Threshold = 0.97 }] };
        using var torch = new TorchNetwork(spec.ToNetwork(Shape.Vector(4), 1));
        foreach (var (name, tensor, _) in torch.Tensors.Where(t => t.Name.StartsWith("exit1", StringComparison.Ordinal)))
        {
            tensor.mul_(4);
        }

        Assert.InRange(OnnxParity.Difference(torch, randn(32, 4)), 0, 1e-5);
        var logits = new[] { 0f, 3f, -3f };
        var figures = ExitRules.Figure(ExitRule.Entropy, tensor(logits).reshape(3, 1)).data<float>().ToArray();
        Assert.Equal(1, figures[0], 1e-6f);
        Assert.Equal(figures[1], figures[2], 1e-6f);
        double p = 1 / (1 + Math.Exp(-3));
        Assert.Equal(-((p * Math.Log(p)) + ((1 - p) * Math.Log(1 - p))) / Math.Log(2), figures[1], 1e-6);
    }

    [Fact]
    public void YAML_says_the_same()
    {
        const string Text = """
            type: earlyExit
            by: confidence
            network: { type: cifarResNet, depth: 8 }
            exits:
              - { after: stage1, channels: 32, lossWeight: 0.5 }
              - { after: stage2/0, threshold: 0.9 }
            """;
        var spec = Assert.IsType<EarlyExit>(ConfigurationDocument.Parse(Text, "n.yaml").Bind<ModelSpec>());
        Assert.Equal(
            new EarlyExit
            {
                By = ExitRule.Confidence,
                Network = new CifarResNet { Depth = 8 },
                Exits = [new() { After = "stage1", Channels = 32, LossWeight = 0.5 }, new() { After = "stage2/0", Threshold = 0.9 }],
            },
            spec);
        var outputs = spec.ToNetwork(Small, 5).Plan().Outputs.Where(o => o.Role == TapRole.Auxiliary);
        Assert.Equal([("exit1", 0.5), ("exit2", 1)], outputs.Select(o => (o.Name, o.LossWeight)));
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { "stage9", "exits[0].after is 'stage9', which is no place of the network; did you mean 'stage1'? There are conv1/conv, " },
        { "stage1/0/body", "is within a branch" },
        { "output", "is within a branch, a shared layer or the last layer, where rows cannot leave" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_place_that_is_none_is_refused_with_those_there_are(string after, string message) => Assert.Contains(
        message,
        Assert.Throws<ShapeException>(
            () => new EarlyExit { Network = new CifarResNet { Depth = 8 }, Exits = [new() { After = after }] }.ToNetwork(Small, 5)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Other_nonsense_is_refused()
    {
        Assert.Contains("two exits stand behind 'stage1'", Message(new() { After = "stage1" }, new() { After = "stage1" }), StringComparison.Ordinal);
        Assert.Contains(
            "an exit with channels needs images",
            Assert.Throws<ShapeException>(() => new EarlyExit
            {
                Network = new Mlp { Hidden = [8, 8] },
                Exits = [new() { After = "hidden1", Channels = 4 }],
            }.ToNetwork(Shape.Vector(4), 3)).Message,
            StringComparison.Ordinal);
        var e = Assert.Throws<ConfigurationException>(() => ConfigurationDocument.Parse(
            "{ type: earlyExit, network: { type: earlyExit, network: mlp, exits: [] }, exits: [ { after: a, threshold: 1.5 } ] }", "n.yaml")
            .Bind<ModelSpec>());
        Assert.Contains(e.All, p => p.Message.Contains("threshold must be 0 to 1 but is 1.5", StringComparison.Ordinal));
        Assert.Contains(e.All, p => p.Message.Contains("must name one exit or more", StringComparison.Ordinal));
        Assert.Contains(e.All, p => p.Message.Contains("is an earlyExit already", StringComparison.Ordinal));

        static string Message(params ValueList<Exit> exits) => Assert.Throws<ShapeException>(
            () => new EarlyExit { Network = new CifarResNet { Depth = 8 }, Exits = exits }.ToNetwork(Small, 5)).Message;
    }

    private static EarlyExit Spec(double? threshold) => new()
    {
        Network = new CifarResNet { Depth = 8 },
        Exits = [new() { After = "stage1", Threshold = threshold, Channels = 8 }],
    };

    // Fresh exits say nearly the same of all rows; figures apart let thresholds stand between them.
    private static void Widen(TorchNetwork network)
    {
        foreach (var (_, tensor, _) in network.Tensors.Where(t => t.Name.StartsWith("exit1/output", StringComparison.Ordinal)))
        {
            tensor.mul_(6);
        }

        network.SetTraining(false);
    }

    private static double Threshold(TorchNetwork network, ExitRule by, Tensor input, double share)
    {
        if (share is 0 or 1)
        {
            return (share == 0) == (by == ExitRule.Entropy) ? 0 : 1;
        }

        var root = (Sequential)LayerTree.Map(
            network.Plan.Network.Root, (_, leaf) => leaf is HardRows or MergeRows ? new Identity { Name = leaf.Name } : leaf);
        var probe = network.Plan.Network with { Root = new Sequential([.. root.Children, new Read("exit1")]) };
        using var torch = new TorchNetwork(probe);
        torch.LoadWeights(network.ReadWeights());
        torch.SetTraining(false);
        var figures = ExitRules.Figure(by, torch.Forward(input)[Network.DefaultOutput]).data<float>().ToArray().Order().ToList();
        int at = (int)(share * figures.Count);
        at = by == ExitRule.Entropy ? at : figures.Count - at;
        return (figures[at] + figures[at - 1]) / 2.0;
    }
}
