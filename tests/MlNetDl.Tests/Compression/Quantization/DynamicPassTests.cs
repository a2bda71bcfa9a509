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
        Assert.Equal(["a.weight", "b.weight"], pass.Products(torch.Plan, weights).Order());
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

    [Fact]
    public void A_weight_that_a_kept_layer_shares_stays()
    {
        using var session = TorchSession.Enter(seed: 1);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        Layer Shared(string name) => new Shared("w", new Linear(6)) { Name = name };
        var network = new Network(new Sequential(Shared("once"), new ReLU(), Shared("again")), Shape.Vector(6));
        using var torch = new TorchNetwork(network);
        torch.SetTraining(false);
        var pass = new DynamicPass(["again"]);
        var onnx = OnnxWriter.Write(network, torch.ReadWeights(), null, pass);
        Assert.Equal(1, OptimizedGraph.Of(onnx).Integers.Values.Sum());
        var input = randn(3, 6);
        var exact = torch.Forward(input)[Network.DefaultOutput];
        Assert.InRange(tensor(QuantizationPassTests.Scored(onnx, network, input)).reshape(3, 6).sub(exact).abs().max().item<float>(), 0, 0.1f);
    }
}
