using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Torch;

[Collection("torch")]
public sealed class ForwardHookTests
{
    private static readonly Network Plain = new(new Sequential(new Linear(3), new ReLU(), new Linear(2)), Shape.Vector(4));

    [Fact]
    public void A_masked_weight_computes_as_if_it_were_zero_and_gets_no_gradient()
    {
        manual_seed(1);
        using var network = new TorchNetwork(Plain);
        using var scope = NewDisposeScope();
        var (x, mask) = (randn(5, 4), (randn(3, 4) > 0).to(ScalarType.Float32));
        network.Hook = new Hook { OnWeight = (step, name, w) => (step.Path, name) == ("0", "weight") ? w * mask : w };
        var masked = network.Forward(x)["output"];
        masked.sum().backward();
        var weights = network.Tensors.ToDictionary(t => t.Name, t => t.Tensor);
        Assert.Equal(0, (weights["0.weight"].grad! * (1 - mask)).abs().max().item<float>());
        Assert.True(weights["0.weight"].grad!.abs().max().item<float>() > 0);
        var byHand = nn.functional.linear(nn.functional.linear(x, weights["0.weight"] * mask, weights["0.bias"]).relu(),
            weights["2.weight"], weights["2.bias"]);
        Assert.Equal(0, (masked - byHand).abs().max().item<float>());
    }

    [Fact]
    public void Without_a_hook_nothing_is_different_from_before()
    {
        manual_seed(2);
        using var network = new TorchNetwork(Plain);
        using var scope = NewDisposeScope();
        var x = randn(5, 4);
        var before = network.Forward(x)["output"];
        network.Hook = new Hook { OnInput = (_, _, v) => v * 0, OnWeight = (_, _, w) => w * 0 };
        Assert.Equal(0, network.Forward(x)["output"].abs().max().item<float>());
        network.Hook = null;
        Assert.Equal(0, (before - network.Forward(x)["output"]).abs().max().item<float>());
    }

    [Fact]
    public void Each_value_is_seen_once_a_pass_by_the_step_that_reads_it()
    {
        var tied = new Shared("tied", new Twice());
        using var network = new TorchNetwork(new(new Sequential(tied, tied, new Sum { With = ["input"] }), Shape.Vector(4)));
        using var scope = NewDisposeScope();
        var (inputs, weights) = (new List<string>(), new List<string>());
        network.Hook = new Hook
        {
            OnInput = (step, index, value) =>
            {
                inputs.Add($"{step.Path}[{index}]");
                return value;
            },
            OnWeight = (step, name, weight) =>
            {
                weights.Add($"{step.Path}.{name}");
                return weight;
            },
        };
        for (int pass = 1; pass <= 2; pass++)
        {
            network.Forward(ones(1, 4));
            Assert.Equal(pass * 4, inputs.Count);
            Assert.Equal(Enumerable.Repeat<string[]>(["0.scale", "1.scale"], pass).SelectMany(n => n), weights);
        }

        Assert.Equal(["0[0]", "1[0]", "2[0]", "2[1]"], inputs.Take(4));
    }

    [Fact]
    public void Steps_that_share_weights_may_take_different_ones()
    {
        using var network = new TorchNetwork(
            new(new Sequential(new Shared("tied", new Twice()), new Shared("tied", new Twice())), Shape.Vector(2)));
        using var scope = NewDisposeScope();
        network.Hook = new Hook { OnWeight = (step, _, w) => step.Path == "0" ? w * 3 : w * 5 };
        Assert.Equal([60f, 60f], network.Forward(ones(1, 2))["output"].data<float>().ToArray()); // (2·3)·(2·5)
    }

    [Fact]
    public void What_a_hook_has_seen_is_not_overwritten_afterwards()
    {
        using var network = new TorchNetwork(Plain);
        using var scope = NewDisposeScope();
        var kept = new List<(Tensor Value, Tensor Copy)>();
        network.Hook = new Hook
        {
            OnInput = (_, _, value) =>
            {
                kept.Add((value, value.clone()));
                return value;
            },
        };
        network.Forward(randn(50, 4));
        Assert.All(kept, k => Assert.Equal(0, (k.Value - k.Copy).abs().max().item<float>()));
    }

    [Fact]
    public void In_bfloat16_a_hook_sees_stored_weights_and_what_it_returns_is_rounded()
    {
        manual_seed(3);
        using var network = new TorchNetwork(Plain);
        using var scope = NewDisposeScope();
        network.Precision = Precision.BFloat16;
        var x = randn(5, 4);
        var before = network.Forward(x)["output"];
        var types = new HashSet<ScalarType>();
        network.Hook = new Hook
        {
            OnWeight = (_, _, weight) =>
            {
                types.Add(weight.dtype);
                return weight * 1;
            },
        };
        var hooked = network.Forward(x)["output"];
        Assert.Equal([ScalarType.Float32], types);
        Assert.Equal(0, (before - hooked).abs().max().item<float>());
        hooked.sum().backward();
        Assert.All(network.Tensors, t => Assert.NotNull(t.Tensor.grad));
    }

