using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Tests.Contracts;
using MlNetDl.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Torch;

[Collection("torch")]
public sealed class TorchNetworkTests
{
    [Fact]
    public void A_leaf_with_two_inputs_and_a_network_with_two_outputs_compute_the_same_in_onnx()
    {
        var network = new Network(
            new Sequential(
                new Linear(4) { Name = "mix" }, new Concat { With = ["condition"] },
                new Tap("squashed", new Sigmoid()) { Role = TapRole.Output }, new Linear(3)),
            [new NetworkInput("x", Shape.Vector(5)), new NetworkInput("condition", Shape.Vector(2))]);
        using var torch = new TorchNetwork(network);
        using var scope = NewDisposeScope();
        Assert.Equal(["output", "squashed"], torch.Plan.Outputs.Select(o => o.Name));
        Assert.Equal([2, 6], torch.Forward(randn(2, 5), randn(2, 2))["squashed"].shape);
        Assert.True(OnnxParity.Difference(torch, randn(7, 5), randn(7, 2)) < 1e-4);
    }

    [Fact]
    public void Sequences_of_any_length_go_through_torch_and_onnx()
    {
        manual_seed(1);
        using var torch = new TorchNetwork(new Network(
            new Sequential(new Embedding(20, 6), new Linear(5), new Tanh(), new MeanOverTime(), new Linear(2)),
            Shape.Tokens()));
        using var scope = NewDisposeScope();
        foreach (int length in (int[])[1, 4, 9])
        {
            Assert.True(OnnxParity.Difference(torch, randint(0, 20, [3, length], ScalarType.Int64)) < 1e-4);
        }
    }

    [Fact]
    public void A_leaf_that_torch_offers_only_as_a_module_trains_and_loads_like_any_other()
    {
        manual_seed(1);
        var network = new Network(
            new Sequential(new LastOfLstm(3) { Name = "lstm" }, new Linear(2)),
            new Shape(ElementType.Float32, [Dim.Batch, "T", 4]));
        using var torch = new TorchNetwork(network);
        using var copy = new TorchNetwork(network);
        Assert.Equal(4 * 3 * (4 + 3 + 2) + 8, torch.Plan.ParameterCount);
        Assert.Contains("lstm.weight_ih_l0", torch.ReadWeights().Select(w => w.Name));
        copy.LoadWeights(torch.ReadWeights());
        using var scope = NewDisposeScope();
        var x = randn(2, 5, 4);
        Assert.Equal(0, (torch.Forward(x)["output"] - copy.Forward(x)["output"]).abs().max().item<float>());
        torch.Forward(x)["output"].sum().backward();
        Assert.All(torch.Tensors, t => Assert.NotNull(t.Tensor.grad));
    }

