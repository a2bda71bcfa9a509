using Microsoft.ML;

namespace MlNetDl.Tasks;

/// <summary>A score for each class, annotated with the classes.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="ScoreKind">ML.NET's kind of score.</param>
public sealed record ClassScoresColumn(string Name, string ScoreKind = "MulticlassClassification") : VectorColumn(Name, ScoreKind)
{
    // Slot names are text by their definition; the values themselves keep their type.
    /// <inheritdoc/>
    protected override void Annotate(DataViewSchema.Annotations.Builder annotations, LabelInfo label)
    {
        if (label.ClassNames.Count > 0)
        {
            ClassValues.For(ClassValueType.Text).AddTo(annotations, "SlotNames", label.ClassNames);
            ClassValues.For(label.ClassValues).AddTo(annotations, "TrainingLabelValues", label.ClassNames);
        }
    }
}
