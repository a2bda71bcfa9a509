using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Mean over as many windows as the output has cells, whatever the input's size: cell i covers
/// ⌊i·H/<paramref name="Size"/>⌋ to ⌈(i+1)·H/<paramref name="Size"/>⌉.</summary>
/// <param name="Size">Side of the output, 1 or more.</param>
/// <remarks>[N, C, H, W] → [N, C, Size, Size]. Written to ONNX as two matrix products with fixed averaging matrices,
/// which also serves sizes that do not divide.</remarks>
public sealed record AdaptiveAvgPool2d([property: AtLeast(1)] int Size) : UnaryLeaf, ICouplesOneValue
{
    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => Window2d.Image(this, input).With(2, Size).With(3, Size);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state) =>
        nn.functional.adaptive_avg_pool2d(input, [Size, Size]);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        int height = input.Shape!.Size(2), width = input.Shape!.Size(3);

        // The matrix stands on the right, because ONNX Runtime refuses one on the left of a batch without rows.
        var alongRows = Means(input, "columns", width);
        return Turned(Means(Turned(alongRows), "rows", height));

        OnnxValue Means(OnnxValue value, string name, int length) => graph.Add(
            "MatMul", [value, graph.Add("Transpose", [graph.Constant(name, [Size, length], Averages(length))], ("perm", new long[] { 1, 0 }))]);
        OnnxValue Turned(OnnxValue value) => graph.Add("Transpose", [value], ("perm", new long[] { 0, 1, 3, 2 }));
    }

    /// <inheritdoc/>
    public Channels Couple(Channels input, Shape shape, ChannelGroups groups) => input;

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
