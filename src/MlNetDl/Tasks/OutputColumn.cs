using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Analysis;

namespace MlNetDl.Tasks;

/// <summary>A column that a model adds to its input, computed from what its graph gives for the row.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="ScoreKind">ML.NET's annotation <c>ScoreColumnKind</c>, by which its evaluators find the columns:
/// <c>MulticlassClassification</c>, <c>Regression</c>, …; empty for a column that is no score.</param>
/// <param name="ValueKind">ML.NET's annotation <c>ScoreValueKind</c>: <c>Score</c>,
/// <c>Probability</c> or <c>PredictedLabel</c>.</param>
public abstract record OutputColumn(string Name, string ScoreKind, string ValueKind)
{
    private static readonly KeyDataViewType ScoreSet = new(typeof(uint), int.MaxValue);

    /// <summary>The graph's output that it is made of, by which its type is asked for.</summary>
    public string Output { get; init; } = Network.DefaultOutput;

    /// <summary>The graph's outputs that its getter reads; <see cref="Output"/> unless more are said.</summary>
    public virtual IReadOnlyList<string> Reads => [Output];

    /// <summary>Its type. Before there is data it is asked with what a <see cref="LabelForm"/> foretells: then only
    /// kind and item type are used.</summary>
    /// <param name="outputs">Values of a row of <see cref="Output"/>; 0 where their number is not known.</param>
    /// <param name="label">What the label was.</param>
    public abstract DataViewType TypeOf(int outputs, LabelInfo label);

    /// <summary>A getter of its value. The value has the type that <see cref="TypeOf"/> gives.</summary>
    /// <param name="row">The row at hand: take from it once what is read at each row.</param>
    /// <param name="label">What the label was.</param>
    public abstract Delegate Getter(GraphRow row, LabelInfo label);

    /// <summary>Its annotations. One id for all columns of a scorer; ML.NET's evaluators take the set
    /// with the greatest.</summary>
    public DataViewSchema.Annotations Annotations(LabelInfo label)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        if (ScoreKind.Length == 0)
        {
            Annotate(annotations, label);
            return annotations.ToAnnotations();
        }

        annotations.AddPrimitiveValue("ScoreColumnSetId", ScoreSet, 1u);
        annotations.AddPrimitiveValue("ScoreColumnKind", TextDataViewType.Instance, ScoreKind.AsMemory());
        annotations.AddPrimitiveValue("ScoreValueKind", TextDataViewType.Instance, ValueKind.AsMemory());
        Annotate(annotations, label);
        return annotations.ToAnnotations();
    }

    /// <summary>Says that the column's keys are the label's classes, so that <c>MapKeyToValue</c> gives them in the
    /// type that they had in the data.</summary>
    /// <param name="annotations">The column's annotations.</param>
    /// <param name="label">What the label was; without class names nothing is added.</param>
    protected static void AddKeyValues(DataViewSchema.Annotations.Builder annotations, LabelInfo label)
    {
        if (label.ClassNames.Count > 0)
        {
            ClassValues.For(label.ClassValues).AddTo(annotations, "KeyValues", label.ClassNames);
        }
    }

    /// <summary>Says that the slots of a vector are the label's classes, or its labels, by their names.</summary>
    /// <param name="annotations">The column's annotations.</param>
    /// <param name="label">What the label was; without names nothing is added.</param>
    protected static void AddSlotNames(DataViewSchema.Annotations.Builder annotations, LabelInfo label)
    {
        if (label.ClassNames.Count > 0)
        {
            // Slot names are text by their definition.
            ClassValues.For(ClassValueType.Text).AddTo(annotations, "SlotNames", label.ClassNames);
        }
    }

    /// <summary>Adds a column's own annotations; none by default.</summary>
    protected virtual void Annotate(DataViewSchema.Annotations.Builder annotations, LabelInfo label)
    {
    }
}
