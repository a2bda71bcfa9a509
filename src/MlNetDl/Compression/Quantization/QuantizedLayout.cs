using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx;

namespace MlNetDl.Compression;

/// <summary>Decides which values and weights of a graph become integers, so that ONNX Runtime fuses whole stretches into integer
/// kernels: one pair of <c>QuantizeLinear</c> and <c>DequantizeLinear</c> a value, behind the activation where one is fused, and
/// on both sides of pools.</summary>
internal sealed class QuantizedLayout
{
    private static readonly HashSet<string> Clamps = ["Relu", "Clip"];
    private static readonly HashSet<string> Kernels = ["Add", "Concat", "AveragePool", "GlobalAveragePool", "LeakyRelu", "Sigmoid"];
    private static readonly HashSet<string> Passing = ["MaxPool", "Flatten", "Reshape", "Transpose", "Squeeze", "Unsqueeze"];

    private readonly Dictionary<string, OnnxNode> makers;
    private readonly ILookup<string, OnnxNode> readers;
    private readonly HashSet<string> constants;
    private readonly HashSet<string> floats;
    private readonly HashSet<string> outputs;
    private readonly HashSet<string> values = [];
    private readonly Dictionary<string, QuantizedProduct> products = [];

    private QuantizedLayout(OnnxGraph graph, OnnxNames names, Func<string, bool> hasRange)
    {
        makers = graph.Nodes.SelectMany(n => n.Outputs.Select(o => (o, n))).ToDictionary(v => v.o, v => v.n);
        readers = graph.Nodes.SelectMany(n => n.Inputs.Where(i => i.Length > 0).Distinct().Select(i => (i, n))).ToLookup(v => v.i, v => v.n);
        constants = [.. graph.Constants.Select(c => c.Name)];
        outputs = [.. names.Plan.Outputs.Select(o => o.Name)];
        var keys = ValueKeys.OfValues(names);
        floats =
        [
            .. ValueKeys.FloatSlots(names.Plan).Where(names.Slots.ContainsKey).Select(slot => names.Slots[slot])
                .Where(value => keys[value].Any(hasRange)),
        ];
    }

    /// <summary>The values that are rounded, each once.</summary>
    public IReadOnlySet<string> Values => values;

    /// <summary>The convolutions and matrix products that compute with integers, by the name of their output.</summary>
    public IReadOnlyDictionary<string, QuantizedProduct> Products => products;

    /// <summary>Whether the same is rounded in another layout.</summary>
    public bool IsAs(QuantizedLayout other) => values.SetEquals(other.values) && products.Keys.ToHashSet().SetEquals(other.products.Keys);

    /// <summary>The layout of a graph.</summary>
    /// <param name="graph">The graph as the layers have written it.</param>
    /// <param name="names">What its values are.</param>
    /// <param name="keep">Paths of layers that stay in float.</param>
    /// <param name="hasRange">Whether the value of a key (<see cref="ValueKeys"/>) has a range: one that no layer of the network reads has
    /// none.</param>
    public static QuantizedLayout Of(OnnxGraph graph, OnnxNames names, IReadOnlyCollection<string> keep, Func<string, bool> hasRange)
    {
        var layout = new QuantizedLayout(graph, names, hasRange);
        bool IsKept(OnnxNode node) => keep.Any(k => LayerPaths.IsBelow(node.Path, k));
        // Constants of a layer that are no weights, such as the shares of an averaging, stay exact, and so does what a kept layer shares.
        var own = names.Plan.Parameters.Select(p => p.Name).ToHashSet();
        own.ExceptWith(graph.Nodes.Where(IsKept).SelectMany(n => n.Inputs));
        var weights = graph.Constants.Where(c => c.Data is float[] && own.Contains(c.Name)).ToDictionary(c => c.Name);
        foreach (var node in graph.Nodes.Where(n => !IsKept(n)))
        {
            if (layout.Product(node, weights) is { } product && layout.CanRound(node.Inputs[0]))
            {
                layout.products.Add(node.Outputs[0], product);
                layout.values.Add(node.Inputs[0]);
                // Unlike a matrix product, a convolution of integers cannot leave float values.
                if (node.Op == "Conv" && layout.Behind(node.Outputs[0]) is var behind && layout.CanRound(behind))
                {
                    layout.values.Add(behind);
                }
            }
        }

        while (graph.Nodes.Any(n => layout.Spreads(n, keep)))
        {
        }

        return layout;
    }

    /// <summary>The value whose grid a value has: its own, or that before pools and reshapes, which pass integers on.</summary>
    public string GridOf(string value) => makers.GetValueOrDefault(value) is { } maker && Passing.Contains(maker.Op) && values.Contains(maker.Inputs[0])
        ? GridOf(maker.Inputs[0])
        : value;

    private QuantizedProduct? Product(OnnxNode node, Dictionary<string, OnnxConstant> weights)
    {
        if (node.Op is not ("Conv" or "Gemm" or "MatMul"))
        {
            return null;
        }

        var bias = node.Op == "MatMul" ? null : weights.GetValueOrDefault(node.Inputs.ElementAtOrDefault(2) ?? "");
        if (weights.TryGetValue(node.Inputs[1], out var weight))
        {
            bool byRows = node.Op == "Conv" || (node.Op == "Gemm" && node.Attributes.GetValueOrDefault("transB") is 1L);
            return node.Op != "Conv" && weight.Dims.Count != 2 ? null : new(weight, byRows ? 0 : 1, bias, IsTransposed: false);
        }

        return makers.GetValueOrDefault(node.Inputs[1]) is { Op: "Transpose" } transpose && weights.TryGetValue(transpose.Inputs[0], out weight)
            && weight.Dims.Count == 2 ? new(weight, 0, bias, IsTransposed: true) : null;
    }

    // What the runtime fuses into the kernel before it leaves no value in between.
    private string Behind(string value) => !outputs.Contains(value) && readers[value].ToList() is [{ } only] && Clamps.Contains(only.Op)
        && CanRound(only.Outputs[0])
        ? only.Outputs[0]
        : value;

    // Values between the nodes of one layer were not seen, so they have no range.
    private bool CanRound(string value) => floats.Contains(value)
        || (makers.GetValueOrDefault(value) is { } maker && Passing.Contains(maker.Op) && CanRound(maker.Inputs[0]));

    // Whether a node beside integers joins them.
    private bool Spreads(OnnxNode node, IReadOnlyCollection<string> keep)
    {
        bool passes = Passing.Contains(node.Op);
        if (!passes && !Kernels.Contains(node.Op))
        {
            return false;
        }

        var inputs = passes ? [node.Inputs[0]] : node.Inputs;
        var output = passes ? node.Outputs[0] : Behind(node.Outputs[0]);
        if (inputs.Any(constants.Contains) || keep.Any(k => LayerPaths.IsBelow(node.Path, k)) || !(inputs.Any(values.Contains) || values.Contains(output)))
        {
            return false;
        }

        var wanted = inputs.Append(output).ToList();
        if (!wanted.All(CanRound) || (passes && outputs.Contains(output)))
        {
            return false;
        }

        int before = values.Count;
        values.UnionWith(wanted);
        return values.Count > before;
    }
}

/// <summary>The constants of a convolution or matrix product.</summary>
/// <param name="Weight">The weight, float32.</param>
/// <param name="Axis">The axis of its outputs.</param>
/// <param name="Bias">The bias; <see langword="null"/> for none.</param>
/// <param name="IsTransposed">Whether the graph transposes the weight before it is read.</param>
internal sealed record QuantizedProduct(OnnxConstant Weight, int Axis, OnnxConstant? Bias, bool IsTransposed);
