using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx;

namespace MlNetDl.Compression;

/// <summary>Makes convolutions of integers over one to three channels, such as the colours of a picture, fast: the lines of pixels that a row of
/// windows covers become channels, which further ones without weight fill up to a multiple of four. The result is the same.</summary>
/// <remarks>ONNX Runtime's fast kernel reads four channels at once, makes sixteen, and takes a step for each place of its window, of which as
/// many as the window is wide are left; for other widths it gathers the windows first. What is done to the weights it does once, as it loads the
/// model: the file has them as they are.</remarks>
internal sealed class LinesToDepth
{
    // The channels that the kernel reads at once, and those that it makes.
    private const int ChannelsRead = 4, ChannelsMade = 16;

    private readonly List<OnnxNode> nodes = [];
    private readonly List<OnnxConstant> constants;

    private LinesToDepth(OnnxGraph graph) => constants = [.. graph.Constants];

    /// <summary>The same graph with deeper values before such convolutions.</summary>
    /// <param name="graph">A graph with pairs of <c>QuantizeLinear</c> and <c>DequantizeLinear</c>.</param>
    /// <param name="names">What the values of the network are.</param>
    public static OnnxGraph Apply(OnnxGraph graph, OnnxNames names)
    {
        var makers = graph.Nodes.SelectMany(n => n.Outputs.Select(o => (o, n))).ToDictionary(v => v.o, v => v.n);
        var readers = graph.Nodes.SelectMany(n => n.Inputs).CountBy(i => i).ToDictionary();
        var dims = graph.Constants.ToDictionary(c => c.Name, c => c.Dims);
        var shapes = Images(names);
        OnnxNode? Dequantized(string value) => makers.GetValueOrDefault(value) is { Op: "DequantizeLinear" } node ? node : null;
        var folds = graph.Nodes
            .Where(n => n.Op == "Conv" && Dequantized(n.Inputs[0]) is not null && readers[n.Inputs[1]] == 1
                && Dequantized(n.Inputs[1]) is { } weight && dims[weight.Inputs[0]] is [var made, < ChannelsRead, _, _]
                && made % ChannelsMade == 0 && shapes.ContainsKey((n.Path, n.Inputs[0])))
            .Select(n => new Fold(n, dims[Dequantized(n.Inputs[1])!.Inputs[0]], shapes[(n.Path, n.Inputs[0])]))
            .Where(f => f.IsPlain)
            .ToList();
        var rewritten = new LinesToDepth(graph);
        foreach (var node in graph.Nodes)
        {
            if (folds.Find(f => f.Convolution == node) is { } fold)
            {
                rewritten.Convolution(fold, Dequantized(node.Inputs[0])!);
            }
            else if (folds.Find(f => f.Convolution.Inputs[1] == node.Outputs[0]) is { } folded)
            {
                rewritten.Weight(folded, node);
            }
            else
            {
                rewritten.nodes.Add(node);
            }
        }

        // Nothing needs the float values any more that only folded convolutions have read.
        var needed = rewritten.nodes.SelectMany(n => n.Inputs).Concat(names.Plan.Outputs.Select(o => o.Name)).ToHashSet();
        var idle = folds.Select(f => f.Convolution.Inputs[0]).Where(v => !needed.Contains(v)).ToHashSet();
        return graph.With(rewritten.nodes.Where(n => !idle.Contains(n.Outputs[0])), rewritten.constants);
    }

    // The images that layers read, by the path of the layer and the name of the value. A layer may hand a convolution another value than its input.
    private static Dictionary<(string Path, string Value), Shape> Images(OnnxNames names) => names.Plan.Steps
        .Where(s => s.InputShapes[0] is { Rank: 4 } shape && shape.Dims.Skip(2).All(d => d.Size is not null) && names.Slots.ContainsKey(s.Inputs[0]))
        .Select(s => (s.Path, Value: names.Slots[s.Inputs[0]], Shape: s.InputShapes[0]))
        .SelectMany(s => new[] { s, s with { Value = QuantizationPass.RoundedInput(s.Value) } })
        .DistinctBy(s => (s.Path, s.Value))
        .ToDictionary(s => (s.Path, s.Value), s => s.Shape);