    [Fact]
    public void Scales_of_batch_normalisation_pass_through_and_its_statistics_do_not()
    {
        using var network = new TorchNetwork(new(new BatchNorm2d { Name = "norm" }, Shape.Vector(3)));
        using var scope = NewDisposeScope();
        var seen = new List<string>();
        network.Hook = new Hook
        {
            OnWeight = (_, name, weight) =>
            {
                seen.Add(name);
                return weight * 0;
            },
        };
        Assert.Equal(0, network.Forward(randn(8, 3))["output"].abs().max().item<float>());
        Assert.Equal(["weight", "bias"], seen);
    }

    [Fact]
    public void An_answer_that_does_not_fit_is_an_error_before_torch_sees_it()
    {
        using var network = new TorchNetwork(Plain);
        using var scope = NewDisposeScope();
        network.Hook = new Hook { OnWeight = (step, _, w) => step.Path == "2" && w.dim() == 2 ? w.t() : w };
        Assert.Equal(
            "2: the hook Hook put Float32[3, 2] in the place of weight 'weight', Float32[2, 3]; it must return a "
                + "tensor of the same shape and type.",
            Assert.Throws<ShapeException>(() => network.Forward(randn(5, 4))).Message);
        network.Hook = new Hook { OnInput = (step, _, v) => step.Path == "1" ? v.to(ScalarType.Float64) : v };
        Assert.Contains("1: the hook Hook put Float64[5, 3] in the place of input 0",
            Assert.Throws<ShapeException>(() => network.Forward(randn(5, 4))).Message, StringComparison.Ordinal);
        network.Hook = null;
        Assert.Equal([5, 2], network.Forward(randn(5, 4))["output"].shape);
    }

    [Fact]
    public void A_leaf_with_a_torch_module_cannot_be_hooked_and_is_named()
    {
        using var network = new TorchNetwork(new(new Sequential(new ModuleLinear { Name = "closed" }), Shape.Vector(4)));
        Assert.StartsWith("closed: ModuleLinear keeps its weights in a torch module",
            Assert.Throws<NotSupportedException>(() => network.Hook = new Hook()).Message, StringComparison.Ordinal);
        Assert.Null(network.Hook);
    }

    /// <summary>bfloat16 into a module of float32 weights would end the process.</summary>
    [Fact]
    public void A_leaf_with_a_torch_module_computes_in_float32_whatever_the_precision()
    {
        using var network = new TorchNetwork(
            new(new Sequential(new Linear(4), new ModuleLinear { Name = "closed" }, new Linear(2)), Shape.Vector(4)));
        using var scope = NewDisposeScope();
        network.Precision = Precision.BFloat16;
        Assert.Equal([3, 2], network.Forward(randn(3, 4))["output"].shape);
    }

    private sealed class Hook : IForwardHook
    {
        public Func<PlanStep, int, Tensor, Tensor> OnInput { get; init; } = (_, _, value) => value;

        public Func<PlanStep, string, Tensor, Tensor> OnWeight { get; init; } = (_, _, stored) => stored;

        public Tensor Input(PlanStep step, int index, Tensor value) => OnInput(step, index, value);

        public Tensor Weight(PlanStep step, string parameter, Tensor stored) => OnWeight(step, parameter, stored);
    }

    /// <summary>x · (scale + scale) with a scale of 1: reads its weight twice.</summary>
    private sealed record Twice : UnaryLeaf
    {
        public override Shape OutputShape(Shape input) => input;

        public override IReadOnlyList<Parameter> Parameters(Shape input) => [new("scale", [1], new ConstantInit(1))];

        public override Tensor Forward(Tensor input, LeafState state) => input * (state["scale"] + state["scale"]);

        public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
            throw new NotSupportedException();
    }

    private sealed record ModuleLinear : UnaryLeaf, IModuleLeaf
    {
        public override Shape OutputShape(Shape input) => input.With(1, 4);

        public override IReadOnlyList<Parameter> Parameters(Shape input) =>
            [new("weight", [4, 4], new ConstantInit(0)), new("bias", [4], new ConstantInit(0))];

        public nn.Module CreateModule(IReadOnlyList<Shape> inputs) => nn.Linear(4, 4);

        public override Tensor Forward(Tensor input, LeafState state) =>
            ((TorchSharp.Modules.Linear)state.Module!).call(input);

        public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
            throw new NotSupportedException();
    }
}
