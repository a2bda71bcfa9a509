using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;

namespace MlNetDl.MlNet;

/// <summary>Reads the current row's label; a missing one is NaN in the first value.</summary>
internal delegate void ReadLabel(Span<float> target);

/// <summary>What a label column holds and how it is read.</summary>
/// <param name="Task">What the label is for.</param>
/// <param name="Outputs">Outputs that the network needs.</param>
/// <param name="ClassNames">Names of the classes; empty unless multiclass.</param>
internal sealed record LabelColumn(PredictionTask Task, int Outputs, ValueList<string> ClassNames)
{
    /// <summary>Looks at the column, or says why it is no label for the task.</summary>
    public static LabelColumn Of(DataViewSchema.Column column, PredictionTask task) => (task, column.Type) switch
    {
        (PredictionTask.Multiclass, KeyDataViewType { Count: > 0 and < int.MaxValue } key) => new(task, (int)key.Count, Names(column, (int)key.Count)),
        (PredictionTask.Binary, BooleanDataViewType) => new(task, 1, []),
        (PredictionTask.Binary, NumberDataViewType number) when number == NumberDataViewType.Single => new(task, 1, []),
        (PredictionTask.Regression, NumberDataViewType number) when number == NumberDataViewType.Single => new(task, 1, []),
        (PredictionTask.Regression, VectorDataViewType { Size: > 0, ItemType: NumberDataViewType item } vector) when item == NumberDataViewType.Single => new(task, vector.Size, []),
        _ => throw new ArgumentException($"Label column '{column.Name}' is {column.Type}; expected {Expected(task)}."),
    };

    /// <summary>A reader of the column's value in the row at hand: class index from 0, 0 or 1, or values.</summary>
    public ReadLabel Reader(DataViewRow row, DataViewSchema.Column column)
    {
        switch (column.Type)
        {
            case KeyDataViewType { RawType: var raw } key:
                var getKey = KeyGetter(row, column, raw, key.Count);
                return target => target[0] = getKey();
            case BooleanDataViewType:
                var getBool = row.GetGetter<bool>(column);
                bool yes = false;
                return target =>
                {
                    getBool(ref yes);
                    target[0] = yes ? 1 : 0;
                };
            case VectorDataViewType:
                var getVector = row.GetGetter<VBuffer<float>>(column);
                VBuffer<float> values = default;
                return target =>
                {
                    getVector(ref values);
                    values.CopyTo(target);
                };
            default:
                var getNumber = row.GetGetter<float>(column);
                return target =>
                {
                    getNumber(ref target[0]);
                    if (Task == PredictionTask.Binary && target[0] is not (0 or 1) && !float.IsNaN(target[0]))
                    {
                        throw new InvalidOperationException($"Label column '{column.Name}' holds {target[0]}; binary labels are 0 and 1.");
                    }
                };
        }
    }

    private static Func<float> KeyGetter(DataViewRow row, DataViewSchema.Column column, Type raw, ulong count)
    {
        if (raw == typeof(uint))
        {
            return Read<uint>(k => k);
        }

        return raw == typeof(byte) ? Read<byte>(k => k) : raw == typeof(ushort) ? Read<ushort>(k => k) : Read<ulong>(k => k);

        Func<float> Read<T>(Func<T, ulong> number)
        {
            var get = row.GetGetter<T>(column);
            T key = default!;
            return () =>
            {
                get(ref key);
                ulong value = number(key);
                // Key 0 is "missing"; one beyond the key's own range can only come from a wrong custom column.
                return value == 0 ? float.NaN : value <= count ? value - 1
                    : throw new InvalidOperationException($"Label column '{column.Name}' holds key {value}, but its type allows 1 to {count}.");
            };
        }
    }

    private static ValueList<string> Names(DataViewSchema.Column column, int count)
    {
        if (column.Annotations.Schema.GetColumnOrNull("KeyValues") is { } annotation && annotation.Type is VectorDataViewType { Size: var size } type && size == count)
        {
            return type.ItemType switch
            {
                TextDataViewType => Values<ReadOnlyMemory<char>>(),
                NumberDataViewType n when n == NumberDataViewType.Single => Values<float>(),
                NumberDataViewType n when n == NumberDataViewType.Double => Values<double>(),
                NumberDataViewType n when n == NumberDataViewType.Int32 => Values<int>(),
                NumberDataViewType n when n == NumberDataViewType.Int64 => Values<long>(),
                NumberDataViewType n when n == NumberDataViewType.UInt32 => Values<uint>(),
                NumberDataViewType n when n == NumberDataViewType.Byte => Values<byte>(),
                BooleanDataViewType => Values<bool>(),
                _ => Numbers(),
            };
        }

        return Numbers();

        ValueList<string> Numbers() => Enumerable.Range(1, count).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToValueList();

        ValueList<string> Values<T>()
        {
            VBuffer<T> values = default;
            column.Annotations.GetValue("KeyValues", ref values);
            return values.DenseValues().Select(v => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{v}")).ToValueList();
        }
    }

    private static string Expected(PredictionTask task) => task switch
    {
        PredictionTask.Multiclass => "a key (append Conversion.MapValueToKey before the trainer)",
        PredictionTask.Binary => "a Boolean, or a Single of 0 and 1",
        _ => "a Single, or a vector of Single of known size",
    };
}
