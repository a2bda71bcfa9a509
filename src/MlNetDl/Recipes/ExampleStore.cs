using MlNetDl.Data;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Recipes;

/// <summary>Collects rows in memory until it is told to drop them. Images are bytes; of long vectors that are mostly 0, only the rest is kept.</summary>
internal sealed class ExampleStore
{
    private const int ChunkBytes = 16 << 20, ChunkRows = 1024;

    // Shorter vectors are not worth it, and fuller ones neither: a value that is kept with its place takes twice the memory.
    private const int SparseWidth = 1024, SparseShare = 4;

    private readonly LabelledRows rows;
    private readonly RowChunks features;
    private readonly int width;
    private SparseRows? sparse;
    private readonly IReadOnlyList<(TargetPart Part, RowChunks Values)> targets;
    private readonly List<float> weights = [];

    public ExampleStore(LabelledRows rows)
    {
        this.rows = rows;
        width = checked((int)rows.Shape.ElementsPerExample());
        int widest = Math.Max(width, rows.Targets.Select(p => p.Width).DefaultIfEmpty().Max());
        int chunk = Math.Clamp(ChunkBytes / (widest * sizeof(float)), 1, ChunkRows);
        sparse = rows.Image is null && rows.Shape is { Rank: 2, Type: ElementType.Float32 } && width >= SparseWidth ? new(width) : null;
        features = new(rows.Image is null ? typeof(float) : typeof(byte), width, chunk);
        targets = [.. rows.Targets.Select(
            p => (p, new RowChunks(p.Shape.Type == ElementType.Int64 ? typeof(long) : typeof(float), p.Width, chunk)))];
    }

    /// <summary>The number of rows so far, kept or not.</summary>
    public long Count { get; private set; }

    /// <summary>The bytes of the kept features and targets.</summary>
    public long Bytes => IsDropped ? 0 : (Count * Columns.Sum(c => (long)c.RowBytes)) + ((sparse?.Values ?? 0) * SparseRows.BytesOfValue);

    /// <summary>The features without their zeros; <see langword="null"/> where they are kept whole.</summary>
    public SparseRows? Sparse => IsDropped ? null : sparse;

    /// <summary>Whether the rows are no longer held.</summary>
    public bool IsDropped { get; private set; }

    /// <summary>All rows; where features are <see cref="Sparse"/>, only the number of each row stands in their place. Ask once: their memory passes to the
    /// caller.</summary>
    public Examples Examples
    {
        get
        {
            var all = targets.Select(t => new NamedTarget(t.Part.Name, t.Part.Shape, t.Values.Joined())).ToList();
            // A set has a member of its own for a class or for values. A default target of another form is stored with
            // its shape.
            var main = all.FirstOrDefault(t => t.Part == TargetPart.Class() || t.Part == TargetPart.Values(t.Part.Width));
            var (shape, kept) = sparse is null ? (rows.Shape, features.Joined()) : (Shape.Vector(1), new float[Count]);
            return new(shape, kept, main?.Values)
            {
                TargetWidth = main?.Part.Width ?? 1,
                NamedTargets = [.. all.Where(t => t != main)],
                Weights = rows.Weighted ? [.. weights] : null,
                ClassNames = rows.Label.ClassNames,
            };
        }
    }

    private IEnumerable<RowChunks> Columns => targets.Select(t => t.Values).Concat(sparse is null ? [features] : []);

    public void Add(Row row)
    {
        Count++;
        if (IsDropped)
        {
            return;
        }

        // In the end one array holds a column, so a column must not exceed the greatest length of an array.
        if (!Columns.All(c => c.Holds(Count)))
        {
            Drop();
            return;
        }

        Keep(row.Features.Span);
        int start = 0;
        foreach (var (part, values) in targets)
        {
            values.Add(row.Targets.Span.Slice(start, part.Width));
            start += part.Width;
        }

        weights.Add(row.Weight);
    }

    private void Keep(ReadOnlySpan<float> row)
    {
        if (sparse is null)
        {
            features.Add(row);
            return;
        }

        sparse.Add(row);
        if (sparse.Values <= (long)sparse.Count * width / SparseShare)
        {
            return;
        }

        var whole = new float[width];
        for (int i = 0; i < sparse.Count; i++)
        {
            sparse.CopyTo(i, whole);
            features.Add(whole);
        }

        sparse = null;
    }

    /// <summary>Drops the rows, and only counts from here on.</summary>
    public void Drop()
    {
        (IsDropped, sparse) = (true, null);
        foreach (var column in Columns)
        {
            column.Clear();
        }

        weights.Clear();
        weights.Capacity = 0;
    }
}
