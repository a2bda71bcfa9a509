using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Experiments;

/// <summary>Rows as a network takes them. A row is read when somebody asks for it.</summary>
/// <param name="Count">How many rows there are.</param>
/// <param name="Row">Reads the row of an index, from 0.</param>
internal sealed record SeenRows(int Count, Func<int, float[]> Row)
{
    /// <summary>The class of each row by name; <see langword="null"/> where none is known.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The first rows.</summary>
    public IEnumerable<float[]> First(int most) => Enumerable.Range(0, Math.Min(most, Count)).Select(Row);

    /// <summary>So many rows at most, evenly over all of them: files are often in the order of their classes.</summary>
    public SeenRows Thinned(int most)
    {
        if (Count <= most)
        {
            return this;
        }

        int Place(int index) => (int)((long)index * Count / most);
        return new(most, index => Row(Place(index))) { Classes = Classes is null ? null : [.. Enumerable.Range(0, most).Select(i => Classes[Place(i)])] };
    }

    /// <summary>Examples in memory; <see langword="null"/> for those without a known size, and for tokens.</summary>
    public static SeenRows? Of(Examples examples)
    {
        if (examples.Shape.Type != ElementType.Float32 || examples.Shape.Dims.Skip(1).Any(d => d.Size is null))
        {
            return null;
        }

        var classes = examples is { Targets: long[] indices, TargetWidth: 1 } && indices.Length == examples.Count
            ? indices.Select(i => i >= 0 && i < examples.ClassNames.Count ? examples.ClassNames[(int)i] : i.ToString(CultureInfo.InvariantCulture)).ToList()
            : null;
        return new(examples.Count, Read) { Classes = classes };

        float[] Read(int index)
        {
            var row = new float[examples.Shape.ElementsPerExample()];
            examples.CopyTo(index, 1, row);
            return row;
        }
    }

    /// <summary>The first rows of a view, read at once; <see langword="null"/> where the column has no vectors of numbers.</summary>
    public static SeenRows? Of(IDataView view, string column, int most)
    {
        if (view.Schema[column].Type is not VectorDataViewType { ItemType: var item } || item != NumberDataViewType.Single)
        {
            return null;
        }

        var rows = view.GetColumn<float[]>(column).Take(most).ToList();
        return new(rows.Count, index => rows[index]);
    }
}
