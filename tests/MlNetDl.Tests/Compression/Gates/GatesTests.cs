using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Testing;
using MlNetDl.Tests.Compression.Distillation;
using MlNetDl.Tests.Training;
using MlNetDl.Torch;
using MlNetDl.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Compression;

/// <summary>Rows that skip blocks, channels that some rows use, and experts that get some rows.</summary>
[Collection("torch")]
public sealed class GatesTests
{
    private static readonly Shape Small = Shape.Image(2, 10, 10);

    [Theory]
    [InlineData(GateKind.StraightThrough, -100f)]
    [InlineData(GateKind.StraightThrough, 0f)]
    [InlineData(GateKind.StraightThrough, 100f)]
    [InlineData(GateKind.Gumbel, -100f)]
    [InlineData(GateKind.Gumbel, 0f)]
    [InlineData(GateKind.Gumbel, 100f)]
    public void With_any_share_of_the_rows_skipping_torch_and_ONNX_Runtime_agree(GateKind kind, float bias)
    {
        using var session = TorchSession.Enter(seed: 4);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var spec = new GatedBlocks { Network = new CifarResNet { Depth = 14 }, Gate = kind };
        using var torch = new TorchNetwork(spec.ToNetwork(Small, 5));
        foreach (var (name, tensor, _) in torch.Tensors.Where(t => t.Name.Contains("/gate", StringComparison.Ordinal)))
        {
            if (name.EndsWith("logit.bias", StringComparison.Ordinal))
            {
                tensor.fill_(0);
                tensor[0] = bias;
            }
            else if (bias == 0)
            {
                tensor.mul_(5);
            }
        }

        var input = randn(24, 2, 10, 10);
        Assert.InRange(OnnxParity.Difference(torch, input), 0, 1e-4);
        var whole = torch.Forward(input)[Network.DefaultOutput];
        Assert.True(whole.narrow(0, 5, 1).allclose(torch.Forward(input.narrow(0, 5, 1))[Network.DefaultOutput], 1e-4, 1e-5));
        var open = Gates(torch, input, "gate1");
        Assert.Equal(bias < 0 ? 0 : bias > 0 ? 24 : Math.Clamp(open, 1, 23), open);
        if (bias != 0)
        {
            // All open: the network itself. All closed: the network without these branches.
            var plain = new CifarResNet { Depth = 14 }.ToNetwork(Small, 5);
            var weights = torch.ReadWeights();
            if (bias < 0)
            {
                plain = ResidualBranches.Of(plain).Aggregate(plain, ResidualBranches.Without);
            }

            using var other = new TorchNetwork(plain);
            other.LoadWeights(weights);
            other.SetTraining(false);
            Assert.True(whole.allclose(other.Forward(input)[Network.DefaultOutput], 1e-4, 1e-5));
        }
    }