    [Fact]
    public void Shared_layers_have_one_set_of_weights_which_gets_both_gradients()
    {
        var layer = new Shared("tied", new Linear(4));
        using var torch = new TorchNetwork(new Network(new Sequential(layer, new ReLU(), layer), Shape.Vector(4)));
        Assert.Equal(20, torch.Plan.ParameterCount);
        Assert.Equal(["tied.weight", "tied.bias"], torch.Tensors.Select(t => t.Name));
        Assert.True(OnnxParity.Difference(torch, randn(3, 4)) < 1e-4);
        var misfit = new Network(new Sequential(layer, new Linear(5), layer), Shape.Vector(4));
        Assert.Contains(
            "'tied' are shared by layers that ask for different ones",
            Assert.Throws<ShapeException>(misfit.Plan).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Inputs_that_do_not_fit_are_refused_before_torch_sees_them()
    {
        using var torch = new TorchNetwork(new Network(
            new Sequential(new Concat { With = ["y"] }), [new("x", Shape.Vector(2)), new("y", Shape.Vector(2))]));
        using var scope = NewDisposeScope();
        Assert.Contains(
            "x: expects [N, 2] but got Float32[3, 4]",
            Assert.Throws<ShapeException>(() => torch.Forward(randn(3, 4), randn(3, 2))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "dimension N is 4 here and 3",
            Assert.Throws<ShapeException>(() => torch.Forward(randn(3, 2), randn(4, 2))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "2 inputs (x, y) but got 1",
            Assert.Throws<ShapeException>(() => torch.Forward(randn(3, 2))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "Int64",
            Assert.Throws<ShapeException>(
                () => torch.Forward(randint(0, 2, [3, 2], ScalarType.Int64), randn(3, 2))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Names_and_wires_that_cannot_be_are_refused_with_their_place()
    {
        Assert.Equal(
            "block/1: reads wire 'nowhere', which nothing before it publishes; published are: input.",
            Problem(new Sequential(new Sequential(new ReLU(), new Read("nowhere")) { Name = "block" })));
        Assert.Contains("published twice", Problem(new Sequential(new Tap("input"))), StringComparison.Ordinal);
        Assert.Contains(
            "two layers side by side are named 'a'",
            Problem(new Sequential(new ReLU { Name = "a" }, new ReLU { Name = "a" })),
            StringComparison.Ordinal);
        Assert.Contains("'a.b' contains '/', '.' or '@'", Problem(new Sequential(new ReLU { Name = "a.b" })), StringComparison.Ordinal);
        Assert.Equal(
            "1: Linear expects float32 [N, C] or [N, T, C] with known C but got [N, 2, 3, 3]; "
                + "insert Flatten before it.",
            Problem(new Sequential(new Conv2d(2, 2), new Linear(3)), Shape.Image(1, 4, 4)));

        static string Problem(Layer root, Shape? input = null) =>
            Assert.Throws<ShapeException>(new Network(root, input ?? Shape.Vector(3)).Plan).Message;
    }

    [Fact]
    public void Weights_of_another_network_are_refused_and_nothing_is_changed()
    {
        using var small = new TorchNetwork(new Network(new Sequential(new Linear(2)), Shape.Vector(3)));
        using var large = new TorchNetwork(new Network(new Sequential(new Linear(4)), Shape.Vector(3)));
        var before = small.ReadWeights()["0.weight"].Data;
        Assert.Contains(
            "'0.weight' has dimensions [4, 3] and 12 values where the network has [2, 3]",
            Assert.Throws<InvalidDataException>(() => small.LoadWeights(large.ReadWeights())).Message,
            StringComparison.Ordinal);
        Assert.Equal(before, small.ReadWeights()["0.weight"].Data);
    }

    [Fact]
    public void Local_response_normalisation_divides_alpha_by_n()
    {
        // Edge channel: 3 of 5 neighbours are there. The paper's formula, without the division, would give .5945367.
        using var torch = new TorchNetwork(new Network(new LocalResponseNorm { Alpha = 1e-4 }, Shape.Image(5, 1, 1)));
        using var scope = NewDisposeScope();
        Assert.Equal(0.5945902, torch.Forward(ones(1, 5, 1, 1))["output"].data<float>()[0], 6);
    }

    [Fact]
    public void Same_padding_with_stride_puts_the_extra_zero_at_the_end()
    {
        // 4 wide, kernel 3, stride 2: one zero, behind. The ones of the window at 0 see three elements, at 2 two.
        using var torch = new TorchNetwork(new Network(
            new Conv2d(1, 3, 2)
            {
                PaddingMode = PaddingMode.Same,
                Bias = false,
                WeightInit = new ConstantInit(1),
            },
            Shape.Image(1, 4, 4)));
        using var scope = NewDisposeScope();
        Assert.Equal([9, 6, 6, 4], torch.Forward(ones(1, 1, 4, 4))["output"].data<float>().ToArray());
    }

    /// <summary>A leaf from outside the library, over a symbolic dimension.</summary>
    private sealed record MeanOverTime : UnaryLeaf
    {
        public override Shape OutputShape(Shape input) => new(ElementType.Float32, [input[0], input[2]]);

        public override Tensor Forward(Tensor input, LeafState state) => input.mean([1]);

        public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
            graph.Add("ReduceMean", [input], ("axes", new long[] { 1 }), ("keepdims", 0));
    }

    /// <summary>The last hidden state of torch's LSTM.</summary>
    private sealed record LastOfLstm(int Hidden) : UnaryLeaf, IModuleLeaf
    {
        public override Shape OutputShape(Shape input) => new(ElementType.Float32, [input[0], Hidden]);

        public override IReadOnlyList<Parameter> Parameters(Shape input) =>
        [
            new("weight_ih_l0", [4 * Hidden, input.Size(2)], new ConstantInit(0)),
            new("weight_hh_l0", [4 * Hidden, Hidden], new ConstantInit(0)),
            new("bias_ih_l0", [4 * Hidden], new ConstantInit(0)),
            new("bias_hh_l0", [4 * Hidden], new ConstantInit(0)),
        ];

        public nn.Module CreateModule(IReadOnlyList<Shape> inputs) =>
            nn.LSTM(inputs[0].Size(2), Hidden, batchFirst: true);

        public override Tensor Forward(Tensor input, LeafState state) =>
            ((TorchSharp.Modules.LSTM)state.Module!).call(input).Item1.select(1, -1);

        public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
            throw new NotSupportedException();
    }
}
