using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace MlNetDl.Experiments;

/// <summary>Reads cells of Arrow's columns.</summary>
internal static class ArrowCells
{
    /// <summary>What values of a type are; <see cref="CellKind.Seen"/> where they are none of one kind.</summary>
    public static CellKind KindOf(IArrowType type) => type.TypeId switch
    {
        ArrowTypeId.Boolean => CellKind.YesNo,
        ArrowTypeId.String or ArrowTypeId.StringView or ArrowTypeId.LargeString or ArrowTypeId.Null => CellKind.Text,
        ArrowTypeId.Date32 or ArrowTypeId.Date64 => CellKind.Date,
        ArrowTypeId.Timestamp => ((TimestampType)type).Timezone is { Length: > 0 } ? CellKind.Instant : CellKind.Moment,
        ArrowTypeId.Time32 or ArrowTypeId.Time64 => CellKind.Time,
        ArrowTypeId.Dictionary => KindOf(((DictionaryType)type).ValueType) == CellKind.Seen ? CellKind.Seen : CellKind.Category,
        ArrowTypeId.UInt8 or ArrowTypeId.Int8 or ArrowTypeId.UInt16 or ArrowTypeId.Int16 or ArrowTypeId.UInt32 or ArrowTypeId.Int32 or ArrowTypeId.UInt64
            or ArrowTypeId.Int64 or ArrowTypeId.HalfFloat or ArrowTypeId.Float or ArrowTypeId.Double or ArrowTypeId.Decimal32 or ArrowTypeId.Decimal64
            or ArrowTypeId.Decimal128 or ArrowTypeId.Decimal256 => CellKind.Number,
        _ => CellKind.Seen,
    };

    /// <summary>Reads the cells of a column by their rows; a cell without a value is empty.</summary>
    public static Func<int, string> Of(IArrowArray array)
    {
        var read = Present(array);
        return row => array.IsNull(row) ? "" : read(row);
    }

    private static Func<int, string> Present(IArrowArray array) => array switch
    {
        NullArray => _ => "",
        BooleanArray a => row => TypedCell.YesNo(a.GetValue(row)!.Value),
        StringArray a => row => a.GetString(row),
        StringViewArray a => row => a.GetString(row),
        LargeStringArray a => row => a.GetString(row),
        Date32Array a => row => TypedCell.Date(DateTime.UnixEpoch.AddDays(a.GetValue(row)!.Value)),
        Date64Array a => row => TypedCell.Date(DateTime.UnixEpoch.AddMilliseconds(a.GetValue(row)!.Value)),
        TimestampArray a => row => TypedCell.Moment(DateTime.UnixEpoch.AddTicks(Ticks(a.GetValue(row)!.Value, ((TimestampType)a.Data.DataType).Unit))),
        Time32Array a => row => TypedCell.Time(Ticks(a.GetValue(row)!.Value, ((Time32Type)a.Data.DataType).Unit)),
        Time64Array a => row => TypedCell.Time(Ticks(a.GetValue(row)!.Value, ((Time64Type)a.Data.DataType).Unit)),
        DictionaryArray a => Dictionary(a),
        Decimal32Array a => row => TypedCell.Number(a.GetValue(row)!.Value),
        Decimal64Array a => row => TypedCell.Number(a.GetValue(row)!.Value),
        Decimal128Array a => row => a.GetString(row)!,
        Decimal256Array a => row => a.GetString(row)!,
        Int8Array a => Numbers(a),
        UInt8Array a => Numbers(a),
        Int16Array a => Numbers(a),
        UInt16Array a => Numbers(a),
        Int32Array a => Numbers(a),
        UInt32Array a => Numbers(a),
        Int64Array a => Numbers(a),
        UInt64Array a => Numbers(a),
        HalfFloatArray a => row => TypedCell.Number((float)a.GetValue(row)!.Value),
        FloatArray a => Numbers(a),
        DoubleArray a => Numbers(a),
        _ => throw new NotSupportedException(array.Data.DataType.Name),
    };

    private static Func<int, string> Numbers<T>(PrimitiveArray<T> array)
        where T : struct, INumber<T>, IEquatable<T> => row => TypedCell.Number(array.GetValue(row)!.Value);

    // The words of each category are made once.
    private static Func<int, string> Dictionary(DictionaryArray array)
    {
        var (place, word) = (Present(array.Indices), Of(array.Dictionary));
        string[] words = [.. Enumerable.Range(0, array.Dictionary.Length).Select(word)];
        return row => words[int.Parse(place(row), System.Globalization.CultureInfo.InvariantCulture)];
    }

    private static long Ticks(long value, TimeUnit unit) => unit switch
    {
        TimeUnit.Second => checked(value * TimeSpan.TicksPerSecond),
        TimeUnit.Millisecond => checked(value * TimeSpan.TicksPerMillisecond),
        TimeUnit.Microsecond => checked(value * TimeSpan.TicksPerMicrosecond),
        _ => value / TimeSpan.NanosecondsPerTick,
    };
}
