using System.Globalization;
using MlNetDl.Files;
using MlNetDl.Onnx;

namespace MlNetDl.Models;

/// <summary>The values of one output for the rows of a batch.</summary>
internal sealed class OutputRows
{
    private readonly string name;
    private readonly bool ownRows;
    private readonly int[] starts;
    private readonly List<float>[] found;
    private int rowCount;

    /// <summary>Makes the memory where it is known how much a row takes.</summary>
    /// <param name="signature">The graph.</param>
    /// <param name="output">The output's name.</param>
    /// <param name="capacity">The most rows of a batch.</param>
    /// <exception cref="ModelFormatException">The graph has no such output.</exception>
    public OutputRows(GraphSignature signature, string output, int capacity)
    {
        Width = WidthOf(signature, output);
        (name, ownRows) = (output, signature.HasOwnRows(Find(signature, output)));
        Values = new float[checked(capacity * Width)];
        starts = Width > 0 ? [] : new int[capacity + 1];
        found = Width > 0 ? [] : [.. Enumerable.Range(0, capacity).Select(_ => new List<float>())];
    }

    /// <summary>Values of every row; 0 where that is known only with data.</summary>
    public int Width { get; }

    /// <summary>The values of all rows, one row after the other.</summary>
    public float[] Values { get; private set; }

    /// <summary>The values of a row.</summary>
    public ReadOnlySpan<float> this[int row] => Width > 0 ? Values.AsSpan(row * Width, Width) : Values.AsSpan(starts[row]..starts[row + 1]);

    /// <summary>Values of every row of that output; 0 where that is known only with data.</summary>
    /// <exception cref="ModelFormatException">The graph has no such output.</exception>
    public static int WidthOf(GraphSignature signature, string output)
    {
        var found = Find(signature, output);
        return found.Shape is { Rank: 2, Type: Layers.Contracts.ElementType.Float32 } shape
                && shape[1].Size is { } size
                && !signature.HasOwnRows(found)
            ? checked((int)size)
            : 0;
    }

    /// <summary>Begins a batch.</summary>
    public void Begin(int rows)
    {
        rowCount = rows;
        Array.ForEach(found, f => f.Clear());
    }

    /// <summary>Takes what a run made for some rows of the batch.</summary>
    /// <param name="made">The output.</param>
    /// <param name="rows">The places of the rows that were run, in order.</param>
    /// <exception cref="InvalidOperationException">The values do not belong to the rows.</exception>
    public void Take(OnnxTensor made, int[] rows)
    {
        var values = made.Data as float[] ?? [.. made.Data.Cast<object>().Select(Single)];
        if (ownRows && made.Dims.Count == 2)
        {
            TakeOwnRows(values, checked((int)made.Dims[1]), rows);
            return;
        }

        if (made.Dims.Count == 0 || made.Dims[0] != rows.Length || (Width > 0 && values.Length != rows.Length * (long)Width))
        {
            throw new InvalidOperationException($"The graph gives {name} {made.Dims} for {rows.Length} rows; "
                + "a column needs an output with values for each row, or with rows that begin with the number of theirs.");
        }

        int width = values.Length / rows.Length;
        for (int i = 0; i < rows.Length; i++)
        {
            var mine = values.AsSpan(i * width, width);
            if (Width > 0)
            {
                mine.CopyTo(Values.AsSpan(rows[i] * Width));
            }
            else
            {
                found[rows[i]].AddRange(mine);
            }
        }
    }

    /// <summary>Ends a batch: its values can be read.</summary>
    public void End()
    {
        if (Width > 0)
        {
            return;
        }

        for (int row = 0; row < found.Length; row++)
        {
            starts[row + 1] = starts[row] + (row < rowCount ? found[row].Count : 0);
        }

        Values = [.. found.Take(rowCount).SelectMany(f => f)];
    }

    private float Single(object value)
    {
        // float32 holds whole numbers up to there; a greater one would become its neighbour.
        const long Most = 1L << 24;
        if (value is long number && number is not (>= -Most and <= Most))
        {
            throw new InvalidOperationException($"The graph's output {name} has the value {number}, but columns are "
                + $"float32, which holds whole numbers up to {Most}; use OnnxModel for it.");
        }

        return Convert.ToSingle(value, CultureInfo.InvariantCulture);
    }

    // Sorted by the row that they belong to, else in the graph's order. The number of the row is left out, because it
    // depends on the batch.
    private void TakeOwnRows(float[] values, int width, int[] rows)
    {
        for (int at = 0; at < values.Length; at += width)
        {
            if (!(values[at] >= 0 && values[at] < rows.Length && float.IsInteger(values[at])))
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                    $"The graph's output {name} has a row that belongs to row {values[at]}, but the batch has "
                        + $"{rows.Length}, numbered from 0; ") + "look at the layer that writes it.");
            }

            found[rows[(int)values[at]]].AddRange(values.AsSpan(at + 1, width - 1));
        }
    }

    private static GraphOutput Find(GraphSignature signature, string output) => signature.Outputs.FirstOrDefault(o => o.Name == output)
        ?? throw new ModelFormatException($"The graph '{signature.Name}' has no output '{output}', which its model's task reads.");
}
