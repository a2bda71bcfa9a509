using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Onnx;

namespace MlNetDl.MlNet;

/// <summary>The rows of a batch for one input of a graph, read from a column.</summary>
internal abstract class GraphInputRows(GraphInput input)
{
    public GraphInput Input => input;

    /// <summary>A reader that copies the row at hand to a place in the batch.</summary>
    public abstract Action<int> Reader(DataViewRow row);

    /// <summary>A test whether the row at hand is the batch's first.</summary>
    public abstract Func<bool> IsFirst(DataViewRow row);

    /// <summary>Copies an example of a set to a place in the batch.</summary>
    /// <exception cref="NotSupportedException">No set gives such an input.</exception>
    public virtual void Copy(Examples examples, int example, int slot) =>
        throw new NotSupportedException($"The graph's input '{input.Name}' {input.Shape} is not read from a set; use Transform.");

    /// <summary>How long a row is where rows of an input may differ in length; else 0. Only rows of one length run
    /// together: filled up, a row's values would depend on its neighbours.</summary>
    public virtual int LengthOf(int row) => 0;

    /// <summary>Some rows as a tensor.</summary>
    /// <param name="rows">Their places in the batch, in order.</param>
    public abstract OnnxTensor Tensor(int[] rows);

    /// <summary>The rows of an input, by its type.</summary>
    /// <param name="input">The input.</param>
    /// <param name="capacity">The most rows of a batch.</param>
    /// <param name="classes">The classes by which a condition is told.</param>
    /// <exception cref="NotSupportedException">No column can give such an input.</exception>
    public static GraphInputRows Of(GraphInput input, int capacity, ValueList<string> classes)
    {
        if (input.Column is null && input.Role is not (GraphRole.Noise or GraphRole.State))
        {
            throw new NotSupportedException($"The graph's input '{input.Name}' {input.Shape} is read from no column, and "
                + $"is neither noise nor a state; run this graph with OnnxModel.");
        }

        return input switch
        {
            { Column: null } => new ConstantInputRows(input),
            { Shape.Type: ElementType.Float32 }
                when input.Shape.Dims.Skip(1).All(d => d.Size is not null) => new FloatInputRows(input, capacity, classes),
            { Shape: { Type: ElementType.Int64, Rank: 2 } } => new IntegerInputRows(input, capacity),
            _ => throw new NotSupportedException($"The graph's input '{input.Name}' {input.Shape} cannot be read from a column; columns "
                + $"give float32 of known size, or int64 [N, T]."),
        };
    }

    /// <summary>Whether an input is read from a column of the data: one of noise may be absent, and
    /// is 0 then.</summary>
    public static bool IsRead(GraphInput input, DataViewSchema schema) =>
        input.Column is { } column && (input.Role != GraphRole.Noise || schema.GetColumnOrNull(column) is not null);

    protected DataViewSchema.Column ColumnOf(DataViewRow row) => FeatureColumn.Find(row.Schema, input.Column!, "Feature");
}

/// <summary>Vectors, numbers and images.</summary>
internal sealed class FloatInputRows(GraphInput input, int capacity, ValueList<string>? classes = null) : GraphInputRows(input)
{
    private readonly int width = checked((int)input.Shape.ElementsPerExample());
    private readonly float[] values = new float[checked(capacity * (int)input.Shape.ElementsPerExample())];
    private readonly (int Width, int Height)[] sizes = new (int, int)[input.Image is null ? 0 : capacity];

    /// <summary>The rows' memory.</summary>
    public float[] Values => values;

    /// <summary>Where some rows go.</summary>
    public Span<float> Rows(int row, int count = 1) => values.AsSpan(row * width, count * width);

    /// <summary>Width and height of a row's image as it came; (0, 0) where it is missing.</summary>
    public (int Width, int Height) SizeOf(int row) => sizes[row];

    public override void Copy(Examples examples, int example, int slot) => examples.CopyTo(example, 1, Rows(slot));

    public override Action<int> Reader(DataViewRow row)
    {
        if (!IsRead(Input, row.Schema))
        {
            return slot => Rows(slot).Clear();
        }

        if (Input.Image is not { } image)
        {
            var read = ReaderOf(row);
            return slot => read(Rows(slot));
        }

        var readImage = FeatureColumn.ImageReader(row, ColumnOf(row), image);
        return slot => sizes[slot] = readImage(Rows(slot));
    }

