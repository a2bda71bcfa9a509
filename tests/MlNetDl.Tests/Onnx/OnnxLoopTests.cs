using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Onnx;

public sealed class OnnxLoopTests
{
    /// <summary>A cache as a decoder has it: what came before and what is new, one after the other; the output is the
    /// newest sum over all.</summary>
    private static readonly Network Cache = new(
        new Sequential(new Append("past"), new Tap("present") { Role = TapRole.Output }, new SumOverTime()),
        [new("input", new Shape(ElementType.Float32, ["N", "T", 2])), new("past", new Shape(ElementType.Float32, ["N", "P", 2]))]);

    private static readonly byte[] Model = OnnxWriter.Write(Cache, new([]));

    [Fact]
    public void What_is_kept_is_the_next_calls_input_and_only_what_is_asked_for_comes_out()
    {
        using var model = new OnnxModel(Model);
        using var loop = model.StartLoop(("present", "past"));
        var past = new OnnxTensor([1, 0, 2], Array.Empty<float>());
        var outputs = loop.Run(new Dictionary<string, OnnxTensor> { ["input"] = Row(1, 10), ["past"] = past });
        Assert.Equal(["output"], outputs.Keys);
        Assert.Equal([1, 10], outputs["output"].Floats);
        Assert.Equal([3, 30], loop.Run(New(2, 20))["output"].Floats);
        var both = loop.Run(New(3, 30), "present", "output");
        Assert.Equal([1, 10, 2, 20, 3, 30], both["present"].Floats);
        Assert.Equal([6, 60], both["output"].Floats);

        // The same without a loop, the cache carried by hand.
        for (int i = 1; i <= 3; i++)
        {
            past = model.Run(new Dictionary<string, OnnxTensor> { ["input"] = Row(i, i * 10), ["past"] = past })["present"];
        }

        Assert.Equal(both["present"].Floats, past.Floats);
    }

