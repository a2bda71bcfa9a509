using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx;

namespace MlNetDl.Tests.Onnx;

public sealed class OnnxPassTests
{
    private static readonly Network Residual = new(
        new Sequential(
            new Linear(4) { Name = "in" },
            new Branches(new Sum(), new Identity(), new Sequential(new Linear(4), new Dropout()) { Name = "body" }),
            new Tap("sum") { Role = TapRole.Output },
            new ReLU()),
        Shape.Vector(4));

    [Fact]
    public void Slots_and_paths_name_the_values_they_carry()
    {
        var pass = new Looks();
        OnnxWriter.Write(Residual, Nets.Weights(Residual), passes: pass);
        var (graph, names) = (pass.Graph!, pass.Names!);
        var plan = Residual.Plan().ForScoring();
        Assert.Equal(plan.Steps.Select(s => s.Path), names.Plan.Steps.Select(s => s.Path));
        string Of(string path) => names.Slots[plan.Steps.Single(s => s.Path == path).Output];
        Assert.Equal("input", names.Slots[0]);
        Assert.Equal(("sum", "output"), (Of("1/join"), Of("3")));

        // What passes its input on makes no value: two slots have one.
        Assert.Equal((Of("in"), Of("1/body/0")), (Of("1/0"), Of("1/body/1")));
        Assert.Equal("1/join", names.Paths["sum"]);
        Assert.Equal("in", names.Paths[Of("in")]);
        Assert.All(graph.Nodes, n => Assert.All(n.Outputs, o => Assert.Equal(n.Path, names.Paths[o])));
        Assert.DoesNotContain(graph.Nodes, n => n.Op is "Identity" or "Dropout");
    }

    /// <summary>Weights as int8 with a scale: what quantisation writes.</summary>
    [Fact]
    public void A_pass_may_put_integers_in_the_place_of_weights_and_the_network_computes_with_them()
    {
        var network = new Network(new Sequential(new Linear(3) { Bias = false, Name = "dense" }), Shape.Vector(2));
        var weights = new Weights([new("dense.weight", [3, 2], [1, -2, 0.5f, 0, -0.5f, 1.5f])]);
        var onnx = OnnxWriter.Write(network, weights, passes: new InHalves());
        using var model = new OnnxModel(onnx);
        Assert.Equal(
            [-3, 0.5f, 2.5f],
            model.Run(
                new Dictionary<string, OnnxTensor> { ["input"] = new([1, 2], new[] { 1f, 2f }) })["output"].Floats);
        var stored = OnnxReader.ReadConstants(onnx).Single(c => c.Name == "dense/weight/int8");
        Assert.Equal([3, 2], stored.Dims);
        Assert.Equal(new sbyte[] { 2, -4, 1, 0, -1, 3 }, Assert.IsType<sbyte[]>(stored.Data));
        Assert.Equal([1, -2, 0.5f, 0, -0.5f, 1.5f], OnnxReader.ReadWeights(onnx)["dense.weight"].Data);
    }

    [Fact]
    public void Passes_run_in_order_and_leave_the_graph_before_them_as_it_is()
    {
        var (first, last) = (new Looks(), new Looks());
        OnnxWriter.Write(Nets.Mlp, Nets.Weights(Nets.Mlp), null, first, new Negates(), last);
        Assert.Equal(first.Graph!.Nodes.Count + 1, last.Graph!.Nodes.Count);
        Assert.DoesNotContain(first.Graph.Nodes, n => n.Op == "Neg");
        Assert.Throws<InvalidOperationException>(() => last.Graph.Declare("output", Shape.Vector(1)));
    }

    public static TheoryData<string, string> Wrongs => new()
    {
        { "undefined", "node Relu of layer '1' reads 'nowhere', which no input, constant or node before it is named" },
        { "backwards", "node Relu of layer '1' reads '0/Gemm', which no input, constant or node before it is named" },
        { "twice", "two values are named '0/Gemm'" },
        { "constant", "two values are named '0.weight'" },
        { "output", "nothing makes the network's output 'output'" },
    };

    [Theory]
    [MemberData(nameof(Wrongs))]
    public void A_graph_that_is_not_valid_is_an_error_that_names_the_pass(string wrong, string message)
    {
        var error = Assert.Throws<InvalidOperationException>(
            () => OnnxWriter.Write(Nets.Mlp, Nets.Weights(Nets.Mlp), passes: new Breaks(wrong)));
        Assert.Equal($"The ONNX graph that the pass Breaks made is not valid: {message}.", error.Message);
    }

    [Theory]
    [MemberData(nameof(Constants))]
    public void Constants_of_every_type_are_written_and_read_back(Array data)
    {
        var onnx = OnnxWriter.Write(Nets.Mlp, Nets.Weights(Nets.Mlp), passes: new Adds(data));
        using var model = new OnnxModel(onnx);
        Assert.Equal(["output"], model.Run(new Dictionary<string, OnnxTensor> { ["input"] = new([1, 4], Nets.Values(4)) }).Keys);
        foreach (var (name, dims) in (((string, ValueList<long>)[])[("added", [2, 1]), ("empty", [0, 5])]))
        {
            var read = OnnxReader.ReadConstants(onnx).Single(c => c.Name == name);
            Assert.Equal(dims, read.Dims);
            Assert.Equal(data.GetType(), read.Data.GetType());
            Assert.Equal(name == "added" ? data : Array.CreateInstance(data.GetType().GetElementType()!, 0), read.Data);
        }
    }