    [Theory]
    [InlineData(GateKind.StraightThrough)]
    [InlineData(GateKind.Gumbel)]
    public void Gates_begin_open_and_a_penalty_closes_them(GateKind kind)
    {
        Sequential gate = kind == GateKind.StraightThrough
            ? new(new Linear(1) { BiasInit = new ConstantInit(1) }, new StraightThrough())
            : new(new Linear(2) { BiasInit = new FixedInit([1.5f, -1.5f]) }, new GumbelSoftmax());
        using var session = TorchSession.Enter(seed: 4);
        var spec = new CustomNetwork
        {
            Layers = new Sequential(
                new Linear(8),
                new ReLU(),
                new Tap("gate1", gate) { Role = TapRole.Training },
                new Branches(new AddRows("gate1"), new Identity(), new Sequential(new OpenRows("gate1"), new Linear(8))),
                new Linear(3)),
        };
        double free = Open(new Fit { Epochs = 6 }), priced = Open(new Fit { Epochs = 6 }, new GatePenalty { Weight = 2 });
        double half = Open(new Fit { Epochs = 6 }, new GatePenalty { Weight = 20, Target = 0.5 });
        Assert.InRange(free, 0.6, 1);
        Assert.InRange(priced, 0, 0.3);
        Assert.InRange(half, 0.2, 0.8);

        double Open(params Stage[] stages)
        {
            var package = (Lessons.Student([.. stages]) with { Model = spec }).Run(Samples.Blobs(300)).Package;
            using var torch = package.ToTorch();
            using var scope = NewDisposeScope();
            using var none = no_grad();
            return Gates(torch, tensor((float[])Samples.Blobs(60).Features).reshape(60, Samples.Width), "gate1") / 60.0;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Each_row_is_the_sum_of_the_experts_it_asks(int top)
    {
        using var session = TorchSession.Enter(seed: 6);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var spec = new MixtureOfExperts { Expert = new Mlp { Hidden = [7] }, Experts = 3, Top = top };
        using var torch = new TorchNetwork(spec.ToNetwork(Shape.Vector(4), 2));
        torch.Tensors.Single(t => t.Name == "router/logits.weight").Tensor.mul_(6);
        var input = randn(30, 4);
        Assert.InRange(OnnxParity.Difference(torch, input), 0, 1e-5);
        Assert.InRange(OnnxParity.Difference(torch, input.narrow(0, 2, 1)), 0, 1e-5);
        var weights = torch.ReadWeights();
        var router = nn.functional.softmax(
            nn.functional.linear(input, Weight("router/logits.weight"), Weight("router/logits.bias")), 1);
        var (values, indices) = router.topk(top, 1);
        var expected = zeros(30, 2);
        for (int row = 0; row < 30; row++)
        {
            for (int k = 0; k < top; k++)
            {
                int expert = (int)indices[row, k].item<long>() + 1;
                var hidden = nn.functional.linear(input[row], Weight($"expert{expert}/hidden1.weight"), Weight($"expert{expert}/hidden1.bias")).relu();
                var output = nn.functional.linear(hidden, Weight($"expert{expert}/output.weight"), Weight($"expert{expert}/output.bias"));
                expected[row] += values[row, k] * output;
            }
        }

        Assert.True(expected.allclose(torch.Forward(input)[Network.DefaultOutput], 1e-4, 1e-5));

        // While it trains, all experts see all rows, and the result is the same.
        torch.SetTraining(true);
        Assert.True(expected.allclose(torch.Forward(input)[Network.DefaultOutput], 1e-4, 1e-5));

        Tensor Weight(string name) => tensor(weights[name].Data).reshape(weights[name].Dims.ToArray());
    }

    [Fact]
    public void The_price_of_unlike_shares_is_that_of_the_paper()
    {
        using var session = TorchSession.Enter(seed: 6);
        using var scope = NewDisposeScope();
        var spec = new MixtureOfExperts { Expert = new Mlp { Hidden = [3] }, Experts = 2, Top = 1 };
        using var torch = new TorchNetwork(spec.ToNetwork(Shape.Vector(4), 2));
        using var hook = new LoadBalance { Weight = 0.5 }.Start(null!);
        hook.Start(torch, Lessons.Options);
        var gates = tensor(new float[,] { { 0.9f, 0 }, { 0, 0.5f }, { 0.8f, 0 } });
        var loss = hook.Loss(null!, new Dictionary<string, Tensor> { ["router"] = gates }, tensor(1f), default);

        // Importance 1.7 and 0.5: mean 1.1, deviation 0.6.
        Assert.Equal(1 + (0.5 * 0.36 / 1.21), loss.item<float>(), 1e-5);
        var network = spec with { Top = 2, Experts = 4 };
        var package = (Lessons.Student(new Fit(), new LoadBalance()) with { Model = network }).Run(Samples.Blobs(120)).Package;
        using var model = NeuralNetworkTransformer.Of(new(), package);
        Assert.Equal(120 * 3, model.Score(Samples.Blobs(120)).Length);
    }

    [Fact]
    public void Channels_are_multiplied_by_the_factors_that_win()
    {
        using var session = TorchSession.Enter(seed: 6);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var spec = new GatedChannels { Network = new CifarResNet { Depth = 8, Shortcut = Shortcut.B }, Share = 0.25 };
        using var torch = new TorchNetwork(spec.ToNetwork(Small, 5));
        var input = randn(6, 2, 10, 10);
        torch.Forward(input); // statistics
        var factors = torch.Forward(input)["channels1"];
        Assert.Equal([6L, 16], factors.shape);
        Assert.All(Enumerable.Range(0, 6), row => Assert.Equal(4, factors[row].count_nonzero().item<long>()));
        Assert.InRange(OnnxParity.Difference(torch, input), 0, 1e-4);
        Assert.Equal(9, GatesOf.Channels(torch.Plan).Count);
        var blocks = new GatedBlocks { Network = new CifarResNet { Depth = 14 } }.ToNetwork(Small, 5).Plan();
        Assert.Equal([("gate1", 2L * 16 * 16 * 9 * 100), ("gate2", 2L * 16 * 16 * 9 * 100), ("gate3", 2L * 32 * 32 * 9 * 25), ("gate4", 2L * 64 * 64 * 9 * 9)],
            GatesOf.Blocks(blocks));
    }

    [Fact]
    public void YAML_names_them()
    {
        const string Text = """
            network: { type: gatedBlocks, gate: gumbel, temperature: 0.7, network: { type: cifarResNet, depth: 8 } }
            training: { stages: [ fit, { type: gatePenalty, weight: 0.2, target: 0.5 }, { type: loadBalance } ] }
            """;
        var options = ConfigurationDocument.Parse(Text, "n.yaml");
        Assert.NotNull(options);
        Assert.Equal(
            new GatePenalty { Weight = 0.2, Target = 0.5 }, RecordJson.Deserialize<Stage>("""{ "type": "gatePenalty", "weight": 0.2, "target": 0.5 }"""));
        Assert.Equal(
            new MixtureOfExperts { Expert = new LeNet5(), Top = 2 },
            RecordJson.Deserialize<ModelSpec>("""{ "type": "mixtureOfExperts", "expert": "leNet5", "top": 2 }"""));
        Assert.Equal(
            new GatedBlocks { Network = new CifarResNet { Depth = 8 }, Gate = GateKind.Gumbel },
            RecordJson.Deserialize<ModelSpec>("""{ "type": "gatedBlocks", "gate": "gumbel", "network": { "type": "cifarResNet", "depth": 8 } }"""));
    }

    [Fact]
    public void Nonsense_is_refused()
    {
        Assert.Contains("it has no residual branch", Shapes(new GatedBlocks { Network = new LeNet5() }), StringComparison.Ordinal);
        Assert.Contains("it has no convolution with batch normalisation", Shapes(new GatedChannels { Network = new LeNet5() }), StringComparison.Ordinal);
        Assert.Contains("gatePenalty needs a network with gates", Stages(new GatePenalty()), StringComparison.Ordinal);
        Assert.Contains("loadBalance needs a network with experts", Stages(new LoadBalance()), StringComparison.Ordinal);
        var e = Assert.Throws<ConfigurationException>(() => ConfigurationDocument.Parse(
            "{ type: mixtureOfExperts, expert: leNet5, experts: 2, top: 3 }", "n.yaml").Bind<ModelSpec>());
        Assert.Contains("top must be at most the 2 experts but is 3", e.Message, StringComparison.Ordinal);

        static string Shapes(NetworkSpec spec) => Assert.Throws<ShapeException>(() => spec.ToNetwork(Shape.Image(1, 28, 28), 10)).Message;
        static string Stages(FitHook hook) => Assert.Throws<ArgumentException>(() => Lessons.Student(new Fit(), hook).Run(Samples.Blobs())).Message;
    }

    // How many rows have an open gate, in evaluation.
    internal static long Gates(TorchNetwork torch, Tensor input, string wire)
    {
        var network = torch.Plan.Network;
        using var probe = new TorchNetwork(network with
        {
            Root = new Sequential(
                network.Root with { Name = "" },
                new Tap("open", new Read(OpenRows.RowsOf(wire, 0))) { Name = "", Role = TapRole.Output }),
        });
        probe.LoadWeights(torch.ReadWeights());
        probe.SetTraining(false);
        return probe.Forward(input)["open"].shape[0];
    }
}
