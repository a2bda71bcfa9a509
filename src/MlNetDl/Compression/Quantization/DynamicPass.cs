using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx;
using MlNetDl.Torch;

namespace MlNetDl.Compression;

/// <summary>Rewrites matrix products so that they sum integers, with a scale for each row that follows from its values.</summary>
/// <param name="keep">Paths of layers that stay in float.</param>
internal sealed class DynamicPass(IReadOnlyCollection<string> keep) : ISimulatedPass
{
    private const float Levels = 127;
    private const byte Zero = 128;

    // ONNX's numbers of element types.
    private const long Float = 1, UInt8 = 2;

    /// <inheritdoc/>
    public OnnxGraph Apply(OnnxGraph graph, OnnxNames names)
    {
        var weights = WeightsOf(graph, names);
        var writer = new Writer();
        foreach (var node in graph.Nodes)
        {
            if (weights.TryGetValue(node, out var weight))
            {
                writer.Product(node, weight);
            }
            else
            {
                writer.Nodes.Add(node);
            }
        }

        var read = writer.Nodes.SelectMany(n => n.Inputs).ToHashSet();
        var nodes = writer.Nodes.Where(n => n.Op != "Transpose" || read.Contains(n.Outputs[0])).ToList();
        read = [.. nodes.SelectMany(n => n.Inputs)];
        return graph.With(writer.Weights.Concat(nodes), graph.Constants.Where(c => read.Contains(c.Name)).Concat(writer.Constants));
    }

    /// <inheritdoc/>
    public IForwardHook Simulation(Plan plan, Weights weights) => new DynamicSimulation(Products(plan, weights));

    /// <summary>The products that are rewritten: the path of each layer, and the full name of its weight.</summary>
    public IReadOnlySet<(string Path, string Weight)> Products(Plan plan, Weights weights)
    {
        var scoring = plan.ForScoring();
        var (graph, names) = OnnxExport.Run(scoring, weights.WithFixed(scoring));
        return WeightsOf(graph, names).Select(w => (w.Key.Path, w.Value.Name)).ToHashSet();
    }

    // The products, and their weights [Out, In]. The product of a sequence reads a weight that is transposed before. Torch simulates a layer by its
    // first input, so the product must read that value.
    private Dictionary<OnnxNode, OnnxConstant> WeightsOf(OnnxGraph graph, OnnxNames names)
    {
        var constants = graph.Constants.Where(c => c is { Data: float[], Dims.Count: 2 }).ToDictionary(c => c.Name);
        var transposed = graph.Nodes.Where(n => n.Op == "Transpose" && n.Attributes.GetValueOrDefault("perm") is long[] and [1, 0])
            .ToDictionary(n => n.Outputs[0], n => n.Inputs[0]);
        var read = names.Plan.Steps.Where(s => names.Slots.ContainsKey(s.Inputs[0]))
            .Select(s => (s.Path, names.Slots[s.Inputs[0]])).ToHashSet();
        return graph.Nodes.Where(n => n.Inputs is [var value, ..] && read.Contains((n.Path, value)) && !keep.Any(k => LayerPaths.IsBelow(n.Path, k)))
            .Select(n => (Node: n, Weight: n.Op switch
            {
                "Gemm" when n.Attributes.GetValueOrDefault("transB") is 1L => n.Inputs[1],
                "MatMul" => transposed.GetValueOrDefault(n.Inputs[1]),
                _ => null,
            }))
            .Where(p => p.Weight is not null && constants.ContainsKey(p.Weight))
            .ToDictionary(p => p.Node, p => constants[p.Weight!]);
    }

    /// <summary>The rewritten graph as it grows.</summary>
    private sealed class Writer
    {
        public List<OnnxNode> Weights { get; } = [];

        public List<OnnxNode> Nodes { get; } = [];

        public List<OnnxConstant> Constants { get; } = [];

        private readonly HashSet<string> written = [];

        // A place of a sequence is a row of its own: padding, or a word elsewhere, changes nothing.
        public void Product(OnnxNode node, OnnxConstant weight)
        {
            if (node.Op == "Gemm")
            {
                Rows(node, weight);
                return;
            }

            var (stem, path) = (node.Outputs[0], node.Path);
            long[] width = [-1, weight.Dims[1]], outputs = [weight.Dims[0]];
            Constants.Add(new($"{stem}/width", [2], width));
            Constants.Add(new($"{stem}/outputs", [1], outputs));
            var rows = Add("Reshape", [node.Inputs[0], $"{stem}/width"], $"{stem}/rows", path);
            Rows(node with { Inputs = [rows], Outputs = [$"{stem}/ofRows"] }, weight);
            var places = Add("Shape", [node.Inputs[0]], $"{stem}/places", path, ("end", -1L));
            var shape = Add("Concat", [places, $"{stem}/outputs"], $"{stem}/shape", path, ("axis", 0L));
            Add("Reshape", [$"{stem}/ofRows", shape], stem, path);
        }

