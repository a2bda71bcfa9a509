using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.MlNet;

/// <summary>Columns that hold whole numbers: token ids, keys, or text as its UTF-8 bytes.</summary>
internal static class IntegerColumn
{
    /// <summary>A reader of the row at hand. A key's number counts from 1, so 0 is a missing one and can fill a short row; a text's ids are
    /// its UTF-8 bytes plus 1, so that 0 can, too.</summary>
    /// <exception cref="ArgumentException">The column holds something else.</exception>
    public static Func<long[]> Reader(DataViewRow row, DataViewSchema.Column column) => column.Type switch
    {
        TextDataViewType => Text(row, column),
        VectorDataViewType vector => Vector(row, column, vector.ItemType.RawType),
        _ => Scalar(row, column, column.Type.RawType),
    };

    /// <summary>Whether such a column can be read.</summary>
    public static bool Takes(DataViewType type) => type is TextDataViewType || Numbers.Contains((type as VectorDataViewType)?.ItemType.RawType ?? type.RawType);

    private static readonly Type[] Numbers = [typeof(long), typeof(int), typeof(short), typeof(byte), typeof(ushort), typeof(uint), typeof(ulong)];

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
        TypeCode.UInt16 => Vector<ushort>(row, column, v => v),
        TypeCode.UInt32 => Vector<uint>(row, column, v => v),
        TypeCode.UInt64 => Vector<ulong>(row, column, v => checked((long)v)),
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
        TypeCode.UInt16 => Scalar<ushort>(row, column, v => v),
        TypeCode.UInt32 => Scalar<uint>(row, column, v => v),
        TypeCode.UInt64 => Scalar<ulong>(row, column, v => checked((long)v)),
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

    private static ArgumentException Wrong(DataViewSchema.Column column) => FeatureColumn.Problem(column.Name, $"is {column.Type}; expected whole numbers, keys, or text");
}
