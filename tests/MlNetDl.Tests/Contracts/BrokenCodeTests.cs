using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Contracts;

/// <summary>What the code of a layer throws, or gives that it may not, names layer, member and path.</summary>
[Collection("torch")]
public sealed class BrokenCodeTests
{
    [Fact]
    public void A_shape_rule_that_fails_is_named_with_its_path()
    {
        var inner = new KeyNotFoundException("no such key");
        var e = Planned(new Own { Shapes = _ => throw inner });
        Assert.Equal("body/1: the layer Own failed in OutputShape: no such key.", e.Message);
        Assert.Same(inner, e.InnerException);
        Assert.StartsWith("body/1: the layer Own failed in OutputShape: it returned null;", Planned(new Own { Shapes = _ => null! }).Message,
            StringComparison.Ordinal);
        var shape = Assert.Throws<ShapeException>(() => Of(new Own { Shapes = _ => throw new ShapeException("too wide.") }).Plan());
        Assert.Equal("body/1: too wide.", shape.Message);
    }

    [Fact]
    public void Weights_that_cannot_be_are_told()
    {
        var zeros = new ConstantInit(0);
        Assert.Equal(
            "body/1: the layer Own failed in Parameters: it declares the parameter 'weight' twice; give each a name of its own.",
            Declared(new("weight", [2], zeros), new("weight", [3], zeros)));
        Assert.EndsWith("the parameter 'weight' has the dimensions [2, -3]; none may be negative.", Declared(new Parameter("weight", [2, -3], zeros)),
            StringComparison.Ordinal);
        Assert.EndsWith("one of its parameters has no name; name it, such as 'weight'.", Declared(new Parameter("", [2], zeros)),
            StringComparison.Ordinal);
        Assert.Contains("'a.b' contains '/', '.' or '@'", Declared(new Parameter("a.b", [2], zeros)), StringComparison.Ordinal);
        Assert.EndsWith("one of its parameters is null.", Declared([null!]), StringComparison.Ordinal);
        Assert.EndsWith("the parameter 'weight' has no initializer.", Declared(new Parameter("weight", [2], null!)), StringComparison.Ordinal);
        Assert.Contains("it returned null", Declared(null!), StringComparison.Ordinal);
    }

    [Fact]
    public void A_forward_pass_that_fails_is_named_with_its_path_and_without_a_dump()
    {
        Assert.Equal(
            "body/1: the layer Own failed in Forward: Own asks for its weight 'nothing', but declares weight; let Parameters give it.",
            Run(new Own { Weights = () => [new Parameter("weight", [2], new ConstantInit(0))], Pass = (_, state) => state["nothing"] }).Message);
        Assert.StartsWith("body/1: the layer Own failed in Forward: it returned null;", Run(new Own { Pass = (_, _) => null! }).Message,
            StringComparison.Ordinal);
        var torch = Run(new Own { Pass = (x, _) => x.reshape(7, 7) });
        Assert.StartsWith("body/1: the layer Own failed in Forward: shape '[7, 7]' is invalid", torch.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', torch.Message);
        Assert.IsAssignableFrom<System.Runtime.InteropServices.ExternalException>(torch.InnerException);
    }

    [Fact]
    public void An_initializer_that_fails_is_named_with_the_layer_of_its_weight()
    {
        var network = Of(new Own { Weights = () => [new Parameter("weight", [2], new Failing())] });
        var e = Assert.Throws<ComponentException>(() => new TorchNetwork(network));
        Assert.StartsWith("body/1: the layer Own failed in the start of 'weight': no start.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_export_that_fails_is_named_with_its_path()
    {
        Assert.Equal(
            "body/1: the layer Own failed in WriteOnnx: no such key.",
            Exported<ComponentException>(() => throw new KeyNotFoundException("no such key")));
        Assert.StartsWith(
            "body/1: the layer Own failed in WriteOnnx: it returned null;",
            Exported<ComponentException>(() => null!),
            StringComparison.Ordinal);

        // This is how a layer says that it has no scoring form.
        Assert.Equal(
            "body/1: the layer Own failed in WriteOnnx: only trained.",
            Exported<NotSupportedException>(() => throw new NotSupportedException("only trained")));
    }

    [Fact]
    public void A_hook_that_fails_is_not_blamed_on_the_layer()
    {
        using var torch = new TorchNetwork(Of(new Linear(2))) { Hook = new FailingHook() };
        using var scope = NewDisposeScope();
        var e = Assert.Throws<ComponentException>(() => torch.Forward(zeros(1, 4)));
        Assert.Equal("body/1: FailingHook failed in Weight: no weight.", e.Message);
    }

    [Fact]
    public void Rules_that_fail_are_named()
    {
        Assert.Equal(
            "the layer Own failed in Problems: no rule.",
            Assert.Throws<ComponentException>(() => RecordCheck.Problems(new Own { Rules = () => throw new FormatException("no rule") })).Message);
        Assert.Contains(
            "it returned null", Assert.Throws<ComponentException>(() => RecordCheck.Problems(new Own { Rules = () => null! })).Message,
            StringComparison.Ordinal);
    }

    private static Network Of(Layer layer) => new(new Sequential(new Sequential(new ReLU(), layer) { Name = "body" }), Shape.Vector(4));

    private static ComponentException Planned(Own layer) => Assert.Throws<ComponentException>(() => Of(layer).Plan());

    private static string Declared(params Parameter[] weights) => Planned(new Own { Weights = () => weights }).Message;

    private static ComponentException Run(Own layer)
    {
        using var torch = new TorchNetwork(Of(layer));
        using var scope = NewDisposeScope();
        return Assert.Throws<ComponentException>(() => torch.Forward(zeros(1, 4)));
    }

    private static string Exported<T>(Func<OnnxValue> write)
        where T : Exception
    {
        var network = Of(new Own { Export = write });
        using var torch = new TorchNetwork(network);
        return Assert.Throws<T>(() => OnnxWriter.Write(network, torch.ReadWeights())).Message;
    }

    private sealed record Own : UnaryLeaf, ICheckedRecord
    {
        public Func<Shape, Shape> Shapes { get; init; } = s => s;

        public Func<IReadOnlyList<Parameter>> Weights { get; init; } = () => [];

        public Func<Tensor, LeafState, Tensor> Pass { get; init; } = (x, _) => x;

        public Func<OnnxValue>? Export { get; init; }

        public Func<IEnumerable<RecordProblem>> Rules { get; init; } = () => [];

        public override Shape OutputShape(Shape input) => Shapes(input);

        public override IReadOnlyList<Parameter> Parameters(Shape input) => Weights();

        public override Tensor Forward(Tensor input, LeafState state) => Pass(input, state);

        public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
            Export is null ? input : Export();

        public IEnumerable<RecordProblem> Problems() => Rules();
    }

    private sealed record Failing : Initializer
    {
        public override void Fill(Tensor tensor, Parameter parameter) => throw new InvalidOperationException("no start");
    }

    private sealed class FailingHook : IForwardHook
    {
        public Tensor Input(PlanStep step, int index, Tensor value) => value;

        public Tensor Weight(PlanStep step, string parameter, Tensor weight) => throw new FormatException("no weight");
    }
}