        // x·Wᵀ + b ≈ s_x·s_w·((q_x − 128)·q_w) + b
        private void Rows(OnnxNode node, OnnxConstant weight)
        {
            var (value, made, stem) = (node.Inputs[0], node.Outputs[0], node.Outputs[0]);
            var (levels, scales) = Weight(weight);
            Shared();
            var size = Add("Abs", [value], $"{stem}/size", node.Path);
            var most = Add("ReduceMax", [size], $"{stem}/most", node.Path, ("axes", new long[] { 1 }), ("keepdims", 0L));
            var raw = Add("Mul", [most, "dynamic/step"], $"{stem}/raw", node.Path);
            var scale = Add("Max", [raw, "dynamic/least"], $"{stem}/scale", node.Path);
            var none = Add("Mul", [scale, "dynamic/none"], $"{stem}/none", node.Path);
            var middle = Add("Add", [none, "dynamic/middle"], $"{stem}/middle", node.Path);
            var zero = Add("Cast", [middle], $"{stem}/zero", node.Path, ("to", UInt8));
            var level = Add("QuantizeLinear", [value, scale, zero], $"{stem}/level", node.Path, ("axis", 0L));
            var sum = Add("MatMulInteger", [level, levels, "dynamic/zero"], $"{stem}/sum", node.Path);
            var real = Add("Cast", [sum], $"{stem}/real", node.Path, ("to", Float));
            var column = Add("Unsqueeze", [scale, "dynamic/axis"], $"{stem}/column", node.Path);
            var byRow = Add("Mul", [real, column], $"{stem}/byRow", node.Path);
            if (node.Inputs.ElementAtOrDefault(2) is { Length: > 0 } bias)
            {
                var product = Add("Mul", [byRow, scales], $"{stem}/product", node.Path);
                Add("Add", [product, bias], made, node.Path);
            }
            else
            {
                Add("Mul", [byRow, scales], made, node.Path);
            }
        }

        // The levels lie transposed, as the product reads them. A DequantizeLinear that nothing reads keeps the weight's name for readers.
        private (string Levels, string Scales) Weight(OnnxConstant weight)
        {
            var name = weight.Name + RoundedWeights.Transposed;
            var (level, scale) = (RoundedWeights.StemOf(name) + RoundedWeights.Level, $"{RoundedWeights.StemOf(name)}/scale");
            if (written.Add(weight.Name))
            {
                var data = (float[])weight.Data;
                var scales = WeightGrid.Scales(data, weight.Dims, 0, 8, perChannel: true);
                var (rows, columns) = ((int)weight.Dims[0], (int)weight.Dims[1]);
                var turned = new sbyte[data.Length];
                foreach (var (index, rounded) in WeightGrid.Round(data, weight.Dims, 0, 8, scales).Index())
                {
                    turned[(index % columns * rows) + (index / columns)] = rounded;
                }

                Constants.Add(new(level, [columns, rows], turned));
                Constants.Add(new(scale, [rows], scales));
                Weights.Add(new("DequantizeLinear", [level, scale], [name], new Dictionary<string, object> { ["axis"] = 1L }));
            }

            return (level, scale);
        }

        private void Shared()
        {
            if (Constants.Any(c => c.Name == "dynamic/step"))
            {
                return;
            }

            foreach (var (name, value) in new[] { ("step", 1 / Levels), ("least", 1e-30f), ("none", 0f), ("middle", Zero) })
            {
                float[] scalar = [value];
                Constants.Add(new($"dynamic/{name}", [], scalar));
            }

            byte[] zero = [Zero];
            long[] axis = [1];
            Constants.Add(new("dynamic/zero", [], zero));
            Constants.Add(new("dynamic/axis", [1], axis));
        }

        private string Add(string op, IReadOnlyList<string> read, string made, string path, params IReadOnlyList<(string Name, object Value)> attributes)
        {
            Nodes.Add(new(op, read, [made], attributes.ToDictionary(a => a.Name, a => a.Value)) { Path = path });
            return made;
        }
    }
}
