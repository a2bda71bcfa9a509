using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Contracts;

/// <summary>The contracts of layers and networks find bad ones, by the names of the facts.</summary>
[Collection("torch")]
public sealed class BrokenContractTests
{
    [Theory]
    [InlineData(ComponentContract.Named)]
    [InlineData(LayerContract.Gradients)]
    [InlineData(LayerContract.RowByRow)]
    [InlineData("Evaluation draws nothing and changes no weight or statistic")]
    [InlineData("ONNX Runtime computes the same, for any batch and length")]
    [InlineData("It leaves its inputs as they are")]
    [InlineData(LayerContract.Overwritten)]
    public void A_careless_layer_is_found(string fact) => Breaks(LayerContract.Of(new Careless(), Shape.Vector(4)), fact);

    [Theory]
    [InlineData("Shapes are those that torch computes, for any batch and length")]
    [InlineData("Its cost is that of one example")]
    [InlineData("Inputs that it does not take are a ShapeException with its place")]
    [InlineData(LayerContract.Coupling)]
    public void A_layer_that_tells_other_things_than_it_does_is_found(string fact) =>
        Breaks(LayerContract.Of(new Untold(), Shape.Vector(4)), fact);

    [Fact]
    public void A_layer_that_overwrites_what_it_needs_is_found() =>
        Breaks(LayerContract.Of(new Overwriting(), Shape.Vector(4)), LayerContract.Overwriting);

    [Theory]
    [InlineData("It has as many weights and multiply–adds as are published")]
    [InlineData(NetworkContract.AnyOutputs)]
    [InlineData("Built twice it is the same")]
    [InlineData("It is its backbone with its head behind it")]
    [InlineData("Every weight learns, those of auxiliary heads too")]
    [InlineData("ONNX Runtime scores as torch does, and scores depend on the input")]
    public void A_bad_network_is_found(string fact) =>
        Breaks(NetworkContract.Of(new NetworkSample(new BadNetwork(), Shape.Vector(4)) { Weights = 5 }), fact);

    [Fact]
    public void A_layer_that_does_not_tell_its_channels_is_told_what_to_implement()
    {
        Assert.Matches(
            @"\[4\] channels in, \[3\] out, but Untold does not say .* Let it implement ICouplesChannels: Couple gives groups\.Fresh\(n\)",
            Problem(new Untold()));
        Assert.Matches(
            @"\[4\] channels in, \[8\] out, but Doubled does not say .* Let it implement ICouplesOneValue: Couple gives groups\.Fresh\(n\)",
            Problem(new Doubled()));
        Assert.Matches(
            @"channels of \[N, 8\] by Couple \(\[4\] channels in, \[8\] out; .*ICouplesOneValue.*expected 8 but got 4", Problem(new Miscoupled()));

        static string Problem(Leaf leaf) => Assert.Throws<ContractException>(
            LayerContract.Of(leaf, Shape.Vector(4)).Named(LayerContract.Coupling).Run).Message;
    }

