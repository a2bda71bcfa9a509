using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Onnx;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Compression;

/// <summary>What torch simulates is what ONNX Runtime computes with integers, for all networks.</summary>
[Collection("torch")]
public sealed class QuantizationPassTests
{
    // Kinds of networks without a product of constants.
    private static readonly string[] Without = ["normalised"];

    public static TheoryData<string> Names =>
    [
        .. ChannelSamples.OwnEntries.Where(e => e.Preset.Count == 0).Select(e => e.Name),
        .. ChannelSamples.Trees.Keys.Except(Without),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Integers_are_what_torch_simulates(string name)
    {
        using var session = TorchSession.Enter(seed: 1);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var network = ChannelSamples.Of(name);
        using var exact = new TorchNetwork(network);
        var weights = ChannelSamples.Jittered(exact);
        var (folded, less) = NormFolding.Fold(network, weights, NormFolding.Pairs(network.Plan()));
        using var torch = new TorchNetwork(folded);
        torch.LoadWeights(less);
        torch.SetTraining(false);
        var input = ChannelSamples.Input(network, 4);
        var (map, scheme) = Scheme(torch, less, input);
        var before = torch.Forward(input)[Network.DefaultOutput];
        torch.Hook = new FakeQuantization(scheme, map);
        var simulated = torch.Forward(input)[Network.DefaultOutput];
        var onnx = OnnxWriter.Write(folded, less.WithFixed(folded.Plan().ForScoring()), null, new QuantizationPass(scheme));
        var integers = Scored(onnx, folded, input);

        float size = before.abs().max().item<float>();
        // Sums are rounded in another order, so a value may land on the neighbouring level, layer after layer.
        Assert.InRange(simulated.Zip(integers).Max(v => Math.Abs(v.First - v.Second)) / size, 0, 0.1);
        Assert.InRange(simulated.Zip(integers).Average(v => Math.Abs(v.First - v.Second)) / size, 0, 0.03);
        Assert.True(map.Weights.Count > 0);
        Assert.True((before - simulated).abs().max().item<float>() > 0);
        // Readers find the weights that the graph computes with.
        foreach (var (weight, product) in map.Weights)
        {
            var read = OnnxReader.ReadWeights(onnx)[weight];
            var scales = scheme.ScalesOf(weight, less[weight].Data, less[weight].Dims, product.Axis);
            Assert.Equal(less[weight].Dims, read.Dims);
            Assert.InRange(read.Data.Zip(less[weight].Data).Max(w => Math.Abs(w.First - w.Second)), 0, (scales.Max() / 2 * 1.001f) + 1e-9f);
        }
    }

    [Fact]
    public void Convolutions_additions_and_pools_of_a_residual_network_run_on_integers()
    {
        using var session = TorchSession.Enter(seed: 1);
        using var scope = NewDisposeScope();
        var (operators, integers) = Operators("resNet18");
        Assert.Equal(20, integers["QLinearConv"]);
        Assert.Equal(8, integers["QLinearAdd"]);
        Assert.Equal(1, integers["QLinearGlobalAveragePool"]);
        Assert.Equal(1, integers.GetValueOrDefault("NhwcMaxPool") + integers.GetValueOrDefault("MaxPool"));
        Assert.Equal(1, integers["QGemm"]);
        Assert.DoesNotContain(operators.Keys, op => op is "Conv" or "FusedConv" or "Add" or "GlobalAveragePool" or "Gemm");
    }

    [Fact]
    public void So_do_the_branches_of_an_inception_network()
    {
        using var session = TorchSession.Enter(seed: 1);
        using var scope = NewDisposeScope();
        var (operators, integers) = Operators("googLeNet");
        Assert.Equal(57, integers["QLinearConv"]);
        Assert.Equal(9, integers["QLinearConcat"]);
        Assert.Equal(13, integers.GetValueOrDefault("NhwcMaxPool") + integers.GetValueOrDefault("MaxPool"));
        Assert.DoesNotContain(operators.Keys, op => op is "Conv" or "FusedConv" or "Concat" or "Gemm");
    }

    /// <summary>A channel whose weights are next to nothing, with a bias of 10: at its own scale the bias would need more than 32
    /// bits.</summary>
    [Fact]
    public void A_large_bias_does_not_overflow()
    {
        using var session = TorchSession.Enter(seed: 1);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var network = new Network(new Sequential(new Linear(2) { Name = "l" }), Shape.Vector(2));
        var weights = new Weights([new("l.weight", [2, 2], [1e-12f, 0, 1, 1]), new("l.bias", [2], [10, -10])]);
        using var torch = new TorchNetwork(network);
        torch.LoadWeights(weights);
        torch.SetTraining(false);
        var input = tensor(new float[,] { { 1, 1 }, { 0.5f, 0 } });
        var (_, scheme) = Scheme(torch, weights, input);
        var scored = Scored(OnnxWriter.Write(network, weights, null, new QuantizationPass(scheme)), network, input);
        Assert.Equal([10, -8, 10, -9.5f], scored, (a, b) => Math.Abs(a - b) < 0.02);
    }

    [Fact]
    public void Gradients_pass_straight_through_within_the_range()
    {
        using var scope = NewDisposeScope();
        var value = tensor(new[] { -2f, -0.5f, 0.3f, 3f }, requires_grad: true);
        var rounded = FakeQuantization.Rounded(value, new ValueRange(-1, 1).Grid(2));
        rounded.sum().backward();
        Assert.Equal([0, 1, 1, 0], value.grad!.data<float>().ToArray());
        var expected = new[] { -2f, -0.5f, 0.3f, 3f }.Select(new ValueRange(-1, 1).Grid(2).Round);
        Assert.Equal(expected, rounded.data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    internal static (QuantizedMap Map, QuantizationScheme Scheme) Scheme(TorchNetwork torch, Weights weights, Tensor input)
    {
        var map = new QuantizedMap(torch.Plan, weights, []);
        var watch = new RangeWatch(map);
        torch.Hook = watch;
        torch.Forward(input);
        torch.Hook = null;
        return (map, new() { Ranges = watch.Histograms.ToDictionary(h => h.Key, h => h.Value.Extremes) });
    }

    private static (IReadOnlyDictionary<string, int> All, IReadOnlyDictionary<string, int> Integers) Operators(string name)
    {
        using var none = no_grad();
        var network = ChannelSamples.OfCatalog(name);
        using var exact = new TorchNetwork(network);
        var (folded, less) = NormFolding.Fold(network, exact.ReadWeights(), NormFolding.Pairs(network.Plan()));
        using var torch = new TorchNetwork(folded);
        torch.LoadWeights(less);
        torch.SetTraining(false);
        var (_, scheme) = Scheme(torch, less, ChannelSamples.Input(network, 1));
        var optimized = OptimizedGraph.Of(OnnxWriter.Write(folded, less, null, new QuantizationPass(scheme)));
        return (optimized.Operators, optimized.Integers);
    }

    internal static float[] Scored(byte[] onnx, Network network, Tensor input)
    {
        using var model = new OnnxModel(onnx);
        return model.Run(new Dictionary<string, OnnxTensor>
        {
            [network.Inputs[0].Name] = new(
                [.. input.shape], input.dtype == ScalarType.Int64 ? input.data<long>().ToArray() : input.contiguous().data<float>().ToArray()),
        })[Network.DefaultOutput].Floats;
    }
}

file static class Values
{
    public static IEnumerable<(float First, float Second)> Zip(this Tensor a, float[] b) => a.contiguous().data<float>().ToArray().Zip(b);
}
