using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.Tasks;

/// <summary>The first value of a graph's output, as a Single.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="ScoreKind">ML.NET's kind of score.</param>
/// <param name="ValueKind">ML.NET's kind of value.</param>
public record NumberColumn(string Name, string ScoreKind, string ValueKind = "Score") : OutputColumn(Name, ScoreKind, ValueKind)
{
    /// <inheritdoc/>
    public override DataViewType TypeOf(int outputs, LabelInfo label) => NumberDataViewType.Single;

    /// <inheritdoc/>
    public override Delegate Getter(GraphRow row, LabelInfo label)
    {
        var values = row.Values(Output);
        return (ValueGetter<float>)((ref float target) => target = values()[0]);
    }
}
