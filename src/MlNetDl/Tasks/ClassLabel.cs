using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using TorchSharp;

namespace MlNetDl.Tasks;

/// <summary>One of several classes: a key column, or class indices.</summary>
public sealed class ClassLabel : LabelForm
{
    private const string KeyValues = "KeyValues";

    /// <summary>A target of a class that is not among the known ones.</summary>
    public const float Unknown = -1;

    /// <inheritdoc/>
    public override string Expected => "a key (append Conversion.MapValueToKey before the trainer)";

    /// <inheritdoc/>
    public override bool IsClassIndex => true;

    /// <inheritdoc/>
    public override DataKind TextKind => DataKind.String;

    /// <inheritdoc/>
    public override LabelInfo? Foretell(SchemaShape.Column column) => column is { IsKey: true, Kind: SchemaShape.Column.VectorKind.Scalar }
        ? new() { ClassValues = ValuesOf(column).Type, ClassNames = [ValuesOf(column).Sample] }
        : null;

    /// <inheritdoc/>
    public override LabelInfo? Describe(DataViewSchema.Column column) => column.Type switch
    {
        KeyDataViewType { Count: > 0 and < int.MaxValue } key => Named(column, (int)key.Count),
        _ => null,
    };

    /// <inheritdoc/>
    public override LabelInfo Describe(Examples examples)
    {
        if (examples.Targets is not long[] classes)
        {
            throw new ArgumentException($"Multiclass needs class indices (long[]) for targets, but the examples hold "
                + $"{(examples.Targets is null ? "none" : "float[]")}.");
        }

        if (examples.TargetWidth != 1)
        {
            throw new ArgumentException($"Multiclass needs one class an example, but these have {examples.TargetWidth}; a class for each "
                + $"place of a sequence needs a step and batches of its own.");
        }

        if (examples.ClassNames.GroupBy(n => n).FirstOrDefault(g => g.Skip(1).Any()) is { } twice)
        {
            throw new ArgumentException($"Two classes of the examples are named '{twice.Key}'; give each a name of its own.");
        }

        int count = examples.ClassNames.Count > 0
            ? examples.ClassNames.Count
            : (int)Math.Min(int.MaxValue, classes.DefaultIfEmpty(-1).Max() + 1);
        int wrong = Array.FindIndex(classes, c => c < 0 || c >= count);
        if (wrong >= 0)
        {
            throw new ArgumentException($"Example {wrong} has class {classes[wrong]}, but there are {count} classes, counted from 0.");
        }

        return new()
        {
            ClassNames = examples.ClassNames.Count > 0
                ? examples.ClassNames
                : Enumerable.Range(0, count).Select(ClassValueText.Of).ToValueList(),
        };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes(LabelInfo label) => label.ClassNames;

    /// <inheritdoc/>
    public override int ClassOf(ReadOnlySpan<float> target) => (int)target[0];

    /// <inheritdoc/>
    public override torch.Tensor? ClassesOf(torch.Tensor targets) => targets;

    /// <inheritdoc/>
    /// <remarks>A text column of a table is read by the classes' names. Any other name is <see
    /// cref="Unknown"/>.</remarks>
    public override ReadLabel Reader(DataViewRow row, DataViewSchema.Column column, LabelInfo label)
    {
        if (column.Type is TextDataViewType)
        {
            return NameReader(row, column, label);
        }

        var key = (KeyDataViewType)column.Type;
        var read = KeyReader(row, column, key.RawType, key.Count);
        return target => target[0] = read();
    }

    private static ReadLabel NameReader(DataViewRow row, DataViewSchema.Column column, LabelInfo label)
    {
        var numbers = label.ClassNames.Select((name, number) => (name, number))
            .ToDictionary(c => c.name, c => (float)c.number).GetAlternateLookup<ReadOnlySpan<char>>();
        var get = row.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> name = default;
        return target =>
        {
            get(ref name);
            target[0] = numbers.TryGetValue(name.Span, out float number) ? number : Unknown;
        };
    }

    private static Func<float> KeyReader(DataViewRow row, DataViewSchema.Column column, Type raw, ulong count)
    {
        if (raw == typeof(uint))
        {
            return Read<uint>(k => k);
        }

        if (raw == typeof(byte))
        {
            return Read<byte>(k => k);
        }

        return raw == typeof(ushort) ? Read<ushort>(k => k) : Read<ulong>(k => k);

        Func<float> Read<T>(Func<T, ulong> number)
        {
            var get = row.GetGetter<T>(column);
            T key = default!;
            return () =>
            {
                get(ref key);
                ulong value = number(key);
                // Key 0 is "missing"; one beyond the key's own range can only come from a wrong custom column.
                if (value > count)
                {
                    throw new InvalidOperationException(
                        $"Label column '{column.Name}' holds key {value}, but its type allows 1 to {count}.");
                }

                return value == 0 ? float.NaN : value - 1;
            };
        }
    }

    private static ClassValues ValuesOf(SchemaShape.Column label) =>
        label.Annotations.FirstOrDefault(a => a.Name == KeyValues)
                is { Kind: SchemaShape.Column.VectorKind.Vector, IsKey: false } values
                && ClassValues.For(values.ItemType) is { } known
            ? known
            : ClassValues.For(ClassValueType.Text);

    // A key without values has numbers from 1 for names.
    private static LabelInfo Named(DataViewSchema.Column column, int count)
    {
        if (column.Annotations.Schema.GetColumnOrNull(KeyValues)
            is { Type: VectorDataViewType { Size: var size, ItemType: var item } }
            && size == count
            && ClassValues.For(item) is { } known)
        {
            return new() { ClassNames = known.Read(column.Annotations, KeyValues), ClassValues = known.Type };
        }

        return new() { ClassNames = Enumerable.Range(1, count).Select(ClassValueText.Of).ToValueList() };
    }
}