    // Channels of the deeper value: a channel's lines of the window, from above.
    private void Convolution(Fold fold, OnnxNode value)
    {
        var name = $"{fold.Convolution.Outputs[0]}/deep";
        var lines = fold.Lines;
        var level = Reshaped(value.Inputs[0], $"{name}/lines", 0, fold.Dims[1] * fold.Height, fold.Width);
        if (lines.Contains(fold.Outside))
        {
            constants.Add(new($"{name}/pads", [6], new long[] { 0, 0, 0, 0, 1, 0 }));
            level = Add(new("Pad", [level, $"{name}/pads", value.Inputs[2]], [$"{name}/padded"], new Dictionary<string, object>()));
        }

        constants.Add(new($"{name}/numbers", [lines.Length / fold.Depth, fold.Depth], lines));
        level = Add(new("Gather", [level, $"{name}/numbers"], [$"{name}/windows"], new Dictionary<string, object> { ["axis"] = 1L }));
        level = Add(new("Transpose", [level], [$"{name}/turned"], new Dictionary<string, object> { ["perm"] = new long[] { 0, 2, 1, 3 } }));
        Add(value with { Inputs = [level, .. value.Inputs.Skip(1)], Outputs = [name] });
        Add(fold.Folded with { Inputs = [name, .. fold.Convolution.Inputs.Skip(1)] });
    }

    private void Weight(Fold fold, OnnxNode weight)
    {
        var name = $"{weight.Inputs[0]}/deep";
        long lines = fold.Dims[1] * fold.Dims[2];
        var level = Reshaped(weight.Inputs[0], $"{name}/lines", fold.Dims[0], lines, 1, fold.Dims[3]);
        if (fold.Depth > lines)
        {
            constants.Add(new($"{name}/pads", [8], new[] { 0, 0, 0, 0, 0, fold.Depth - lines, 0, 0 }));
            constants.Add(new($"{name}/nothing", [], new sbyte[1]));
            level = Add(new("Pad", [level, $"{name}/pads", $"{name}/nothing"], [$"{name}/padded"], new Dictionary<string, object>()));
        }

        Add(weight with { Inputs = [level, .. weight.Inputs.Skip(1)] });
    }

    private string Reshaped(string value, string name, params long[] shape)
    {
        constants.Add(new($"{name}/shape", [shape.Length], shape));
        return Add(new("Reshape", [value, $"{name}/shape"], [name], new Dictionary<string, object>()));
    }

    private string Add(OnnxNode node)
    {
        nodes.Add(node);
        return node.Outputs[0];
    }

    /// <summary>How the lines of one convolution are folded.</summary>
    /// <param name="Convolution">Its node.</param>
    /// <param name="Dims">Of its weight: outputs, channels, rows, columns.</param>
    /// <param name="Shape">Of its input.</param>
    private sealed record Fold(OnnxNode Convolution, ValueList<long> Dims, Shape Shape)
    {
        public bool IsPlain => Convolution.Attributes.GetValueOrDefault("group", 1L) is 1L;

        public long Height => Shape.Size(2);

        public long Width => Shape.Size(3);

        /// <summary>The channels of the deeper value.</summary>
        public long Depth => ((Dims[1] * Dims[2]) + ChannelsRead - 1) / ChannelsRead * ChannelsRead;

        /// <summary>The number of a line above and below the picture, behind those of all channels.</summary>
        public int Outside => (int)(Dims[1] * Height);

        /// <summary>The numbers of the lines that the channels of each row of windows are. Which line a channel without weight is does not
        /// matter.</summary>
        public int[] Lines
        {
            get
            {
                var (stride, dilation) = (Numbers("strides", 1, 1)[0], Numbers("dilations", 1, 1)[0]);
                long windows = ((Height + Pads[0] + Pads[2] - (dilation * (Dims[2] - 1)) - 1) / stride) + 1;
                var numbers = new int[windows * Depth];
                for (long window = 0; window < windows; window++)
                {
                    for (long channel = 0; channel < Dims[1] * Dims[2]; channel++)
                    {
                        long row = (window * stride) + (channel % Dims[2] * dilation) - Pads[0];
                        numbers[(window * Depth) + channel] = row < 0 || row >= Height ? Outside : (int)((channel / Dims[2] * Height) + row);
                    }
                }

                return numbers;
            }
        }

        public OnnxNode Folded => Convolution with
        {
            Attributes = new Dictionary<string, object>(Convolution.Attributes)
            {
                ["kernel_shape"] = new[] { 1, Dims[3] },
                ["strides"] = new[] { 1, Numbers("strides", 1, 1)[1] },
                ["dilations"] = new[] { 1, Numbers("dilations", 1, 1)[1] },
                ["pads"] = new[] { 0, Pads[1], 0, Pads[3] },
            },
        };

        private long[] Pads => Numbers("pads", 0, 0, 0, 0);

        private long[] Numbers(string attribute, params long[] usual) => Convolution.Attributes.GetValueOrDefault(attribute) as long[] ?? usual;
    }
}
