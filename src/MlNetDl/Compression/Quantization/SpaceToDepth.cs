using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx;

namespace MlNetDl.Compression;

/// <summary>Makes convolutions of integers over one to three channels, such as the colours of a picture, fast: with a stride of 2, each
/// square of 2×2 pixels becomes one pixel of four times the channels, which zeros fill up to a multiple of four. The result is the same.</summary>
/// <remarks>ONNX Runtime's fast kernel reads four channels at once, makes sixteen, and takes a step for each place of its window, of which there are
/// fewer now; for other widths it gathers the windows first. What is done to the weights it does once, as it loads the model: the file has them
/// as they are.</remarks>
internal sealed class SpaceToDepth
{
    // The channels that the kernel reads at once, and those that it makes.
    private const int ChannelsRead = 4, ChannelsMade = 16;

    private readonly List<OnnxNode> nodes = [];
    private readonly List<OnnxConstant> constants;

    private SpaceToDepth(OnnxGraph graph) => constants = [.. graph.Constants];

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
        var rewritten = new SpaceToDepth(graph);
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

    // Channels of the deeper value: the pixel's column in its square, its row, the channel.
    private void Convolution(Fold fold, OnnxNode value)
    {
        var (name, stride, channels) = ($"{fold.Convolution.Outputs[0]}/deep", fold.Stride, fold.Channels);
        var (rows, columns) = (fold.Rows, fold.Columns);
        var level = Padded(value, value.Inputs[2], name, fold, (0, rows.Filling), (0, columns.Filling));
        if (stride > 1)
        {
            level = Reshaped(level, $"{name}/rows", 0, channels, rows.Squares, stride, columns.Squares * stride);
            level = Turned(level, $"{name}/turned", 0, 3, 1, 2, 4);
            level = Reshaped(level, $"{name}/folded", 0, stride * channels, rows.Squares, columns.Squares * stride);
            // A runtime that computes with the channels last drops the second of these turns, so that only lines have been moved.
            level = Turned(level, $"{name}/last", 0, 2, 3, 1);
            level = Reshaped(level, $"{name}/squares", 0, rows.Squares, columns.Squares, stride * stride * channels);
            level = Turned(level, $"{name}/first", 0, 3, 1, 2);
        }

        Add(value with { Inputs = [level, .. value.Inputs.Skip(1)], Outputs = [name] });
        Add(fold.Folded with { Inputs = [name, .. fold.Convolution.Inputs.Skip(1)] });
    }

    private void Weight(Fold fold, OnnxNode weight)
    {
        var (name, stride, channels, (rows, columns)) = ($"{weight.Inputs[0]}/deep", fold.Stride, fold.Channels, (fold.Rows, fold.Columns));
        constants.Add(new($"{name}/nothing", [], new sbyte[1]));
        var level = Padded(weight, $"{name}/nothing", name, fold, (rows.Offset, rows.KernelAfter), (columns.Offset, columns.KernelAfter));
        if (stride > 1)
        {
            level = Reshaped(level, $"{name}/split", fold.Dims[0], channels, rows.Kernel, stride, columns.Kernel, stride);
            level = Turned(level, $"{name}/turned", 0, 5, 3, 1, 2, 4);
            level = Reshaped(level, $"{name}/squares", fold.Dims[0], stride * stride * channels, rows.Kernel, columns.Kernel);
        }

        Add(weight with { Inputs = [level, .. weight.Inputs.Skip(1)] });
    }

    private string Padded(OnnxNode dequantized, string zero, string name, Fold fold, (long Before, long After) rows, (long Before, long After) columns)
    {
        long channels = fold.Channels - fold.Dims[1];
        if ((channels, rows, columns) == (0, (0, 0), (0, 0)))
        {
            return dequantized.Inputs[0];
        }

        constants.Add(new($"{name}/pads", [8], new[] { 0, 0, rows.Before, columns.Before, 0, channels, rows.After, columns.After }));
        return Add(new("Pad", [dequantized.Inputs[0], $"{name}/pads", zero], [$"{name}/padded"], new Dictionary<string, object>()));
    }

    private string Reshaped(string value, string name, params long[] shape)
    {
        constants.Add(new($"{name}/shape", [shape.Length], shape));
        return Add(new("Reshape", [value, $"{name}/shape"], [name], new Dictionary<string, object>()));
    }

    private string Turned(string value, string name, params long[] axes) =>
        Add(new("Transpose", [value], [name], new Dictionary<string, object> { ["perm"] = axes }));

    private string Add(OnnxNode node)
    {
        nodes.Add(node);
        return node.Outputs[0];
    }

    /// <summary>How the pixels of one convolution are folded.</summary>
    /// <param name="Convolution">Its node.</param>
    /// <param name="Dims">Of its weight: outputs, channels, rows, columns.</param>
    /// <param name="Shape">Of its input.</param>
    private sealed record Fold(OnnxNode Convolution, ValueList<long> Dims, Shape Shape)
    {
        public bool IsPlain => Convolution.Attributes.GetValueOrDefault("group", 1L) is 1L && Numbers("dilations", 1, 1).All(d => d == 1)
            && Numbers("strides", 1, 1) is [var down, var along] && down == along;

        public long Stride => Numbers("strides", 1, 1)[0];

        public long Channels => Enumerable.Range((int)Dims[1], ChannelsRead).First(c => c * Stride * Stride % ChannelsRead == 0);

        public Axis Rows => new(Shape.Size(2), Dims[2], Stride, Pads[0], Pads[2]);

        public Axis Columns => new(Shape.Size(3), Dims[3], Stride, Pads[1], Pads[3]);

        public OnnxNode Folded => Convolution with
        {
            Attributes = new Dictionary<string, object>(Convolution.Attributes)
            {
                ["kernel_shape"] = new[] { Rows.Kernel, Columns.Kernel },
                ["strides"] = new[] { 1L, 1L },
                ["pads"] = new[] { Rows.SquaresBefore, Columns.SquaresBefore, Rows.SquaresAfter, Columns.SquaresAfter },
            },
        };

        private long[] Pads => Numbers("pads", 0, 0, 0, 0);

        private long[] Numbers(string attribute, params long[] usual) => Convolution.Attributes.GetValueOrDefault(attribute) as long[] ?? usual;
    }

    /// <summary>One direction of a convolution.</summary>
    /// <param name="Size">The pixels of its input.</param>
    /// <param name="Window">The pixels of its window.</param>
    /// <param name="Stride">How far windows lie apart; as many pixels become one.</param>
    /// <param name="Left">The padding before.</param>
    /// <param name="Right">The padding behind.</param>
    private readonly record struct Axis(long Size, long Window, long Stride, long Left, long Right)
    {
        public long SquaresBefore => (Left + Stride - 1) / Stride;

        // The first window begins within a square where the padding is no multiple of the stride.
        public long Offset => (SquaresBefore * Stride) - Left;

        public long Kernel => (Offset + Window + Stride - 1) / Stride;

        public long KernelAfter => (Kernel * Stride) - Offset - Window;

        // Of the input; the last pixels may be in no window.
        public long Squares => Math.Min((Size + Stride - 1) / Stride, SquaresRead - SquaresBefore);

        // Less than none where pixels are left out.
        public long Filling => (Squares * Stride) - Size;

        public long SquaresAfter => SquaresRead - SquaresBefore - Squares;

        private long SquaresRead => ((Size + Left + Right - Window) / Stride) + Kernel;
    }
}
