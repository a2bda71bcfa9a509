using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Data;
using TorchSharp;

namespace MlNetDl.Tasks;

/// <summary>Yes or no: a Boolean column, or a Single of 0 and 1.</summary>
public sealed class YesNoLabel : LabelForm
{
    private static readonly string[] Names = ["false", "true"];

    /// <inheritdoc/>
    public override string Expected => "a Boolean, or a Single of 0 and 1";

    /// <inheritdoc/>
    public override bool IsClassIndex => false;

    /// <inheritdoc/>
    public override DataKind TextKind => DataKind.Boolean;

    /// <inheritdoc/>
    public override LabelInfo? Foretell(SchemaShape.Column column) =>
        column is { IsKey: false, Kind: SchemaShape.Column.VectorKind.Scalar }
                && (column.ItemType == BooleanDataViewType.Instance || column.ItemType == NumberDataViewType.Single)
            ? new()
            : null;

    /// <inheritdoc/>
    public override LabelInfo? Describe(DataViewSchema.Column column) =>
        column.Type is BooleanDataViewType || column.Type == NumberDataViewType.Single ? new() : null;

    /// <inheritdoc/>
    public override LabelInfo Describe(Examples examples)
    {
        var values = ValueLabel.Values(examples, "Binary");
        if (examples.TargetWidth != 1)
        {
            throw new ArgumentException($"Binary needs one target an example, but these have {examples.TargetWidth}.");
        }

        int wrong = Array.FindIndex(values, v => v is not (0 or 1));
        if (wrong >= 0)
        {
            throw ValueLabel.WrongTarget(examples, wrong, values[wrong], "0 or 1");
        }

        return new() { YesNoNames = examples.ClassNames is [_, _] names ? names : null };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes(LabelInfo label) => label?.YesNoNames is { } names ? names : Names;

    /// <inheritdoc/>
    public override int ClassOf(ReadOnlySpan<float> target) => (int)target[0];

    /// <inheritdoc/>
    public override torch.Tensor? ClassesOf(torch.Tensor targets) => targets.reshape(-1).to(torch.ScalarType.Int64);

    /// <inheritdoc/>
    public override ReadLabel Reader(DataViewRow row, DataViewSchema.Column column, LabelInfo label)
    {
        if (column.Type is BooleanDataViewType)
        {
            var getBool = row.GetGetter<bool>(column);
            bool yes = false;
            return target =>
            {
                getBool(ref yes);
                target[0] = yes ? 1 : 0;
            };
        }

        var getNumber = row.GetGetter<float>(column);
        return target =>
        {
            getNumber(ref target[0]);
            if (target[0] is not (0 or 1) && !float.IsNaN(target[0]))
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Label column '{column.Name}' holds "
                    + $"{target[0]}; binary labels are 0 and 1."));
            }
        };
    }
}
