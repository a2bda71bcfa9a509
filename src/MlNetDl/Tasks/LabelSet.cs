using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Data;

namespace MlNetDl.Tasks;

/// <summary>Which of several labels a row has: a vector of Boolean, or of Single 0 and 1, of known size. The names of its slots are those of the labels;
/// without, they are numbers from 0.</summary>
/// <remarks>In ML.NET, a text <c>drama|comedy</c> becomes such a vector by <c>Text.TokenizeIntoWords</c> with the separator <c>|</c>,
/// <c>Conversion.MapValueToKey</c> and <c>Conversion.MapKeyToVector</c> with <c>outputCountVector: true</c>; columns of 0 and 1 by
/// <c>Concatenate</c>.</remarks>
public sealed class LabelSet : LabelForm
{
    private const string SlotNames = "SlotNames";

    /// <inheritdoc/>
    public override string Expected => "a vector of Boolean, or of Single 0 and 1, of known size, a slot for each label";

    /// <inheritdoc/>
    public override bool IsClassIndex => false;

    /// <inheritdoc/>
    public override DataKind TextKind => DataKind.String;

    // The columns of a model always have names.
    /// <inheritdoc/>
    public override LabelInfo? Foretell(SchemaShape.Column column) =>
        column is { IsKey: false, Kind: SchemaShape.Column.VectorKind.Vector } && IsFlag(column.ItemType)
            ? new() { IsVector = true, ClassNames = [""] }
            : null;

    /// <inheritdoc/>
    public override LabelInfo? Describe(DataViewSchema.Column column) => column.Type is VectorDataViewType { Size: > 0 and var size, ItemType: var item }
        && IsFlag(item)
            ? new() { Width = size, IsVector = true, ClassNames = NamesOf(column, size) }
            : null;

    /// <inheritdoc/>
    public override LabelInfo Describe(Examples examples)
    {
        var values = ValueLabel.Values(examples, "Multilabel");
        int wrong = Array.FindIndex(values, v => v is not (0 or 1));
        if (wrong >= 0)
        {
            throw ValueLabel.WrongTarget(examples, wrong, values[wrong], $"0 or 1 for each of {examples.TargetWidth} labels");
        }

        if (examples.ClassNames.Count > 0 && examples.ClassNames.Count != examples.TargetWidth)
        {
            throw new ArgumentException($"The examples have {examples.ClassNames.Count} names for {examples.TargetWidth} labels; give a name for "
                + "each, or none.");
        }

        return new()
        {
            Width = examples.TargetWidth,
            IsVector = true,
            ClassNames = examples.ClassNames.Count > 0 ? Distinct(examples.ClassNames, "the examples") : Numbers(examples.TargetWidth),
        };
    }

    /// <inheritdoc/>
    /// <remarks>None: a row has several.</remarks>
    public override IReadOnlyList<string> Classes(LabelInfo label) => [];

    /// <inheritdoc/>
    public override ReadLabel Reader(DataViewRow row, DataViewSchema.Column column, LabelInfo label)
    {
        var vector = (VectorDataViewType)column.Type;
        if (vector.ItemType is BooleanDataViewType)
        {
            var getFlags = row.GetGetter<VBuffer<bool>>(column);
            VBuffer<bool> flags = default;
            return target =>
            {
                getFlags(ref flags);
                RowLength.MustFill(flags.Length, vector.Size, column.Name);
                target[..vector.Size].Clear();
                foreach (var (slot, has) in flags.Items())
                {
                    target[slot] = has ? 1 : 0;
                }
            };
        }

        var getNumbers = row.GetGetter<VBuffer<float>>(column);
        VBuffer<float> numbers = default;
        return target =>
        {
            getNumbers(ref numbers);
            RowLength.MustFill(numbers.Length, vector.Size, column.Name);
            numbers.CopyTo(target);
            int wrong = target[..vector.Size].IndexOfAnyExcept([0f, 1f, float.NaN]);
            if (wrong >= 0)
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Label column '{column.Name}' holds {target[wrong]} for label "
                    + $"'{label.ClassNames[wrong]}'; a row has a label (1) or not (0), once."));
            }
        };
    }

    private static bool IsFlag(DataViewType item) => item is BooleanDataViewType || item == NumberDataViewType.Single;

    private static ValueList<string> NamesOf(DataViewSchema.Column column, int size)
    {
        if (column.Annotations.Schema.GetColumnOrNull(SlotNames) is not { Type: VectorDataViewType { Size: var count, ItemType: TextDataViewType } }
            || count != size)
        {
            return Numbers(size);
        }

        var names = ClassValues.For(ClassValueType.Text).Read(column.Annotations, SlotNames);
        return names.Contains("") ? Numbers(size) : Distinct(names, $"column '{column.Name}'");
    }

    private static ValueList<string> Distinct(ValueList<string> names, string where) =>
        names.GroupBy(n => n).FirstOrDefault(g => g.Skip(1).Any()) is { Key: var twice }
            ? throw new ArgumentException($"Two labels of {where} are named '{twice}'; give each a name of its own.")
            : names;

    private static ValueList<string> Numbers(int count) => Enumerable.Range(0, count).Select(ClassValueText.Of).ToValueList();
}
