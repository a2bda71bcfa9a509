using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Compression;

/// <summary>Squares of pixels become channels, and nothing else changes.</summary>
[Collection("torch")]
public sealed class SpaceToDepthTests
{
    /// <summary>Windows that begin within a square, pixels that no window reads, pads of all kinds.</summary>
    public static TheoryData<int, int, int, int, int, int, PaddingMode> Convolutions =>
        new()
        {
            { 3, 16, 16, 7, 2, 3, PaddingMode.Explicit },
            { 3, 15, 18, 7, 2, 3, PaddingMode.Explicit },
            { 3, 17, 16, 3, 2, 0, PaddingMode.Explicit },
            { 3, 9, 10, 2, 2, 0, PaddingMode.Explicit },
            { 3, 9, 8, 1, 2, 0, PaddingMode.Explicit },
            { 3, 35, 36, 11, 4, 2, PaddingMode.Explicit },
            { 3, 8, 9, 3, 1, 1, PaddingMode.Explicit },
            { 2, 13, 13, 5, 3, 1, PaddingMode.Explicit },
            { 1, 28, 28, 7, 2, 3, PaddingMode.Explicit },
            { 1, 11, 11, 3, 1, 1, PaddingMode.Explicit },
            { 3, 15, 16, 3, 2, 0, PaddingMode.Same },
        };

    [Theory]
    [MemberData(nameof(Convolutions))]
    public void A_deeper_convolution_computes_the_same(int channels, int height, int width, int kernel, int stride, int padding, PaddingMode mode)
    {
        var (operators, deep, plain) = Score(new(16, kernel, stride, padding) { Name = "c", PaddingMode = mode }, channels, height, width);
        Assert.True(operators["QLinearConv"] == 1 && operators.GetValueOrDefault("Pad") + operators.GetValueOrDefault("Reshape") > 0);
        Assert.Equal(plain, deep);
    }

    [Theory]
    [InlineData(16, 1, 3)]
    [InlineData(16, 2, 1)]
    [InlineData(6, 1, 1)]
    public void Other_convolutions_stay_as_they_are(int outputs, int dilation, int groups)
    {
        outputs *= groups;
        var layer = new Conv2d(outputs, 3, 2, 1) { Name = "c", Dilation = dilation, Groups = groups };
        var (operators, deep, plain) = Score(layer, 3, 12, 12);
        Assert.Equal(0, operators.GetValueOrDefault("Pad") + operators.GetValueOrDefault("Reshape"));
        Assert.Equal(plain, deep);
    }

    // What the integers compute, with squares of pixels and without.
    private static (IReadOnlyDictionary<string, int> Operators, float[] Deep, float[] Plain) Score(Conv2d layer, int channels, int height, int width)
    {
        using var session = TorchSession.Enter(seed: 1);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var network = new Network(new Sequential(layer, new ReLU()), Shape.Image(channels, height, width));
        using var torch = new TorchNetwork(network);
        torch.SetTraining(false);
        var weights = torch.ReadWeights();
        // Zero is not the lowest level, so that padding with level 0 would be noticed.
        var input = randn(2, channels, height, width);
        var (_, scheme) = QuantizationPassTests.Scheme(torch, weights, input);
        var deep = OnnxWriter.Write(network, weights, null, new QuantizationPass(scheme));
        var plain = OnnxWriter.Write(network, weights, null, new QuantizationPass(scheme) { SpaceToDepth = false });
        Assert.Equal(OnnxReader.ReadWeights(plain)["c.weight"].Data, OnnxReader.ReadWeights(deep)["c.weight"].Data);
        float[] Scored(byte[] onnx) => QuantizationPassTests.Scored(onnx, network, input);
        Assert.Contains(Scored(plain), value => value > 0);
        return (OptimizedGraph.Of(deep).Operators, Scored(deep), Scored(plain));
    }
}
