using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Convolution in which each output map sees only the input maps that a table names: C3 of LeNet-5 (LeCun et al. 1998, table I).</summary>
/// <param name="Table">For each output map, the input maps that feed it, ascending.</param>
/// <param name="Kernel">Side of the square kernel.</param>
/// <remarks>[N, C, H, W] → [N, Table.Count, H − Kernel + 1, W − Kernel + 1]. One kernel for each connection: weight [connections, Kernel, Kernel].</remarks>
public sealed record ConnectionTableConv2d(ValueList<ValueList<int>> Table, int Kernel) : UnaryLeaf
{
    private int Connections => Table.Sum(t => t.Count);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        var x = Window2d.Image(this, input);
        Window2d.Positive(this, (nameof(Kernel), Kernel), ("Table.Count", Table.Count));
        int channels = x.Size(1);
        return Table.All(t => t.Count > 0 && t.Distinct().Count() == t.Count && t.All(i => i >= 0 && i < channels))
            ? x.With(1, Table.Count).With(2, Window2d.Length(this, x.Size(2), Kernel, 1, 0)).With(3, Window2d.Length(this, x.Size(3), Kernel, 1, 0))
            : throw new ShapeException($"ConnectionTableConv2d names input maps that are not there, or twice, or none for a map; its input {x} has maps 0 to {channels - 1}.");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters(Shape input)
    {
        // As if every map had the average number of inputs.
        var init = new UniformInit(1 / Math.Sqrt((double)Connections / Table.Count * Kernel * Kernel));
        return [new("weight", [Connections, Kernel, Kernel], init), new("bias", [Table.Count], init)];
    }

    /// <inheritdoc/>
    public override long Macs(Shape input)
    {
        var y = OutputShape(input);
        return (long)y.Size(2) * y.Size(3) * Connections * Kernel * Kernel;
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state)
    {
        long channels = input.shape[1];
        var weight = state["weight"];
        var places = tensor(Places((int)channels), device: weight.device);
        var full = zeros([Table.Count * channels, Kernel, Kernel], weight.dtype, weight.device).index_copy(0, places, weight);
        return nn.functional.conv2d(input, full.reshape(Table.Count, channels, Kernel, Kernel), state["bias"]);
    }

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        // All inputs of this node are constant, so a runtime folds it into one plain convolution.
        int channels = input.Shape!.Size(1);
        var none = graph.Constant("none", [Table.Count * channels, Kernel, Kernel], new float[Table.Count * channels * Kernel * Kernel]);
        var full = graph.Add("ScatterND", [none, graph.Constant("places", [Connections, 1], Places(channels)), weights["weight"]]);
        var shaped = graph.Add("Reshape", [full, graph.Constant("shape", new long[] { Table.Count, channels, Kernel, Kernel })]);
        return graph.Add("Conv", [input, shaped, weights["bias"]], ("kernel_shape", new long[] { Kernel, Kernel }));
    }

    private long[] Places(int channels) => [.. Table.SelectMany((maps, o) => maps.Select(i => ((long)o * channels) + i))];
}
