using Microsoft.ML;

namespace MlNetDl.Tasks;

/// <summary>A number for each label of a row that may have several, annotated with the labels.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="ScoreKind">ML.NET's kind of score.</param>
/// <param name="ValueKind">What the numbers are: <c>Score</c>, logits, or <c>Probability</c>.</param>
public sealed record LabelScoresColumn(string Name, string ScoreKind, string ValueKind = "Score") : VectorColumn(Name, ScoreKind, ValueKind)
{
    /// <inheritdoc/>
    protected override void Annotate(DataViewSchema.Annotations.Builder annotations, LabelInfo label) => AddSlotNames(annotations, label);
}