    [Fact]
    public void A_given_input_takes_the_place_of_what_was_kept_and_a_reset_forgets_it()
    {
        using var model = new OnnxModel(Model);
        using var loop = model.StartLoop(("present", "past"));
        loop.Run(new Dictionary<string, OnnxTensor> { ["input"] = Row(1, 1), ["past"] = new([1, 1, 2], new float[] { 5, 5 }) });
        var other = new OnnxTensor([1, 1, 2], new float[] { 7, 7 });
        Assert.Equal([9, 9], loop.Run(new Dictionary<string, OnnxTensor> { ["input"] = Row(2, 2), ["past"] = other })["output"].Floats);
        Assert.Equal([10, 10], loop.Run(New(1, 1))["output"].Floats);
        loop.Reset();
        Assert.Contains("takes the inputs input, past but got input.",
            Assert.Throws<ArgumentException>(() => loop.Run(New(1, 1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_that_fails_leaves_what_was_kept()
    {
        using var model = new OnnxModel(Model);
        using var loop = model.StartLoop(("present", "past"));
        loop.Run(new Dictionary<string, OnnxTensor> { ["input"] = Row(1, 1), ["past"] = new([1, 0, 2], Array.Empty<float>()) });
        Assert.Contains("past [1, 1, 2] (kept)", Assert.Throws<ArgumentException>(() =>
            loop.Run(new Dictionary<string, OnnxTensor> { ["input"] = new([1, 1, 3], new float[3]) })).Message, StringComparison.Ordinal);
        Assert.Contains("no output 'nothing'; it makes output, present",
            Assert.Throws<ArgumentException>(() => loop.Run(New(1, 1), "nothing")).Message, StringComparison.Ordinal);
        Assert.Equal([3, 3], loop.Run(New(2, 2))["output"].Floats);
    }

    [Fact]
    public void Names_that_the_model_does_not_have_are_refused_at_once()
    {
        using var model = new OnnxModel(Model);
        Assert.Contains("'future' cannot be kept as 'past': the model makes output, present and takes input, past",
            Assert.Throws<ArgumentException>(() => model.StartLoop(("future", "past"))).Message, StringComparison.Ordinal);
        Assert.Contains("'present' cannot be kept as 'before'",
            Assert.Throws<ArgumentException>(() => model.StartLoop(("present", "before"))).Message, StringComparison.Ordinal);
        Assert.Contains(
            "given twice",
            Assert.Throws<ArgumentException>(() => model.StartLoop(("present", "past"), ("output", "past"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_loop_ends_with_its_model_and_frees_what_it_kept_in_any_order()
    {
        var model = new OnnxModel(Model);
        var loop = model.StartLoop(("present", "past"));
        loop.Run(new Dictionary<string, OnnxTensor> { ["input"] = Row(1, 1), ["past"] = new([1, 0, 2], Array.Empty<float>()) });
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => loop.Run(New(1, 1)));
        loop.Dispose();
        loop.Dispose();
        Assert.Throws<ObjectDisposedException>(() => loop.Run(New(1, 1)));
        Assert.Throws<ObjectDisposedException>(() => model.StartLoop());
    }

    [Fact]
    public void Empty_tensors_go_in_and_come_out()
    {
        using var model = new OnnxModel(Model);
        var empty = new OnnxTensor([3, 0, 2], Array.Empty<float>());
        var outputs = model.Run(new Dictionary<string, OnnxTensor> { ["input"] = empty, ["past"] = empty });
        Assert.Equal(([3, 0, 2], 0), (outputs["present"].Dims, outputs["present"].Floats.Length));
        Assert.Equal(new float[6], outputs["output"].Floats);
    }

    [Fact]
    public void A_longer_buffer_is_read_from_its_start_where_it_says_so()
    {
        using var model = new OnnxModel(OnnxWriter.Write(new(new Sequential(), Shape.Vector(2)), new([])));
        var buffer = new float[] { 1, 2, 3, 4, 5 };
        Assert.Equal(
            [1, 2, 3, 4],
            model.Run(new Dictionary<string, OnnxTensor> { ["input"] = new([2, 2], buffer) { IsPrefix = true } })[
                "output"].Floats);
        Assert.Contains("[2, 2] cannot hold 5 elements", Assert.Throws<ArgumentException>(() =>
            model.Run(new Dictionary<string, OnnxTensor> { ["input"] = new([2, 2], buffer) })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() =>
            model.Run(new Dictionary<string, OnnxTensor> { ["input"] = new([3, 2], buffer) { IsPrefix = true } }));
    }

    [Theory]
    [MemberData(nameof(Small))]
    public void Small_integers_go_into_onnx_runtime_and_come_out(Array data)
    {
        using var value = new OnnxTensor([2], data).ToValue();
        var back = OnnxTensor.Of(value);
        Assert.Equal(data.GetType(), back.Data.GetType());
        Assert.Equal(data, back.Data);
    }

    public static TheoryData<Array> Small => [new int[] { -3, 100 }, new sbyte[] { -3, 100 }, new byte[] { 3, 200 }];

    private static OnnxTensor Row(float a, float b) => new([1, 1, 2], new[] { a, b });

    private static Dictionary<string, OnnxTensor> New(float a, float b) => new() { ["input"] = Row(a, b) };

    /// <summary>[N, P, C] and [N, T, C] → [N, P + T, C].</summary>
    private sealed record Append(string Past) : Leaf
    {
        public override ValueList<string> Wires => [Past];

        public override Shape OutputShape(IReadOnlyList<Shape> inputs) => inputs[0].With(1, "P+T");

        public override Tensor Forward(IReadOnlyList<Tensor> inputs, LeafState state) => throw new NotSupportedException();

        public override OnnxValue WriteOnnx(
            OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights) =>
            graph.Add("Concat", [inputs[1], inputs[0]], ("axis", 1));
    }

    private sealed record SumOverTime : UnaryLeaf
    {
        public override Shape OutputShape(Shape input) => new(ElementType.Float32, [input[0], input[2]]);

        public override Tensor Forward(Tensor input, LeafState state) => throw new NotSupportedException();

        public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
            graph.Add("ReduceSum", [input, graph.Constant("axes", new long[] { 1 })], ("keepdims", 0));
    }
}
