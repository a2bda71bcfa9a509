using System.Numerics.Tensors;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Data;

/// <summary>A labelled set in managed memory, compact: images stay bytes, vectors float32.</summary>
/// <param name="Shape">Shape of a batch of inputs: [N, C, H, W] or [N, C].</param>
/// <param name="Features"><c>byte[]</c> (pixels, 0–255) or <c>float[]</c>, row-major, one example after the other.</param>
/// <param name="Targets"><c>long[]</c> class indices from 0, one an example; or <c>float[]</c> values, <see cref="TargetWidth"/> an example.</param>
public sealed record Examples(Shape Shape, Array Features, Array Targets)
{
    /// <summary>Values per target; 1 for class indices.</summary>
    public int TargetWidth { get; init; } = 1;

    /// <summary>Weight of each example, finite, 0 or more; one of weight 0 is not trained on. <see langword="null"/> when all count the same.</summary>
    public float[]? Weights { get; init; }

    /// <summary>Names of the classes, in the order of their indices; not used for binary classification and regression.</summary>
    public ValueList<string> ClassNames { get; init; } = [];

    /// <summary>Number of examples.</summary>
    public int Count => Targets.Length / TargetWidth;

    /// <summary>Copies the features of <paramref name="count"/> examples from <paramref name="start"/> on, as floats.</summary>
    public void CopyTo(int start, int count, Span<float> target)
    {
        int width = (int)Shape.ElementsPerExample();
        if (Features is byte[] bytes)
        {
            TensorPrimitives.ConvertChecked<byte, float>(bytes.AsSpan(start * width, count * width), target);
        }
        else
        {
            ((float[])Features).AsSpan(start * width, count * width).CopyTo(target);
        }
    }
}
