using System.Numerics.Tensors;
using MlNetDl.Data;

namespace MlNetDl.Recipes;

/// <summary>Collects rows in memory until it is told to let go of them; images as bytes.</summary>
internal sealed class ExampleStore(LabelledRows rows, bool hasTargets)
{
    private const int ChunkBytes = 16 << 20;
    private readonly int width = checked((int)rows.Shape.ElementsPerExample());
    private readonly List<Array> features = [];
    private readonly List<long> classes = [];
    private readonly List<float> values = [];
    private readonly List<float> weights = [];
    private int inChunk = int.MaxValue;

    /// <summary>Rows that came, kept or not.</summary>
    public long Count { get; private set; }

    /// <summary>Bytes of features that are held.</summary>
    public long Bytes => IsDropped ? 0 : Count * RowBytes;

    /// <summary>Whether the rows are no longer held.</summary>
    public bool IsDropped { get; private set; }

    /// <summary>All rows; once, as their memory passes over.</summary>
    public Examples Examples => new(rows.Shape, Joined(), Targets)
    {
        TargetWidth = Math.Max(1, rows.TargetWidth),
        Weights = rows.Weighted ? [.. weights] : null,
        ClassNames = rows.Label.ClassNames,
    };

    private Array? Targets => !hasTargets ? null : rows.TargetWidth == 0 ? classes.ToArray() : values.ToArray();

    private int ChunkRows => Math.Clamp(ChunkBytes / RowBytes, 1, 1024);

    private int RowBytes => rows.Image is null ? width * sizeof(float) : width;

    public void Add(Row row)
    {
        Count++;
        if (IsDropped)
        {
            return;
        }

        // One array holds the set in the end, so it must not pass an array's length.
        if (Count * width > Array.MaxLength)
        {
            Drop();
            return;
        }

        if (inChunk >= ChunkRows)
        {
            features.Add(rows.Image is null ? new float[ChunkRows * width] : new byte[ChunkRows * width]);
            inChunk = 0;
        }

        if (features[^1] is byte[] bytes)
        {
            TensorPrimitives.ConvertTruncating<float, byte>(row.Features.Span, bytes.AsSpan(inChunk * width, width));
        }
        else
        {
            row.Features.Span.CopyTo(((float[])features[^1]).AsSpan(inChunk * width));
        }

        inChunk++;
        classes.Add(row.Class);
        values.AddRange(row.Values.Span);
        weights.Add(row.Weight);
    }

    /// <summary>Lets go of the rows, and only counts from here on.</summary>
    public void Drop()
    {
        IsDropped = true;
        Release(features);
        Release(classes);
        Release(values);
        Release(weights);

        static void Release<T>(List<T> list)
        {
            list.Clear();
            list.Capacity = 0;
        }
    }

    private Array Joined()
    {
        var all = rows.Image is null ? (Array)new float[Count * width] : new byte[Count * width];
        for (int i = 0; i < features.Count; i++)
        {
            long start = (long)i * ChunkRows * width;
            Array.Copy(features[i], 0, all, start, Math.Min((long)ChunkRows * width, all.LongLength - start));
            features[i] = Array.Empty<byte>();
        }

        return all;
    }
}
