using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx;
using MlNetDl.Torch;

namespace MlNetDl.Compression;

/// <summary>Rewrites a graph with pairs of <c>QuantizeLinear</c> and <c>DequantizeLinear</c>, which ONNX Runtime fuses into integer
/// kernels as it loads the model, and which every other runtime of ONNX computes too.</summary>
/// <remarks>Weights become int8 around 0, values uint8, biases int32 with the product of both scales (Jacob et al. 2018,
/// arXiv:1712.05877, eq. 11). A weight's <c>DequantizeLinear</c> has the weight's name, so readers find it.</remarks>
internal sealed class QuantizationPass(QuantizationScheme scheme) : ISimulatedPass
{
    // Biases are summed into int32 with the products; this leaves them half of it.
    private const double MostBias = 1 << 30;

    /// <summary>Whether convolutions over few channels read lines of pixels as channels (<see cref="Compression.LinesToDepth"/>), which is faster and
    /// computes the same.</summary>
    public bool LinesToDepth { get; init; } = true;

    /// <inheritdoc/>
    public OnnxGraph Apply(OnnxGraph graph, OnnxNames names)
    {
        var layout = QuantizedLayout.Of(graph, names, scheme.Keep, scheme.Ranges.ContainsKey);
        var writer = new Writer(scheme, layout, ValueKeys.OfValues(names));
        var rewritten = writer.Rewritten(graph, [.. names.Plan.Network.Inputs.Select(i => i.Name)]);
        return LinesToDepth ? Compression.LinesToDepth.Apply(rewritten, names) : rewritten;
    }

    /// <inheritdoc/>
    public IForwardHook Simulation(Plan plan, Weights weights) => new FakeQuantization(scheme, new(plan, weights, scheme.Keep));

    /// <summary>The name of the rounded value of a graph's input. Other rounded values have the name that the exact ones had.</summary>
    internal static string RoundedInput(string input) => $"{input}/rounded";

    /// <summary>The rewriting of one graph.</summary>
    private sealed class Writer(QuantizationScheme scheme, QuantizedLayout layout, ILookup<string, string> keys)
    {
        private readonly List<OnnxNode> nodes = [];
        private readonly List<OnnxNode> weights = [];
        private readonly List<OnnxConstant> constants = [];
        private readonly HashSet<string> written = [];
        private readonly Dictionary<string, string> inputs = [];

        public OnnxGraph Rewritten(OnnxGraph graph, IReadOnlyList<string> graphInputs)
        {
            constants.AddRange(graph.Constants);
            var scales = WeightScales(graph);
            foreach (var input in graphInputs.Where(layout.Values.Contains))
            {
                inputs[input] = RoundedInput(input);
                Pair(input, inputs[input], input, "");
            }

            foreach (var node in graph.Nodes)
            {
                var read = node with { Inputs = [.. node.Inputs.Select(i => inputs.GetValueOrDefault(i, i))] };
                nodes.Add(Made(layout.Products.TryGetValue(node.Outputs[0], out var product) ? Product(read, product, scales[product.Weight.Name]) : read));
                foreach (var output in node.Outputs.Where(layout.Values.Contains))
                {
                    Pair($"{output}/exact", output, output, node.Path);
                }
            }

            var used = nodes.SelectMany(n => n.Inputs).ToHashSet();
            // Weights come first: layers that share them may read them early.
            var alive = weights.Concat(nodes).Where(n => n.Op != "Transpose" || n.Outputs.Any(o => used.Contains(o))).ToList();
            used = [.. alive.SelectMany(n => n.Inputs)];
            // What a DequantizeLinear makes now has the weight's name.
            var replaced = alive.SelectMany(n => n.Outputs).ToHashSet();
            return graph.With(alive, constants.Where(c => used.Contains(c.Name) && !replaced.Contains(c.Name)));
        }

        // The exact value gets another name, so that all who read it read the rounded one.
        private OnnxNode Made(OnnxNode node) => node with
        {
            Outputs = [.. node.Outputs.Select(o => layout.Values.Contains(o) ? $"{o}/exact" : o)],
        };

        private AffineGrid GridOf(string value)
        {
            var root = layout.GridOf(value);
            var key = keys[root].FirstOrDefault(scheme.Ranges.ContainsKey) ?? throw new InvalidOperationException(
                $"The value '{root}' has no range; it was not seen while the ranges were measured.");
            return scheme.Ranges[key].Grid(scheme.ValueBits);
        }

