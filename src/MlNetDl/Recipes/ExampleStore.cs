using MlNetDl.Data;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Recipes;

/// <summary>Collects rows in memory until it is told to drop them. Images are bytes.</summary>
internal sealed class ExampleStore
{
    private const int ChunkBytes = 16 << 20, ChunkRows = 1024;
    private readonly LabelledRows rows;
    private readonly RowChunks features;
    private readonly IReadOnlyList<(TargetPart Part, RowChunks Values)> targets;
    private readonly List<float> weights = [];

    public ExampleStore(LabelledRows rows)
    {
        this.rows = rows;
        int width = checked((int)rows.Shape.ElementsPerExample());
        int widest = Math.Max(width, rows.Targets.Select(p => p.Width).DefaultIfEmpty().Max());
        int chunk = Math.Clamp(ChunkBytes / (widest * sizeof(float)), 1, ChunkRows);
        features = new(rows.Image is null ? typeof(float) : typeof(byte), width, chunk);
        targets = [.. rows.Targets.Select(
            p => (p, new RowChunks(p.Shape.Type == ElementType.Int64 ? typeof(long) : typeof(float), p.Width, chunk)))];
    }

    /// <summary>The number of rows so far, kept or not.</summary>
    public long Count { get; private set; }

    /// <summary>The bytes of the kept features and targets.</summary>
    public long Bytes => IsDropped ? 0 : Count * Columns.Sum(c => (long)c.RowBytes);

    /// <summary>Whether the rows are no longer held.</summary>
    public bool IsDropped { get; private set; }

    /// <summary>All rows. Ask once: their memory passes to the caller.</summary>
    public Examples Examples
    {
        get
        {
            var all = targets.Select(t => new NamedTarget(t.Part.Name, t.Part.Shape, t.Values.Joined())).ToList();
            // A set has a member of its own for a class or for values. A default target of another form is stored with
            // its shape.
            var main = all.FirstOrDefault(t => t.Part == TargetPart.Class() || t.Part == TargetPart.Values(t.Part.Width));
            return new(rows.Shape, features.Joined(), main?.Values)
            {
                TargetWidth = main?.Part.Width ?? 1,
                NamedTargets = [.. all.Where(t => t != main)],
                Weights = rows.Weighted ? [.. weights] : null,
                ClassNames = rows.Label.ClassNames,
            };
        }
    }

    private IEnumerable<RowChunks> Columns => targets.Select(t => t.Values).Prepend(features);

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

        features.Add(row.Features.Span);
        int start = 0;
        foreach (var (part, values) in targets)
        {
            values.Add(row.Targets.Span.Slice(start, part.Width));
            start += part.Width;
        }

        weights.Add(row.Weight);
    }

    /// <summary>Drops the rows, and only counts from here on.</summary>
    public void Drop()
    {
        IsDropped = true;
        foreach (var column in Columns)
        {
            column.Clear();
        }

        weights.Clear();
        weights.Capacity = 0;
    }
}
