using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;

namespace MlNetDl.MlNet;

/// <summary>Columns that hold whole numbers: token ids, keys, or text as its UTF-8 bytes.</summary>
internal static class IntegerColumn
{
    /// <summary>A reader of the row at hand. A key's number counts from 1, so 0 is a missing one and can fill a short
    /// row; a text's ids are its UTF-8 bytes plus 1, so that 0 can, too.</summary>
    /// <exception cref="ArgumentException">The column holds something else.</exception>
    public static Func<long[]> Reader(DataViewRow row, DataViewSchema.Column column)
    {
        var read = Numbers(row, column);
        return () =>
        {
            var values = read();
            // ONNX Runtime would take the table's last row for −1, without a word.
            if (Array.FindIndex(values, v => v < 0) is >= 0 and var at)
            {
                throw new InvalidOperationException(
                    $"Column '{column.Name}' holds {values[at]} in row {row.Position + 1}; tokens are 0 or more.");
            }

            return values;
        };
    }

    private static Func<long[]> Numbers(DataViewRow row, DataViewSchema.Column column) => column.Type switch
    {
        TextDataViewType => Text(row, column),
        VectorDataViewType vector => Vector(row, column, vector.ItemType.RawType),
        _ => Scalar(row, column, column.Type.RawType),
    };

    /// <summary>The shape in which tokens of a column are trained on.</summary>
    /// <param name="column">The column.</param>
    /// <param name="asked">The shape that was asked for.</param>
    /// <exception cref="ArgumentException">The column gives no such tokens, or their number is unknown.</exception>
    public static Shape ShapeOf(DataViewSchema.Column column, Shape asked)
    {
        if (!Takes(column.Type))
        {
            throw Wrong(column);
        }

        if (asked.Rank != 2 || asked[1].Size is not { } places || places < 1)
        {
            throw FeatureColumn.Problem(
                column.Name,
                $"cannot be read as {asked}; say how many tokens a row has, as in int64[N, 128]: longer rows are cut, "
                    + "shorter ones filled with 0");
        }

        CheckSize(column, places);
        return asked;
    }

    /// <summary>A reader of the row at hand in a known number of places.</summary>
    /// <param name="row">The row.</param>
    /// <param name="column">The column.</param>
    /// <param name="places">The number of tokens a row. Longer rows are cut, shorter ones filled with 0 at their end. A
    /// column whose type says another size is refused.</param>
    /// <param name="wasCut">Called for a row that was cut.</param>
    public static Func<long[]> Reader(DataViewRow row, DataViewSchema.Column column, long places, Action? wasCut = null)
    {
        CheckSize(column, places);
        var read = Reader(row, column);
        return () =>
        {
            var values = read();
            if (values.Length == places)
            {
                return values;
            }

            if (values.Length > places)
            {
                wasCut?.Invoke();
            }

            Array.Resize(ref values, checked((int)places));
            return values;
        };
    }

    private static void CheckSize(DataViewSchema.Column column, long places)
    {
        long size = column.Type switch
        {
            TextDataViewType => 0,
            VectorDataViewType vector => vector.Size,
            _ => 1,
        };
        if (size != 0 && size != places)
        {
            throw FeatureColumn.Problem(column.Name, $"is {column.Type}, but the model takes {places} tokens a row; let both be the same");
        }
    }

    /// <summary>Kind of the tokens in a column of this type.</summary>
    public static TokenKind KindOf(DataViewType type) => type is TextDataViewType ? TokenKind.Text : TokenKind.Numbers;

    /// <summary>Whether such a column can be read.</summary>
    public static bool Takes(DataViewType type) =>
        type is TextDataViewType || Integers.Contains((type as VectorDataViewType)?.ItemType.RawType ?? type.RawType);

    private static readonly Type[] Integers =
    [
        typeof(long),
        typeof(int),
        typeof(short),
        typeof(byte),
        typeof(sbyte),
        typeof(ushort),
        typeof(uint),
        typeof(ulong),
    ];

    private static Func<long[]> Text(DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> text = default;
        return () =>
        {
            get(ref text);
            return Array.ConvertAll(Encoding.UTF8.GetBytes(text.ToArray()), b => b + 1L);
        };
    }

    private static Func<long[]> Vector(DataViewRow row, DataViewSchema.Column column, Type item) => Type.GetTypeCode(item) switch
    {
        TypeCode.Int64 => Vector<long>(row, column, v => v),
        TypeCode.Int32 => Vector<int>(row, column, v => v),
        TypeCode.Int16 => Vector<short>(row, column, v => v),
        TypeCode.Byte => Vector<byte>(row, column, v => v),
        TypeCode.SByte => Vector<sbyte>(row, column, v => v),
        TypeCode.UInt16 => Vector<ushort>(row, column, v => v),
        TypeCode.UInt32 => Vector<uint>(row, column, v => v),
        TypeCode.UInt64 => Vector<ulong>(row, column, v => (long)Math.Min(v, long.MaxValue)),
        _ => throw Wrong(column),
    };

    private static Func<long[]> Vector<T>(DataViewRow row, DataViewSchema.Column column, Func<T, long> number)
    {
        var get = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> values = default;
        return () =>
        {
            get(ref values);
            return [.. values.DenseValues().Select(number)];
        };
    }

    private static Func<long[]> Scalar(DataViewRow row, DataViewSchema.Column column, Type item) => Type.GetTypeCode(item) switch
    {
        TypeCode.Int64 => Scalar<long>(row, column, v => v),
        TypeCode.Int32 => Scalar<int>(row, column, v => v),
        TypeCode.Int16 => Scalar<short>(row, column, v => v),
        TypeCode.Byte => Scalar<byte>(row, column, v => v),
        TypeCode.SByte => Scalar<sbyte>(row, column, v => v),
        TypeCode.UInt16 => Scalar<ushort>(row, column, v => v),
        TypeCode.UInt32 => Scalar<uint>(row, column, v => v),
        TypeCode.UInt64 => Scalar<ulong>(row, column, v => (long)Math.Min(v, long.MaxValue)),
        _ => throw Wrong(column),
    };

    private static Func<long[]> Scalar<T>(DataViewRow row, DataViewSchema.Column column, Func<T, long> number)
    {
        var get = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            get(ref value);
            return [number(value)];
        };
    }

    /// <summary>The error of a column that holds no tokens.</summary>
    public static ArgumentException Wrong(string name, string type) => FeatureColumn.Problem(
        name, $"is {type}; tokens are whole numbers, keys, or text " + "(ConvertType to Int32 makes whole numbers)");

    private static ArgumentException Wrong(DataViewSchema.Column column) => Wrong(column.Name, $"{column.Type}");
}
