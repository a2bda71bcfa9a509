using System.Numerics.Tensors;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.MlNet;

/// <summary>Collects rows in memory as long as they fit the budget; images as bytes.</summary>
internal sealed class ExampleStore(DataViewRows rows, long budget)
{
    private const int ChunkBytes = 16 << 20;
    private readonly int width = checked((int)rows.Shape.ElementsPerExample());
    private readonly List<Array> features = [];
    private readonly List<long> classes = [];
    private readonly List<float> values = [];
    private readonly List<float> weights = [];
    private int inChunk = int.MaxValue;
    private long count;
    private bool tooLarge;

    private int ChunkRows => Math.Clamp(ChunkBytes / RowBytes, 1, 1024);

    private int RowBytes => rows.Image is null ? width * sizeof(float) : width;

    /// <summary>All rows; <see langword="null"/> when they did not fit.</summary>
    public Examples? Examples => tooLarge ? null : new(rows.Shape, Joined(), rows.TargetWidth == 0 ? classes.ToArray() : values.ToArray())
    {
        TargetWidth = Math.Max(1, rows.TargetWidth), Weights = rows.Weighted ? [.. weights] : null, ClassNames = rows.Label.ClassNames,
    };

    public static Examples All(DataViewRows rows)
    {
        var store = new ExampleStore(rows, long.MaxValue);
        foreach (var row in rows.Read())
        {
            store.Add(row);
        }

        return store.Examples ?? throw new InvalidOperationException("The validation data is larger than an array can be; give less of it, or hold a part of the training data out with validationFraction.");
    }

    public void Add(Row row)
    {
        // One array holds the set in the end, so it must not pass an array's length either.
        if (tooLarge || ++count * RowBytes > budget || count * width > Array.MaxLength)
        {
            tooLarge = true;
            features.Clear();
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

    private Array Joined()
    {
        var all = rows.Image is null ? (Array)new float[count * width] : new byte[count * width];
        for (int i = 0; i < features.Count; i++)
        {
            long start = (long)i * ChunkRows * width;
            Array.Copy(features[i], 0, all, start, Math.Min((long)ChunkRows * width, all.LongLength - start));
            features[i] = Array.Empty<byte>();
        }

        return all;
    }
}