    [Fact]
    public void A_layer_that_narrows_to_other_channels_is_found()
    {
        Breaks(LayerContract.Of(new Reversed(), Shape.Vector(4)), LayerContract.Narrowing);
        var e = Assert.Throws<ContractException>(LayerContract.Of(new Shifted(), Shape.Vector(4)).Named(LayerContract.Narrowing).Run);
        Assert.Contains("let OutputAxes name all of it, or let CutEqualsMask be false", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_broken_is_told_at_once()
    {
        var e = Assert.Throws<ContractException>(() => LayerContract.Of(new Careless(), Shape.Vector(4)).RunAll());
        Assert.Contains($"breaks '{ComponentContract.Named}'", e.Message, StringComparison.Ordinal);
        Assert.Contains($"breaks '{LayerContract.RowByRow}'", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("breaks 'Its weights are those that it declares'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fact_is_left_out_by_its_name_and_with_a_reason()
    {
        var facts = LayerContract.Of(new Careless(), Shape.Vector(4));
        Assert.DoesNotContain(
            facts.Without(LayerContract.RowByRow, because: "it centres the batch"),
            f => f.Name == LayerContract.RowByRow);
        var e = Assert.Throws<ArgumentException>(() => facts.Without("Rows", because: "it centres the batch"));
        Assert.Contains("No fact is named 'Rows'", e.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => facts.Without(LayerContract.RowByRow, because: " "));
    }

    [Fact]
    public void A_component_for_CSharp_alone_keeps_all_but_what_needs_a_name()
    {
        var facts = ComponentContract.Of<Layer>(new Untold());
        Breaks(facts, ComponentContract.Named);
        Breaks(facts, ComponentContract.InJson);
        Breaks(facts, ComponentContract.InYaml);
        var kept = facts.WithoutCatalog(because: "C# alone uses it");
        kept.RunAll();
        Assert.Equal(["Equal settings make equal components"], kept.Select(f => f.Name));
    }

    private static void Breaks(IReadOnlyList<ContractFact> facts, string fact) =>
        Assert.Contains($" breaks '{fact}': ", Assert.Throws<ContractException>(facts.Named(fact).Run).Message, StringComparison.Ordinal);

    /// <summary>Changes its input, mixes rows, draws, and hides half of itself from gradients and from ONNX.</summary>
    private sealed record Careless : Elementwise
    {
        public override bool BackwardNeedsOutput => false;

        public override Tensor Forward(Tensor input, LeafState state)
        {
            using (no_grad())
            {
                input.add_(0.01);
            }

            return (input + (input.detach() * 2) + input.detach().mean([0], keepdim: true) + rand(1)).sigmoid();
        }

        public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
            graph.Add("Sigmoid", [input]);
    }

    /// <summary>Says that it makes three values, costs the batch, takes everything, and knows
    /// nothing of channels.</summary>
    private sealed record Untold : Leaf
    {
        public override Shape OutputShape(IReadOnlyList<Shape> inputs) => Shape.Vector(3);

        public override long Macs(IReadOnlyList<Shape> inputs) => inputs[0][0].Size ?? 1;

        public override Tensor Forward(IReadOnlyList<Tensor> inputs, LeafState state) => inputs[0] + 0;

        public override OnnxValue WriteOnnx(
            OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights) =>
            graph.Add("Identity", inputs);
    }

    /// <summary>Says each channel twice, and nothing of how they hang together.</summary>
    private record Doubled : UnaryLeaf
    {
        public override Shape OutputShape(Shape input) => Shape.Vector(2 * input.Size(1));

        public override Tensor Forward(Tensor input, LeafState state) => cat([input, input], 1);

        public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
            graph.Add("Concat", [input, input], ("axis", 1));
    }

    /// <summary>Scales each channel, but says that its factors are those of the channels in reverse order.</summary>
    private sealed record Reversed : Elementwise, INarrowsChannels
    {
        public override IReadOnlyList<Parameter> Parameters(Shape input) => [new("factor", [input.Size(1)], new UniformInit(1))];

        public IReadOnlyList<ChannelAxis> OutputAxes(IReadOnlyList<Shape> inputs) =>
            [new("factor", 0, Enumerable.Range(0, inputs[0].Size(1)).Reverse().ToValueList())];

        public override Tensor Forward(Tensor input, LeafState state) => input * state["factor"];

        public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
            graph.Add("Mul", [input, weights["factor"]]);
    }

    /// <summary>Makes 1 of 0, and does not say so.</summary>
    private sealed record Shifted : Elementwise
    {
        public override Tensor Forward(Tensor input, LeafState state) => input.cos();

        public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
            graph.Add("Cos", [input]);
    }

    private sealed record Miscoupled : Doubled, ICouplesOneValue
    {
        public Channels Couple(Channels input, Shape shape, ChannelGroups groups) => input;
    }

    /// <summary>Squares, and writes over the input that its backward pass needs.</summary>
    private sealed record Overwriting : Elementwise
    {
        public override Tensor Forward(Tensor input, LeafState state)
        {
            var square = input * input;
            if (state.MayOverwriteInput)
            {
                using var none = no_grad();
                input.zero_();
            }

            return square;
        }

        public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
            graph.Add("Mul", [input, input]);
    }

    /// <summary>Is another each time, has its outputs fixed, and scores next to nothing of its input, part of it
    /// none at all.</summary>
    private sealed record BadNetwork : NetworkSpec
    {
        private static int builds;

        public override Layer Backbone(Shape input) =>
            new Sequential(new Linear(6) { Name = $"hidden{++builds}" }, new Normalize([0], [1e12f]));

        public override Layer Build(Shape input, int outputs) => new Sequential(
            new Linear(6) { Name = $"other{++builds}" },
            new Normalize([0], [1e12f]),
            new Linear(10),
            new Branches(
                new Sum(),
                [
                    new Sequential(),
                    new Sequential(
                        new Linear(10) { Name = "dead" },
                        new Normalize([0], [float.MaxValue]),
                        new Normalize([0], [float.MaxValue])),
                ]));
    }
}
