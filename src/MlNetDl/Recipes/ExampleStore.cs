using System.Numerics.Tensors;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Recipes;

/// <summary>Collects rows in memory until it is told to let go of them; images as bytes.</summary>
internal sealed class ExampleStore(LabelledRows rows)
{
    private const int ChunkBytes = 16 << 20;
    private readonly int width = checked((int)rows.Shape.ElementsPerExample());
    private readonly List<Array> features = [];
    private readonly List<float> targets = [];
    private readonly List<float> weights = [];
    private int inChunk = int.MaxValue;

    /// <summary>Rows that came, kept or not.</summary>
    public long Count { get; private set; }

    /// <summary>Bytes of features that are held.</summary>
    public long Bytes => IsDropped ? 0 : Count * RowBytes;

    /// <summary>Whether the rows are no longer held.</summary>
    public bool IsDropped { get; private set; }

    /// <summary>All rows; once, as their memory passes over.</summary>
    public Examples Examples
    {
        get
        {
            // The default target of one class or of values has its own place in a set; any other keeps its shape.
            var cut = Cut();
            var main = cut.FirstOrDefault(t => t.Name == Batch.DefaultTarget && t.Shape.Rank <= 2);
            return new(rows.Shape, Joined(), main?.Values)
            {
                TargetWidth = main?.Part.Width ?? 1,
                NamedTargets = [.. cut.Where(t => t != main)],
                Weights = rows.Weighted ? [.. weights] : null,
                ClassNames = rows.Label.ClassNames,
            };
        }
    }

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
        targets.AddRange(row.Targets.Span);
        weights.Add(row.Weight);
    }

    /// <summary>Lets go of the rows, and only counts from here on.</summary>
    public void Drop()
    {
        IsDropped = true;
        Release(features);
        Release(targets);
        Release(weights);

        static void Release<T>(List<T> list)
        {
            list.Clear();
            list.Capacity = 0;
        }
    }

    private IReadOnlyList<NamedTarget> Cut()
    {
        int all = rows.Targets.Width(), start = 0;
        var cut = new List<NamedTarget>();
        foreach (var part in rows.Targets)
        {
            int width = part.Width, from = start;
            var values = new float[Count * width];
            for (long row = 0; row < Count; row++)
            {
                for (int i = 0; i < width; i++)
                {
                    values[(row * width) + i] = targets[(int)((row * all) + from + i)];
                }
            }

            cut.Add(new(part.Name, part.Shape, part.Shape.Type == ElementType.Int64 ? Array.ConvertAll(values, v => (long)v) : values));
            start += width;
        }

        return cut;
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
