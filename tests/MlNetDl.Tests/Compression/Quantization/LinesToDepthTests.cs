using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Compression;

/// <summary>Lines of pixels become channels, and nothing else changes.</summary>
[Collection("torch")]
public sealed class LinesToDepthTests
{
    /// <summary>Windows that reach beyond the picture or not, lines that no window reads, pads of all kinds.</summary>
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
        Assert.Equal((1, 1), (operators["QLinearConv"], operators.GetValueOrDefault("Gather")));
        Assert.Equal(plain, deep);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    public void So_does_one_with_gaps_in_its_window(int stride, int dilation)
    {
        var (operators, deep, plain) = Score(new Conv2d(16, 3, stride, 2) { Name = "c", Dilation = dilation }, 3, 12, 14);
        Assert.Equal((1, 1), (operators["QLinearConv"], operators.GetValueOrDefault("Gather")));
        Assert.Equal(plain, deep);
    }

    /// <summary>7×7 over 3 channels: 21 lines and 3 without weight, one step for each column of the window.</summary>
    [Fact]
    public void Lines_of_the_window_are_channels()
    {
        using var session = TorchSession.Enter(seed: 1);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var network = new Network(new Sequential(new Conv2d(16, 7, 2, 3) { Name = "c" }, new ReLU()), Shape.Image(3, 16, 16));
        var graph = OnnxReader.Parse(Written(network, scheme => scheme).Deep).Graph;
        var convolution = graph.Node.Single(n => n.OpType == "Conv");
        Assert.Equal([1, 7], convolution.Attribute.Single(a => a.Name == "kernel_shape").Ints);
        var numbers = graph.Initializer.Single(t => t.Name == graph.Node.Single(n => n.OpType == "Gather").Input[1]);
        Assert.Equal([8, 24], numbers.Dims);
    }

    [Theory]
    [InlineData(16, 3)]
    [InlineData(6, 1)]
    public void Other_convolutions_stay_as_they_are(int outputs, int groups)
    {
        outputs *= groups;
        var layer = new Conv2d(outputs, 3, 2, 1) { Name = "c", Groups = groups };
        var (operators, deep, plain) = Score(layer, 3, 12, 12);
        Assert.Equal(0, operators.GetValueOrDefault("Gather"));
        Assert.Equal(plain, deep);
    }

    [Fact]
    public void Two_convolutions_of_one_picture_are_folded_both()
    {
        var network = new Network(
            new Sequential(new Branches(new Concat(), new Conv2d(16, 7, 2, 3) { Name = "c" }, new Conv2d(16, 3, 2, 1) { Name = "d" }), new ReLU()),
            Shape.Image(3, 12, 14));
        var (operators, deep, plain) = Score(network, weight: "0/c.weight");
        Assert.Equal((2, 2), (operators["QLinearConv"], operators.GetValueOrDefault("Gather")));
        Assert.Equal(plain, deep);
        Assert.DoesNotContain(Values(network), value => value == "input/rounded");
    }

    /// <summary>The float value goes only where nothing but folded convolutions has read it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_value_that_others_read_stays(bool isOutput)
    {
        Layer rest = isOutput ? Folded with { Name = "c" } : new Branches(new Concat(), Folded with { Stride = 1 }, new Identity());
        ValueList<Layer> layers = isOutput ? [new Conv2d(3, 1) { Name = "a" }, new Tap("seen") { Name = "", Role = TapRole.Output }, rest] : [rest];
        var network = new Network(new Sequential([.. layers, new ReLU()]), Shape.Image(3, 12, 14));
        var (operators, deep, plain) = Score(network, weight: isOutput ? "c.weight" : "0/c.weight");
        Assert.True(operators["QLinearConv"] > 0 && operators.GetValueOrDefault("Gather") == 1);
        Assert.Equal(plain, deep);
        Assert.Contains(isOutput ? "seen" : "input/rounded", Values(network));
    }

    [Fact]
    public void A_weight_that_two_convolutions_share_stays_as_it_is()
    {
        Layer Shared(string name) => new Shared("w", new Conv2d(16, 3, 2, 1)) { Name = name };
        var (operators, deep, plain) = Score(new(
            new Sequential(new Branches(new Concat(), Shared("c"), Shared("d")), new ReLU()), Shape.Image(3, 12, 14)), weight: "w.weight");
        Assert.Equal((2, 0), (operators["QLinearConv"], operators.GetValueOrDefault("Gather")));
        Assert.Equal(plain, deep);
    }

