using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.Tasks;

/// <summary>Whether the first value of a graph's output, a logit, is above a threshold.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="ScoreKind">ML.NET's kind of score.</param>
public sealed record PredictedYesColumn(string Name, string ScoreKind = "BinaryClassification")
    : OutputColumn(Name, ScoreKind, "PredictedLabel")
{
    /// <summary>The logit above which it is yes; 0 by default.</summary>
    public float Above { get; init; }

    /// <inheritdoc/>
    public override DataViewType TypeOf(int outputs, LabelInfo label) => BooleanDataViewType.Instance;

    /// <inheritdoc/>
    public override Delegate Getter(GraphRow row, LabelInfo label)
    {
        var values = row.Values(Output);
        return (ValueGetter<bool>)((ref bool target) => target = values()[0] > Above);
    }
}
