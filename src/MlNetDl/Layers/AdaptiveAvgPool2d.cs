using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Mean over as many windows as the output has cells, whatever the input's size: cell i covers
/// ⌊i·H/<paramref name="Size"/>⌋ to ⌈(i+1)·H/<paramref name="Size"/>⌉.</summary>
/// <param name="Size">Side of the output, 1 or more.</param>
/// <remarks>[N, C, H, W] → [N, C, Size, Size]. Written to ONNX as a matrix product with a fixed averaging matrix,
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
        int channels = input.Shape!.Size(1), height = input.Shape!.Size(2), width = input.Shape!.Size(3);

        // One matrix on the right of all pixels: ONNX Runtime refuses one on the left, and one for each axis, of a batch without rows.
        var pixels = graph.Add("Reshape", [input, graph.Constant("pixels", new long[] { 0, channels, (long)height * width })]);
        var means = graph.Add("MatMul", [pixels, graph.Constant("means", [(long)height * width, (long)Size * Size], Means(height, width))]);
        return graph.Add("Reshape", [means, graph.Constant("image", new long[] { 0, channels, Size, Size })]);
    }

    /// <inheritdoc/>
    public Channels Couple(Channels input, Shape shape, ChannelGroups groups) => input;

    // [pixels, windows]: the share of each pixel in the mean of each window.
    private float[] Means(int height, int width)
    {
        var (rows, columns) = (Averages(height), Averages(width));
        var means = new float[checked(height * width * Size * Size)];
        int at = 0;
        for (int pixel = 0; pixel < height * width; pixel++)
        {
            for (int window = 0; window < Size * Size; window++)
            {
                means[at++] = rows[(window / Size * height) + (pixel / width)] * columns[(window % Size * width) + (pixel % width)];
            }
        }

        return means;
    }

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
