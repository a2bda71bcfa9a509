using System.Numerics.Tensors;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Data;

/// <summary>A set in managed memory, compact: images stay bytes, vectors float32, tokens int64. Images of files that exceed a
/// <see cref="MemoryBudget"/> are decoded when they are needed (<see cref="ImageFiles.Read"/>).</summary>
/// <param name="Shape">Shape of a batch of inputs, such as [N, C, H, W], [N, C] or int64[N, T]; batches have its type.
/// The length of one example must be known: a network of symbolic length takes [N, 12] too. Lengths that differ need an
/// <see cref="IBatches"/> of your own.</param>
/// <param name="Features"><c>byte[]</c> (pixels, 0–255), <c>float[]</c> or <c>long[]</c> (tokens), row-major, one
/// example after the other; empty where images are decoded when they are needed.</param>
/// <param name="Targets"><c>long[]</c> class indices from 0 or <c>float[]</c> values, <see cref="TargetWidth"/> an
/// example: the target named <see cref="Batch.DefaultTarget"/>. <see langword="null"/> where there is none.</param>
public sealed record Examples(Shape Shape, Array Features, Array? Targets = null)
{
    /// <summary><c>byte[]</c> (pixels, 0–255), <c>float[]</c> or <c>long[]</c> (tokens), row-major, one example after the other; empty where images are
    /// decoded when they are needed.</summary>
    public Array Features
    {
        get;
        // Another array stands in place of images of files.
        init => (field, Images) = (value, null);
    } = Features;

    /// <summary>Values per target; 1 for class indices. Several class indices are one for each place of a
    /// sequence.</summary>
    public int TargetWidth { get; init; } = 1;

    /// <summary>Further targets by name, for tasks, steps and hooks that learn more than one thing;
    /// none by default.</summary>
    public IReadOnlyList<NamedTarget> NamedTargets { get; init => field = value ?? []; } = [];

    /// <summary>Weight of each example, finite, 0 or more; one of weight 0 is not trained on. <see langword="null"/>
    /// when all count the same.</summary>
    public float[]? Weights { get; init; }

    /// <summary>Names of the classes, in the order of their indices, or of the labels where an example may have several; for binary classification what 0
    /// and 1 are called, if anybody says it. Not used for regression.</summary>
    public ValueList<string> ClassNames { get; init; } = [];

    /// <summary>Number of examples.</summary>
    /// <exception cref="ArgumentException">The shape does not say how long an example is.</exception>
    public int Count => Images?.Count ?? (int)(Features.LongLength / Width);

    /// <summary>Number of examples whose features are in memory: all of them, but for images of files beyond a
    /// <see cref="MemoryBudget"/>.</summary>
    /// <exception cref="ArgumentException">The shape does not say how long an example is.</exception>
    public int HeldCount => Images?.Held ?? Count;

    /// <summary>Images of files in place of <see cref="Features"/>; <see langword="null"/> where these are in one array.</summary>
    internal StoredImages? Images { get; init; }

    /// <summary>Values of all examples.</summary>
    internal long Values => Images is null ? Features.LongLength : Images.Count * Width;

    /// <summary>Values of one example.</summary>
    internal long Width
    {
        get
        {
            if (!Shape.Dims.Skip(1).All(d => d.Size is not null))
            {
                throw new ArgumentException($"The examples are {Shape}, which does not say how long one is; give "
                    + "the known sizes, as in [N, 12] (a network of symbolic length takes them), or write an "
                    + "IBatches for lengths that differ.");
            }

            return Shape.ElementsPerExample();
        }
    }

    /// <summary>All targets, the default one first.</summary>
    internal IEnumerable<NamedTarget> AllTargets => Targets is null ? NamedTargets
        : NamedTargets.Prepend(new(Batch.DefaultTarget, Targets is long[]? ClassShape : Shape.Vector(TargetWidth), Targets));

    // One class index per example has the shape int64 [N]. Several are one for each place of a sequence.
    private Shape ClassShape => new(ElementType.Int64, TargetWidth == 1 ? [Dim.Batch] : [Dim.Batch, TargetWidth]);

    /// <summary>Copies the features of <paramref name="count"/> examples from <paramref name="start"/>
    /// on, as floats.</summary>
    public void CopyTo(int start, int count, Span<float> target)
    {
        int width = (int)Width;
        switch (Features)
        {
            case byte[] when Images is not null:
                Images.CopyTo(start, count, target);
                break;
            case byte[] bytes:
                TensorPrimitives.ConvertChecked<byte, float>(bytes.AsSpan(start * width, count * width), target);
                break;
            case long[] tokens:
                TensorPrimitives.ConvertChecked<long, float>(tokens.AsSpan(start * width, count * width), target);
                break;
            default:
                ((float[])Features).AsSpan(start * width, count * width).CopyTo(target);
                break;
        }
    }

    /// <summary>The features of an example as whole numbers.</summary>
    internal long[] Tokens(int example)
    {
        int width = (int)Width;
        if (Features is long[] tokens)
        {
            return tokens.AsSpan(checked(example * width), width).ToArray();
        }

        var values = new float[width];
        CopyTo(example, 1, values);
        return Array.ConvertAll(values, v => (long)v);
    }
}