    public override Func<bool> IsFirst(DataViewRow row)
    {
        if (!IsRead(Input, row.Schema))
        {
            return () => true;
        }

        var read = ReaderOf(row);
        return () =>
        {
            var first = new float[width];
            read(first);
            return MemoryMarshal.AsBytes<float>(first).SequenceEqual(MemoryMarshal.AsBytes(Rows(0)));
        };
    }

    private ReadFeatures ReaderOf(DataViewRow row) => Input.Role == GraphRole.Condition
        ? ConditionColumn.Reader(row, ColumnOf(row), classes ?? [])
        : FeatureColumn.Reader(row, ColumnOf(row), Input.Image);

    public override OnnxTensor Tensor(int[] rows)
    {
        ValueList<long> dims = [rows.Length, .. Input.Shape.Dims.Skip(1).Select(d => d.Size!.Value)];
        if (rows[^1] == rows.Length - 1)
        {
            return new(dims, values) { IsPrefix = true };
        }

        var some = new float[checked(rows.Length * width)];
        for (int i = 0; i < rows.Length; i++)
        {
            Rows(rows[i]).CopyTo(some.AsSpan(i * width));
        }

        return new(dims, some);
    }
}

/// <summary>Sequences of whole numbers, such as token ids, of any length a row. An empty one is a single 0, because a
/// graph cannot run over an empty sequence. Where a graph takes a known number of tokens, rows are cut or filled with 0
/// as in training.</summary>
internal sealed class IntegerInputRows(GraphInput input, int capacity) : GraphInputRows(input)
{
    private readonly long[][] rowsOfBatch = new long[capacity][];

    public override void Copy(Examples examples, int example, int slot) => rowsOfBatch[slot] = examples.Tokens(example);

    public override Action<int> Reader(DataViewRow row)
    {
        var read = ReaderOf(row);
        return slot => rowsOfBatch[slot] = read();
    }

    public override Func<bool> IsFirst(DataViewRow row)
    {
        var read = ReaderOf(row);
        return () => read().AsSpan().SequenceEqual(rowsOfBatch[0]);
    }

    public override int LengthOf(int row) => Math.Max(1, rowsOfBatch[row].Length);

    public override OnnxTensor Tensor(int[] rows)
    {
        int length = LengthOf(rows[0]);
        var values = new long[checked(rows.Length * length)];
        for (int i = 0; i < rows.Length; i++)
        {
            rowsOfBatch[rows[i]].CopyTo(values, i * length);
        }

        return new([rows.Length, length], values);
    }

    private Func<long[]> ReaderOf(DataViewRow row)
    {
        var column = ColumnOf(row);
        if (Input.Shape[1].Size is not { } places)
        {
            return IntegerColumn.Reader(row, column);
        }

        if (Input.Tokens != TokenKind.Unknown)
        {
            return IntegerColumn.Reader(row, column, places);
        }

        var read = IntegerColumn.Reader(row, column);
        return () =>
        {
            var tokens = read();
            if (tokens.Length != places)
            {
                throw new InvalidOperationException(
                    $"Column '{Input.Column}' holds {tokens.Length} values in this row, but the model takes {places}.");
            }

            return tokens;
        };
    }
}

/// <summary>An input that no column gives, such as noise: zeros.</summary>
internal sealed class ConstantInputRows(GraphInput input) : GraphInputRows(input)
{
    public override Action<int> Reader(DataViewRow row) => _ => { };

    public override Func<bool> IsFirst(DataViewRow row) => () => true;

    public override OnnxTensor Tensor(int[] rows)
    {
        var dims = Input.Shape.Dims.Select((d, i) => d.Size ?? (i == 0 ? rows.Length : 1)).ToValueList();
        int count = checked((int)dims.Aggregate(1L, (product, d) => checked(product * d)));
        return new(dims, Input.Shape.Type switch
        {
            ElementType.Int64 => new long[count],
            ElementType.Bool => new bool[count],
            _ => new float[count],
        });
    }
}
