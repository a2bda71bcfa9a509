using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Mean over as many windows as the output has cells, whatever the input's size: cell i covers ⌊i·H/<paramref name="Size"/>⌋ to
/// ⌈(i+1)·H/<paramref name="Size"/>⌉.</summary>
/// <param name="Size">Side of the output.</param>
/// <remarks>[N, C, H, W] → [N, C, Size, Size]. Written to ONNX as two matrix products with fixed averaging matrices, which also serves
/// sizes that do not divide.</remarks>
public sealed record AdaptiveAvgPool2d(int Size) : Leaf
{
    /// <inheritdoc/>
    public override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        Window2d.Positive(this, (nameof(Size), Size));
        return Window2d.Image(this, inputs).With(2, Size).With(3, Size);
    }

    /// <inheritdoc/>
    public override Tensor Forward(IReadOnlyList<Tensor> inputs, LeafState state) => nn.functional.adaptive_avg_pool2d(inputs[0], [Size, Size]);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        int height = inputs[0].Shape!.Size(2), width = inputs[0].Shape!.Size(3);
        var rows = graph.Constant("rows", [Size, height], Averages(height));
        var columns = graph.Add("Transpose", [graph.Constant("columns", [Size, width], Averages(width))], ("perm", new long[] { 1, 0 }));
        return graph.Add("MatMul", [graph.Add("MatMul", [rows, inputs[0]]), columns]);
    }

    /// <inheritdoc/>
    public override Channels Couple(IReadOnlyList<Channels> inputs, IReadOnlyList<Shape> shapes, ChannelGroups groups) => inputs[0];

    private float[] Averages(int length)
    {
        var matrix = new float[Size * length];
        for (int i = 0; i < Size; i++)
        {
            int from = i * length / Size, to = (((i + 1) * length) + Size - 1) / Size;
            matrix.AsSpan((i * length) + from, to - from).Fill(1f / (to - from));
        }

        return matrix;
    }
}