    [Fact]
    public void One_scale_for_all_channels_does_too()
    {
        var (operators, deep, plain) = Score(new(new Sequential(Folded, new ReLU()), Shape.Image(3, 12, 14)), scheme => scheme with { PerChannel = false });
        Assert.Equal((1, 1), (operators["QLinearConv"], operators.GetValueOrDefault("Gather")));
        Assert.Equal(plain, deep);
    }

    [Fact]
    public void A_batch_may_have_no_rows()
    {
        using var session = TorchSession.Enter(seed: 1);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var model = new OnnxModel(Written(new(new Sequential(Folded, new ReLU()), Shape.Image(3, 12, 14)), scheme => scheme).Deep);
        var made = model.Run(new Dictionary<string, OnnxTensor> { ["input"] = new([0, 3, 12, 14], Array.Empty<float>()) });
        Assert.Equal([0, 16, 6, 7], made[Network.DefaultOutput].Dims);
    }

    /// <summary>The convolution of such a layer reads another picture than the layer: turned, or of another rank.</summary>
    [Theory]
    [InlineData("[N, 3, 12, 17]")]
    [InlineData("[N, 12, 17]")]
    public void A_convolution_of_what_its_layer_made_of_its_input_stays(string shape)
    {
        var (operators, deep, plain) = Score(new(new Sequential(new Turned { Name = "c" }, new ReLU()), Shape.Parse(shape)));
        Assert.Equal((1, 0), (operators["QLinearConv"], operators.GetValueOrDefault("Gather")));
        Assert.Equal(plain, deep);
    }

    private static Conv2d Folded => new(16, 3, 2, 1) { Name = "c" };

    private static (IReadOnlyDictionary<string, int> Operators, float[] Deep, float[] Plain) Score(Conv2d layer, int channels, int height, int width) =>
        Score(new(new Sequential(layer, new ReLU()), Shape.Image(channels, height, width)));

    // What the integers compute, with lines of pixels as channels and without.
    private static (IReadOnlyDictionary<string, int> Operators, float[] Deep, float[] Plain) Score(
        Network network, Func<QuantizationScheme, QuantizationScheme>? with = null, string weight = "c.weight")
    {
        using var session = TorchSession.Enter(seed: 1);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var (deep, plain, input) = Written(network, with ?? (scheme => scheme));
        Assert.Equal(OnnxReader.ReadWeights(plain)[weight].Data, OnnxReader.ReadWeights(deep)[weight].Data);
        float[] Scored(byte[] onnx) => QuantizationPassTests.Scored(onnx, network, input);
        Assert.Contains(Scored(plain), value => value > 0);
        return (OptimizedGraph.Of(deep).Operators, Scored(deep), Scored(plain));
    }

    private static (byte[] Deep, byte[] Plain, Tensor Input) Written(Network network, Func<QuantizationScheme, QuantizationScheme> with)
    {
        using var torch = new TorchNetwork(network);
        torch.SetTraining(false);
        var weights = torch.ReadWeights();
        // Zero is not the lowest level, so that padding with level 0 would be noticed.
        var input = ChannelSamples.Input(network);
        var scheme = with(QuantizationPassTests.Scheme(torch, weights, input).Scheme);
        byte[] Of(bool deep) => OnnxWriter.Write(network, weights, null, new QuantizationPass(scheme) { LinesToDepth = deep });
        return (Of(true), Of(false), input);
    }

    // The names of the values that nodes make.
    private static List<string> Values(Network network)
    {
        using var session = TorchSession.Enter(seed: 1);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        return [.. OnnxReader.Parse(Written(network, scheme => scheme).Deep).Graph.Node.SelectMany(n => n.Output)];
    }

    private sealed record Turned : UnaryLeaf
    {
        public override Shape OutputShape(Shape input) =>
            input.Rank == 4 ? Shape.Image(16, input.Size(3), input.Size(2)) : Shape.Image(16, input.Size(1), input.Size(2));

        public override IReadOnlyList<Parameter> Parameters(Shape input) =>
            [new("weight", [16, input.Rank == 4 ? input.Size(1) : 1, 3, 3], new FanInUniformInit())];

        public override Tensor Forward(Tensor input, LeafState state) =>
            nn.functional.conv2d(input.dim() == 4 ? input.transpose(2, 3) : input.unsqueeze(1), state["weight"], padding: [1, 1]);

        public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights)
        {
            var read = input.Shape!.Rank == 4
                ? graph.Add("Transpose", [input], ("perm", new long[] { 0, 1, 3, 2 }))
                : graph.Add("Unsqueeze", [input, graph.Constant("axes", new long[] { 1 })]);
            return graph.Add("Conv", [read, weights["weight"]], ("kernel_shape", new long[] { 3, 3 }), ("pads", new long[] { 1, 1, 1, 1 }));
        }
    }
}
