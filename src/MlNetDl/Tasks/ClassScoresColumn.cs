using Microsoft.ML;

namespace MlNetDl.Tasks;

/// <summary>A score for each class, annotated with the classes.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="ScoreKind">ML.NET's kind of score.</param>
public sealed record ClassScoresColumn(string Name, string ScoreKind = "MulticlassClassification") : VectorColumn(Name, ScoreKind)
{
    /// <inheritdoc/>
    protected override void Annotate(DataViewSchema.Annotations.Builder annotations, LabelInfo label)
    {
        AddSlotNames(annotations, label);
        if (label.ClassNames.Count > 0)
        {
            // The values themselves keep their type.
            ClassValues.For(label.ClassValues).AddTo(annotations, "TrainingLabelValues", label.ClassNames);
        }
    }
}