    public static TheoryData<Array> Constants => new()
    {
        new float[] { 1.5f, -2 }, new long[] { long.MaxValue, -1 },
        new int[] { int.MinValue, 7 }, new sbyte[] { -128, 127 }, new byte[] { 0, 255 }, new bool[] { true, false },
    };

    [Fact]
    public void A_constant_of_another_type_is_refused_by_name() => Assert.Contains("'added' is Double[]; use float[], long[]",
        Assert.Throws<NotSupportedException>(() => OnnxWriter.Write(Nets.Mlp, Nets.Weights(Nets.Mlp),
            passes: new Adds(new double[] { 1, 2 }))).Message, StringComparison.Ordinal);

    [Fact]
    public void Weights_beyond_what_onnx_holds_are_refused_before_anything_is_written()
    {
        // 30,000 x 30,000 float32: 3.6 GB, of which there is not a byte here.
        var plan = new Network(new Sequential(new Linear(30_000) { Bias = false }), Shape.Vector(30_000)).Plan();
        const string Message = "The network's weights take 3,600,000,000 bytes, but an ONNX model holds at most "
            + "2,130,706,431; use fewer or narrower layers.";
        Assert.Equal(Message, Assert.Throws<NotSupportedException>(() => OnnxWriter.CheckSize(plan)).Message);
        Assert.Equal(Message, Assert.Throws<NotSupportedException>(() => OnnxWriter.Write(plan, new([]))).Message);
        Assert.Throws<NotSupportedException>(
            () => OnnxWriter.CheckSize(new Network(new Linear(int.MaxValue), Shape.Vector(int.MaxValue)).Plan()));
        OnnxWriter.CheckSize(new Network(new Sequential(new Linear(20_000) { Bias = false }), Shape.Vector(20_000)).Plan());

        // A head that is not scored does not count.
        var head = new Tap("head", new Linear(30_000)) { Role = TapRole.Auxiliary };
        OnnxWriter.CheckSize(new Network(new Sequential(head, new Linear(2)), Shape.Vector(30_000)).Plan());
    }

    private sealed class Looks : IOnnxPass
    {
        public OnnxGraph? Graph { get; private set; }

        public OnnxNames? Names { get; private set; }

        public OnnxGraph Apply(OnnxGraph graph, OnnxNames names)
        {
            (Graph, Names) = (graph, names);
            return graph;
        }
    }

    private sealed class Negates : IOnnxPass
    {
        public OnnxGraph Apply(OnnxGraph graph, OnnxNames names) => graph.With(
            [
                .. graph.Nodes.Select(n => n with { Outputs = [.. n.Outputs.Select(o => o == "output" ? "positive" : o)] }),
                new("Neg", ["positive"], ["output"], new Dictionary<string, object>()),
            ],
            graph.Constants);
    }

    /// <summary>Weights in steps of a half.</summary>
    private sealed class InHalves : IOnnxPass
    {
        public OnnxGraph Apply(OnnxGraph graph, OnnxNames names)
        {
            var weights = graph.Constants.Where(c => c.Name.Contains('.', StringComparison.Ordinal)).ToList();
            return graph.With(
                [
                    .. weights.Select(w => new OnnxNode(
                        "DequantizeLinear", [Stored(w), "half"], [w.Name], new Dictionary<string, object>())),
                    .. graph.Nodes,
                ],
                [
                    .. graph.Constants.Except(weights), new("half", [], new[] { 0.5f }),
                    .. weights.Select(w => new OnnxConstant(Stored(w), w.Dims, ((float[])w.Data).Select(v => (sbyte)(v * 2)).ToArray())),
                ]);
        }

        private static string Stored(OnnxConstant weight) => weight.Name.Replace('.', '/') + "/int8";
    }

    private sealed class Adds(Array data) : IOnnxPass
    {
        public OnnxGraph Apply(OnnxGraph graph, OnnxNames names) => graph.With(
            graph.Nodes,
            [
                .. graph.Constants,
                new("added", [2, 1], data),
                new("empty", [0, 5], Array.CreateInstance(data.GetType().GetElementType()!, 0)),
            ]);
    }

    private sealed class Breaks(string how) : IOnnxPass
    {
        public OnnxGraph Apply(OnnxGraph graph, OnnxNames names) => how switch
        {
            "undefined" => graph.With(graph.Nodes.Select(n => n.Op == "Relu" ? n with { Inputs = ["nowhere"] } : n), graph.Constants),
            "backwards" => graph.With(graph.Nodes.Reverse().OrderBy(n => n.Op == "Relu" ? 0 : 1), graph.Constants),
            "twice" => graph.With([graph.Nodes[0], .. graph.Nodes], graph.Constants),
            "constant" => graph.With(graph.Nodes, [.. graph.Constants, graph.Constants[0]]),
            _ => graph.With(graph.Nodes.SkipLast(1), graph.Constants),
        };
    }
}
