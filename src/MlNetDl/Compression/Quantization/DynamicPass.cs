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
        var constants = graph.Constants.ToDictionary(c => c.Name);
        var writer = new Writer();
        foreach (var node in graph.Nodes)
        {
            if (IsProduct(node, constants))
            {
                writer.Product(node, constants);
            }
            else
            {
                writer.Nodes.Add(node);
            }
        }

        var read = writer.Nodes.SelectMany(n => n.Inputs).ToHashSet();
        return graph.With(writer.Weights.Concat(writer.Nodes), graph.Constants.Where(c => read.Contains(c.Name) && !writer.Replaced.Contains(c.Name))
            .Concat(writer.Constants));
    }

    /// <inheritdoc/>
    public IForwardHook Simulation(Plan plan, Weights weights) => new DynamicSimulation(Products(plan, weights));

    /// <summary>The weights of the products that are rewritten.</summary>
    public IReadOnlySet<string> Products(Plan plan, Weights weights)
    {
        var scoring = plan.ForScoring();
        var (graph, _) = OnnxExport.Run(scoring, weights.WithFixed(scoring));
        var constants = graph.Constants.ToDictionary(c => c.Name);
        return graph.Nodes.Where(n => IsProduct(n, constants)).Select(n => n.Inputs[1]).ToHashSet();
    }

    private bool IsProduct(OnnxNode node, Dictionary<string, OnnxConstant> constants) =>
        node.Op == "Gemm" && node.Attributes.GetValueOrDefault("transB") is 1L
        && constants.TryGetValue(node.Inputs[1], out var weight) && weight is { Data: float[], Dims.Count: 2 }
        && !keep.Any(k => LayerPaths.IsBelow(node.Path, k));

    /// <summary>The rewritten graph as it grows.</summary>
    private sealed class Writer
    {
        public List<OnnxNode> Weights { get; } = [];

        public List<OnnxNode> Nodes { get; } = [];

        public List<OnnxConstant> Constants { get; } = [];

        public HashSet<string> Replaced { get; } = [];

        // x·Wᵀ + b ≈ s_x·s_w·((q_x − 128)·q_w) + b
        public void Product(OnnxNode node, Dictionary<string, OnnxConstant> constants)
        {
            var (value, made, stem) = (node.Inputs[0], node.Outputs[0], node.Outputs[0]);
            var (levels, scales) = Weight(constants[node.Inputs[1]]);
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
            var stem = $"{weight.Name.Replace('.', '/')}";
            if (Replaced.Add(weight.Name))
            {
                var data = (float[])weight.Data;
                var scales = WeightGrid.Scales(data, weight.Dims, 0, 8, perChannel: true);
                var (rows, columns) = ((int)weight.Dims[0], (int)weight.Dims[1]);
                var turned = new sbyte[data.Length];
                foreach (var (index, level) in WeightGrid.Round(data, weight.Dims, 0, 8, scales).Index())
                {
                    turned[(index % columns * rows) + (index / columns)] = level;
                }

                Constants.Add(new($"{stem}/level", [columns, rows], turned));
                Constants.Add(new($"{stem}/scale", [rows], scales));
                Weights.Add(new(
                    "DequantizeLinear",
                    [$"{stem}/level", $"{stem}/scale"],
                    [weight.Name + RoundedWeights.Transposed],
                    new Dictionary<string, object> { ["axis"] = 1L }));
            }

            return ($"{stem}/level", $"{stem}/scale");
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
