using System.Globalization;
using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Data;

namespace MlNetDl.Tasks;

/// <summary>One or several real values: a Single column, or a vector of Single of known size.</summary>
public sealed class ValueLabel : LabelForm
{
    /// <inheritdoc/>
    public override string Expected => "a Single, or a vector of Single of known size";

    /// <inheritdoc/>
    public override bool IsClassIndex => false;

    /// <inheritdoc/>
    public override DataKind TextKind => DataKind.Single;

    /// <inheritdoc/>
    public override LabelInfo? Foretell(SchemaShape.Column column) =>
        column is { IsKey: false, Kind: SchemaShape.Column.VectorKind.Scalar or SchemaShape.Column.VectorKind.Vector }
                && column.ItemType == NumberDataViewType.Single
            ? new() { IsVector = column.Kind == SchemaShape.Column.VectorKind.Vector }
            : null;

    /// <inheritdoc/>
    public override LabelInfo? Describe(DataViewSchema.Column column) => column.Type switch
    {
        NumberDataViewType number when number == NumberDataViewType.Single => new(),
        VectorDataViewType { Size: > 0, ItemType: NumberDataViewType item } vector
            when item == NumberDataViewType.Single => new() { Width = vector.Size, IsVector = true },
        _ => null,
    };

    /// <inheritdoc/>
    public override LabelInfo Describe(Examples examples)
    {
        var values = Values(examples, "Regression");
        if (FirstNotFinite(values) is { } wrong)
        {
            throw WrongTarget(examples, wrong, values[wrong], "a finite number");
        }

        return new() { Width = examples.TargetWidth };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes(LabelInfo label) => [];

    /// <inheritdoc/>
    public override ReadLabel Reader(DataViewRow row, DataViewSchema.Column column, LabelInfo label)
    {
        if (column.Type is not VectorDataViewType vector)
        {
            var getNumber = row.GetGetter<float>(column);
            return target => getNumber(ref target[0]);
        }

        var getVector = row.GetGetter<VBuffer<float>>(column);
        VBuffer<float> values = default;
        return target =>
        {
            getVector(ref values);
            RowLength.MustFill(values.Length, vector.Size, column.Name);
            values.CopyTo(target);
        };
    }

    /// <summary>The float targets of a set.</summary>
    /// <exception cref="ArgumentException">The set has class indices.</exception>
    internal static float[] Values(Examples examples, string task) =>
        examples.Targets as float[] ?? throw new ArgumentException($"{task} needs float targets, but the examples hold "
            + $"{(examples.Targets is null ? "none" : "class indices")}.");

    /// <summary>The error of a target that cannot be meant.</summary>
    internal static ArgumentException WrongTarget(Examples examples, int at, float value, string expected) =>
        new(string.Create(CultureInfo.InvariantCulture,
            $"The target of example {at / examples.TargetWidth} is {value}; expected {expected}."));

    /// <summary>The index of the first value that is no finite number.</summary>
    internal static int? FirstNotFinite(float[] values)
    {
        // The sum of magnitudes is finite only when all are (or when they are absurdly large, which the
        // search then finds out).
        int at = float.IsFinite(TensorPrimitives.SumOfMagnitudes<float>(values)) ? -1 : Array.FindIndex(values, v => !float.IsFinite(v));
        return at < 0 ? null : at;
    }
}
