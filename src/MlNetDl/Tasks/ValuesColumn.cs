using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.Tasks;

/// <summary>Values of the label's own form: a Single where the label is one, a vector where it is a vector, if only
/// of one value.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="ScoreKind">ML.NET's kind of score.</param>
public sealed record ValuesColumn(string Name, string ScoreKind) : VectorColumn(Name, ScoreKind)
{
    /// <inheritdoc/>
    public override DataViewType TypeOf(int outputs, LabelInfo label) =>
        IsVector(outputs, label) ? base.TypeOf(outputs, label) : NumberDataViewType.Single;

    /// <inheritdoc/>
    public override Delegate Getter(GraphRow row, LabelInfo label)
    {
        if (IsVector(row.Width(Output), label))
        {
            return base.Getter(row, label);
        }

        var values = row.Values(Output);
        return (ValueGetter<float>)((ref float target) => target = values()[0]);
    }

    private static bool IsVector(int outputs, LabelInfo label) => label.IsVector || outputs > 1;
}
