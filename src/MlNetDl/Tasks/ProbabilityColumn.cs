using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.Tasks;

/// <summary>The probability of yes, 0 to 1.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="ScoreKind">ML.NET's kind of score.</param>
public sealed record ProbabilityColumn(string Name, string ScoreKind = "BinaryClassification")
    : NumberColumn(Name, ScoreKind, "Probability")
{
    /// <inheritdoc/>
    protected override void Annotate(DataViewSchema.Annotations.Builder annotations, LabelInfo label) =>
        annotations.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true);
}