        private void Pair(string exact, string rounded, string value, string path)
        {
            var grid = GridOf(value);
            var (scale, zero) = (Constant($"{value}/scale", [], new[] { grid.Scale }), Constant($"{value}/zero", [], new[] { (byte)grid.Zero }));
            if (grid.Levels < byte.MaxValue)
            {
                // QuantizeLinear stops at 255, and not at the last level of fewer bits.
                var (least, most) = (Constant($"{value}/least", [], new[] { grid.Least }), Constant($"{value}/most", [], new[] { grid.Greatest }));
                exact = Node("Clip", [exact, least, most], $"{value}/clipped", path);
            }

            var level = Node("QuantizeLinear", [exact, scale, zero], $"{value}/level", path);
            Node("DequantizeLinear", [level, scale, zero], rounded, path);
        }

        private OnnxNode Product(OnnxNode node, QuantizedProduct product, float[] scales)
        {
            var read = node.Inputs.ToList();
            read[1] = Weight(product, scales, node.Path);
            if (product.Bias is { } bias)
            {
                read[2] = Bias(bias, GridOf(Original(node.Inputs[0])).Scale, scales, node.Path);
            }

            return node with { Inputs = read };
        }

        private string Original(string value) => inputs.FirstOrDefault(i => i.Value == value).Key ?? value;

        private string Weight(QuantizedProduct product, float[] scales, string path)
        {
            var weight = product.Weight;
            var name = product.IsTransposed ? weight.Name + RoundedWeights.Transposed : weight.Name;
            if (!written.Add(name))
            {
                return name;
            }

            var stem = RoundedWeights.StemOf(name);
            var data = WeightGrid.Round((float[])weight.Data, weight.Dims, product.Axis, scheme.WeightBits, scales);
            ValueList<long> dims = weight.Dims;
            if (product.IsTransposed)
            {
                (data, dims) = (Transpose(data, (int)dims[0], (int)dims[1]), [dims[1], dims[0]]);
            }

            ValueList<long> axes = scales.Length == 1 ? [] : [scales.Length];
            var (level, scale) = (Constant(stem + RoundedWeights.Level, dims, data), Constant($"{stem}/scale", axes, scales));
            var zero = Constant($"{stem}/zero", axes, new sbyte[scales.Length]);
            return Dequantized([level, scale, zero], name, product.IsTransposed ? 1 : product.Axis, path);
        }

        private string Bias(OnnxConstant bias, float valueScale, float[] weightScales, string path)
        {
            var exact = (float[])bias.Data;
            float[] scales = [.. weightScales.Select(s => s * valueScale)];
            int[] levels = [.. exact.Select((b, i) => (int)Math.Round(b / (double)scales[scales.Length == 1 ? 0 : i], MidpointRounding.ToEven))];
            // A shared bias is another integer for each layer that reads it.
            var name = written.Add(bias.Name) ? bias.Name : $"{path}/bias/rounded";
            var stem = RoundedWeights.StemOf(name);
            ValueList<long> axes = scales.Length == 1 ? [] : [scales.Length];
            var (level, scale) = (Constant(stem + RoundedWeights.Level, bias.Dims, levels), Constant($"{stem}/scale", axes, scales));
            var zero = Constant($"{stem}/zero", axes, new int[scales.Length]);
            return Dequantized([level, scale, zero], name, 0, path);
        }

        private string Dequantized(IReadOnlyList<string> read, string name, int axis, string path)
        {
            weights.Add(new("DequantizeLinear", read, [name], new Dictionary<string, object> { ["axis"] = (long)axis }) { Path = path });
            return name;
        }

        // Of a channel with next to no weights but a bias, the scale must be so wide that the bias does not overflow.
        private Dictionary<string, float[]> WeightScales(OnnxGraph graph)
        {
            var all = new Dictionary<string, float[]>();
            foreach (var node in graph.Nodes.Where(n => layout.Products.ContainsKey(n.Outputs[0])))
            {
                var product = layout.Products[node.Outputs[0]];
                var weight = product.Weight;
                if (!all.TryGetValue(weight.Name, out var scales))
                {
                    all[weight.Name] = scales = [.. scheme.ScalesOf(weight.Name, (float[])weight.Data, weight.Dims, product.Axis)];
                }

                foreach (var (index, value) in ((float[]?)product.Bias?.Data ?? []).Index())
                {
                    int channel = scales.Length == 1 ? 0 : index;
                    scales[channel] = Math.Max(scales[channel], (float)(Math.Abs(value) / MostBias / GridOf(node.Inputs[0]).Scale));
                }
            }

            return all;
        }

        private string Node(string op, IReadOnlyList<string> read, string made, string path)
        {
            nodes.Add(new(op, read, [made], new Dictionary<string, object>()) { Path = path });
            return made;
        }

        private string Constant(string name, ValueList<long> dims, Array data)
        {
            constants.Add(new(name, dims, data));
            return name;
        }

        private static sbyte[] Transpose(sbyte[] data, int rows, int columns)
        {
            var turned = new sbyte[data.Length];
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < columns; column++)
                {
                    turned[(column * rows) + row] = data[(row * columns) + column];
                }
            }

            return turned;
        }
    }
}
