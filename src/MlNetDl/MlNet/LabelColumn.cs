using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Onnx;

namespace MlNetDl.MlNet;

/// <summary>Reads the current row's label; a missing one is NaN in the first value.</summary>
internal delegate void ReadLabel(Span<float> target);

/// <summary>What a label column holds and how it is read.</summary>
/// <param name="Task">What the label is for.</param>
/// <param name="Outputs">Outputs that the network needs.</param>
/// <param name="ClassNames">Names of the classes; empty unless multiclass.</param>
internal sealed record LabelColumn(PredictionTask Task, int Outputs, ValueList<string> ClassNames)
{
    private const string KeyValues = "KeyValues";

    /// <summary>What the classes are; their names are the text of it.</summary>
    public ClassValueType Values { get; init; }

    /// <summary>Whether it is a vector, if only of one value: the score is one then, too.</summary>
    public bool IsVector { get; init; }

    /// <summary>Looks at the column, or says why it is no label for the task.</summary>
    public static LabelColumn Of(DataViewSchema.Column column, PredictionTask task) => (task, column.Type) switch
    {
        (PredictionTask.Multiclass, KeyDataViewType { Count: > 0 and < int.MaxValue } key) => Classes(column, (int)key.Count),
        (PredictionTask.Binary, BooleanDataViewType) => new(task, 1, []),
        (PredictionTask.Binary, NumberDataViewType number) when number == NumberDataViewType.Single => new(task, 1, []),
        (PredictionTask.Regression, NumberDataViewType number) when number == NumberDataViewType.Single => new(task, 1, []),
        (PredictionTask.Regression, VectorDataViewType { Size: > 0, ItemType: NumberDataViewType item } vector) when item == NumberDataViewType.Single => new(task, vector.Size, []) { IsVector = true },
        _ => throw Wrong(column.Name, $"{column.Type}", task),
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
            case VectorDataViewType vector:
                var getVector = row.GetGetter<VBuffer<float>>(column);
                VBuffer<float> values = default;
                return target =>
                {
                    getVector(ref values);
                    FeatureColumn.MustFill(values.Length, vector.Size, column.Name);
                    values.CopyTo(target);
                };
            default:
                var getNumber = row.GetGetter<float>(column);
                return target =>
                {
                    getNumber(ref target[0]);
                    if (Task == PredictionTask.Binary && target[0] is not (0 or 1) && !float.IsNaN(target[0]))
                    {
                        throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Label column '{column.Name}' holds {target[0]}; binary labels are 0 and 1."));
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

    /// <summary>The type of the class values that a label's shape foretells.</summary>
    public static ClassValues ValuesOf(SchemaShape.Column label) =>
        label.Annotations.FirstOrDefault(a => a.Name == KeyValues) is { Kind: SchemaShape.Column.VectorKind.Vector, IsKey: false } values && ClassValues.For(values.ItemType) is { } known
            ? known
            : ClassValues.For(ClassValueType.Text);

    // A key without values has numbers from 1 for names.
    private static LabelColumn Classes(DataViewSchema.Column column, int count) =>
        column.Annotations.Schema.GetColumnOrNull(KeyValues) is { Type: VectorDataViewType { Size: var size, ItemType: var item } } && size == count && ClassValues.For(item) is { } known
            ? new(PredictionTask.Multiclass, count, known.Read(column.Annotations, KeyValues)) { Values = known.Type }
            : new(PredictionTask.Multiclass, count, Enumerable.Range(1, count).Select(ClassValueText.Of).ToValueList());

    /// <summary>The error of a label of another type.</summary>
    public static ArgumentException Wrong(string name, string type, PredictionTask task) => new($"Label column '{name}' is {type}; expected {Expected(task)}.");

    private static string Expected(PredictionTask task) => task switch
    {
        PredictionTask.Multiclass => "a key (append Conversion.MapValueToKey before the trainer)",
        PredictionTask.Binary => "a Boolean, or a Single of 0 and 1",
        _ => "a Single, or a vector of Single of known size",
    };
}
