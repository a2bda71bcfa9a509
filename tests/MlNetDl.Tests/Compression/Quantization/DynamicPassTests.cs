using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx;
using MlNetDl.Tests.Training;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Compression;

/// <summary>Linear layers of rows and of sequences, whose rows or places find their own scale.</summary>
[Collection("torch")]
public sealed class DynamicPassTests
{
    private static readonly Sequential Layers = new(new Linear(8) { Name = "a" }, new ReLU(), new Linear(4) { Name = "b", Bias = false });

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Integers_are_what_torch_simulates(int places)
    {
        using var session = TorchSession.Enter(seed: 1);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var network = new Network(Layers, places == 0 ? Shape.Vector(6) : Shape.Parse("[N, T, 6]"));
        using var torch = new TorchNetwork(network);
        torch.SetTraining(false);
        var (weights, pass) = (torch.ReadWeights(), new DynamicPass([]));
        Assert.Equal([("a", "a.weight"), ("b", "b.weight")], pass.Products(torch.Plan, weights).Order());
        var onnx = OnnxWriter.Write(network, weights, null, pass);
        Assert.Equal(2, OptimizedGraph.Of(onnx).Integers.Values.Sum());
        Assert.All(weights, w => Assert.Equal(w.Dims, OnnxReader.ReadWeights(onnx)[w.Name].Dims));

        // Rows of very unlike size would spoil each other with one scale.
        var input = places == 0 ? randn(5, 6) : randn(5, places, 6);
        input.mul_(pow(10, arange(0, 5, ScalarType.Float32)).reshape(places == 0 ? [5, 1] : [5, 1, 1]));
        var exact = torch.Forward(input)[Network.DefaultOutput];
        torch.Hook = pass.Simulation(torch.Plan, weights);
        var simulated = torch.Forward(input)[Network.DefaultOutput];
        var scored = tensor(QuantizationPassTests.Scored(onnx, network, input)).reshape(simulated.shape);
        Assert.InRange(scored.sub(simulated).abs().div(exact.abs().amax([-1], keepdim: true)).max().item<float>(), 0, 1e-4f);
        Assert.InRange(scored.sub(exact).abs().div(exact.abs().amax([-1], keepdim: true)).max().item<float>(), 1e-6f, 0.1f);

        // A place is computed alike in any sequence, a row in any batch.
        var part = places == 0 ? input.narrow(0, 1, 2) : input.narrow(1, 2, 3);
        var ofPart = tensor(QuantizationPassTests.Scored(onnx, network, part.contiguous()));
        var expected = places == 0 ? scored.narrow(0, 1, 2) : scored.narrow(1, 2, 3);
        Assert.True(ofPart.reshape(-1).equal(expected.contiguous().reshape(-1)).all().item<bool>());
    }

    /// <summary>A table of tokens is no product, even where it is the weight of one.</summary>
    [Theory]
    [InlineData(null, "hidden, back, out")]
    [InlineData("out", "hidden, back")]
    public void Of_a_tied_table_only_the_product_is_rounded(string? kept, string products)
    {
        var rounded = Simulated(ChannelSamples.Trees["tied"], kept is null ? [] : [kept], products);
        Assert.InRange(rounded, 1e-6f, 0.1f);
    }

    [Fact]
    public void A_weight_that_a_kept_layer_shares_stays()
    {
        Layer Shared(string name) => new Shared("w", new Linear(6)) { Name = name };
        var network = new Network(new Sequential(Shared("once"), new ReLU(), Shared("again")), Shape.Vector(6));
        Assert.InRange(Simulated(network, ["again"], "once"), 1e-6f, 0.1f);
        Assert.InRange(Simulated(network, [], "once, again"), 1e-6f, 0.1f);
    }

    [Fact]
    public void Products_of_any_rank_are_rounded_by_place()
    {
        var network = new Network(new Sequential(new Pointwise(1, 0) { Name = "p" }), Shape.Parse("[N, 3, 4, 6]"));
        Assert.InRange(Simulated(network, [], "p"), 1e-6f, 0.1f);
    }

    [Fact]
    public void A_weight_that_is_not_turned_is_no_weight_of_rows() =>
        Assert.Equal(0, Simulated(new(new Sequential(new Pointwise(0, 1) { Name = "p" }), Shape.Parse("[N, 3, 4, 6]")), [], ""));

    [Fact]
    public void A_name_under_keep_is_idle_where_no_product_stands()
    {
        var plain = new Network(new Sequential(new Linear(3) { Name = "x" }), Shape.Vector(4));
        var stage = new DynamicInt8 { Keep = ["in", "out"] };
        var messages = PruningContexts.Do(stage, run: false, c => c, ("plain", plain), ("tied", ChannelSamples.Trees["tied"])).Messages;
        Assert.StartsWith("warning: dynamicInt8.keep names in, but", Assert.Single(messages), StringComparison.Ordinal);
    }

    // Torch with the rounding computes what ONNX Runtime does. The greatest difference that the rounding makes, over the greatest output.
    private static float Simulated(Network network, IReadOnlyCollection<string> keep, string products)
    {
        using var session = TorchSession.Enter(seed: 1);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var torch = new TorchNetwork(network);
        torch.SetTraining(false);
        var (weights, pass) = (torch.ReadWeights(), new DynamicPass(keep));
        Assert.Equal(products, string.Join(", ", pass.Products(torch.Plan, weights).Select(p => p.Path)));
        var onnx = OnnxWriter.Write(network, weights, null, pass);
        Assert.Equal(products.Split(", ", StringSplitOptions.RemoveEmptyEntries).Length, OptimizedGraph.Of(onnx).Integers.Values.Sum());
        var input = network.Inputs[0].Shape.Rank == 4 ? randn(2, 3, 4, 6) : ChannelSamples.Input(network, 3);
        var exact = torch.Forward(input)[Network.DefaultOutput];
        torch.Hook = pass.Simulation(torch.Plan, weights);
        var simulated = torch.Forward(input)[Network.DefaultOutput];
        var scored = tensor(QuantizationPassTests.Scored(onnx, network, input)).reshape(simulated.shape);
        float size = exact.abs().max().item<float>();
        Assert.InRange(scored.sub(simulated).abs().max().item<float>() / size, 0, 1e-4f);
        return products.Length == 0 ? scored.sub(simulated).abs().gt(1e-5).sum().item<long>() : scored.sub(exact).abs().max().item<float>() / size;
    }

    // A matrix product over the last of four dimensions.
    private sealed record Pointwise(long First, long Second) : UnaryLeaf
    {
        public override Shape OutputShape(Shape input) => input;

        public override IReadOnlyList<Parameter> Parameters(Shape input) => [new("weight", [input.Size(3), input.Size(3)], new FanInUniformInit())];

        public override Tensor Forward(Tensor input, LeafState state) => input.matmul(state["weight"].permute(First, Second));

        public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights)
        {
            var weight = graph.Add("Transpose", [weights["weight"]], ("perm", new[] { First, Second }));
            return graph.Add("MatMul", [input, weight]);
        }
    }
}
