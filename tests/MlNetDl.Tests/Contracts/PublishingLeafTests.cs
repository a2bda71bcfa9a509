using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Contracts;

/// <summary>What leaves that publish further values must keep: their wires are values like any other.</summary>
[Collection("torch")]
public sealed class PublishingLeafTests
{
    private static readonly Shape Sequence = new(ElementType.Float32, [Dim.Batch, "T", 3]);

    private static readonly (Layer Tree, Shape Input)[] Table =
    [
        (new Sequential(new LstmWithState(4, "last") { Name = "lstm" }, Out("state", "last")), Sequence),
        (new Sequential(new LstmWithState(4, "last"), new Read("last"), new Linear(2)), Sequence),
        (new Sequential(new Linear(6), new Largest(3, "places"), Out("where", "places")), Shape.Vector(5)),
        (new Sequential(new Linear(5), new DoubledWithView("first"), new ReLU(), Out("view", "first")), Shape.Vector(4)),
    ];

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, Table.Length)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Inferred_shapes_are_those_of_torch_and_of_onnx_and_values_agree(int row)
    {
        var (network, x) = Case(row);
        using (network)
        using (NewDisposeScope())
        {
            var outputs = network.Forward(x);
            Assert.Equal(network.Plan.Outputs.Select(o => o.Name), outputs.Keys);
            Assert.All(network.Plan.Outputs, o => Assert.True(o.Shape.Fits(outputs[o.Name].shape),
                $"{o.Name}: {o.Shape} inferred, [{string.Join(", ", outputs[o.Name].shape)}] real"));
            Assert.True(OnnxParity.Difference(network, x) < 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Gradients_agree_with_central_differences(int row)
    {
        var (network, x) = Case(row);
        using (network)
        using (NewDisposeScope())
        {
            var directions = network.Forward(x).Values.Where(o => o.is_floating_point()).Select(o => randn_like(o)).ToList();
            Tensor Loss() => network.Forward(x).Values
                .Where(o => o.is_floating_point())
                .Zip(directions, (o, d) => (o * d).sum())
                .Aggregate((a, b) => a + b);
            x.requires_grad = true;
            Loss().backward();
            foreach (var weight in network.Tensors.Select(t => t.Tensor).Append(x))
            {
                using var none = no_grad();
                var (direction, step) = (randn_like(weight), 1e-3);
                double expected = (weight.grad! * direction).sum().item<float>();
                var before = weight.clone();
                weight.add_(direction * step);
                double above = Loss().item<float>();
                weight.copy_(before - (direction * step));
                double real = (above - Loss().item<float>()) / (2 * step);
                weight.copy_(before);
                Assert.True(Math.Abs(real - expected) <= 1e-2 + (0.03 * Math.Abs(expected)), $"expected {expected}, real {real}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Evaluation_does_not_depend_on_the_rest_of_the_batch(int row)
    {
        var (network, x) = Case(row);
        using (network)
        using (NewDisposeScope())
        using (no_grad())
        {
            network.SetTraining(false);
            var (whole, alone) = (network.Forward(x), network.Forward(x.narrow(0, 1, 1)));
            Assert.All(whole.Keys, name => Assert.True(
                (whole[name].narrow(0, 1, 1) - alone[name]).abs().max().to(ScalarType.Float32).item<float>() < 1e-5));
        }
    }

    [Fact]
    public void What_is_published_is_not_overwritten_by_what_follows()
    {
        using var network = new TorchNetwork(
            new(new Sequential(new DoubledWithView("first"), new ReLU(), Out("view", "first")), Shape.Vector(2)));
        using var scope = NewDisposeScope();
        var outputs = network.Forward(tensor(new[] { -1f, 3f }).reshape(1, 2));
        Assert.Equal([0f, 6f], outputs["output"].data<float>().ToArray());
        Assert.Equal(-2f, outputs["view"].item<float>());
    }

    [Fact]
    public void A_leaf_runs_where_only_what_it_publishes_is_scored_and_goes_where_nothing_is()
    {
        var tree = new Sequential(new Tap("kept"), new Linear(6), new Largest(2, "places"), Out("where", "places"), new Read("kept"));
        var wanted = new Network(tree, Shape.Vector(3)).Plan().ForScoring();
        Assert.Equal([typeof(Linear), typeof(Largest)], wanted.Steps.Select(s => s.Leaf.GetType()));
        var unread = new Network(
            new Sequential(new Tap("kept"), new Linear(6), new Largest(2, "places"), new Read("kept")), Shape.Vector(3))
            .Plan();
        Assert.Empty(unread.ForScoring().Steps);
        Assert.Equal((2, 2), (unread.Steps[1].Outputs.Count, unread.Steps[1].OutputShapes.Count));
        Assert.Equal(4, unread.Slots);
    }

    [Fact]
    public void A_wire_that_is_published_twice_and_a_wrong_number_of_values_are_errors_with_their_place()
    {
        Assert.Equal(
            "1: wire 'places' is published twice; give each Tap, each wire that a layer publishes and each network "
                + "input a name of its own.",
            Problem(new Sequential(new Largest(2, "places"), new Largest(1, "places"))));
        Assert.StartsWith(
            "0: Lonely makes 1 values but publishes 1 wires",
            Problem(new Sequential(new Lonely())),
            StringComparison.Ordinal);

        static string Problem(Layer tree) => Assert.Throws<ShapeException>(new Network(tree, Shape.Vector(3)).Plan).Message;
    }

    private static Tap Out(string name, string wire) => new(name, new Read(wire)) { Role = TapRole.Output };

    private static (TorchNetwork Network, Tensor Input) Case(int row)
    {
        manual_seed(300 + row);
        var (tree, input) = Table[row];
        return (new(new Network(tree, input)), randn([.. input.Dims.Select(d => d.Size ?? (d.Symbol == "N" ? 3 : 5))]));
    }

    /// <summary>Names a wire that it does not make.</summary>
    private sealed record Lonely : PublishingLeaf
    {
        public override ValueList<string> Publishes => ["nothing"];

        public override IReadOnlyList<Shape> OutputShapes(IReadOnlyList<Shape> inputs) => [inputs[0]];

        public override IReadOnlyList<Tensor> ForwardAll(IReadOnlyList<Tensor> inputs, LeafState state) => [inputs[0]];

        public override IReadOnlyList<OnnxValue> WriteOnnxAll(
            OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights) => [inputs[0]];
    }
}
