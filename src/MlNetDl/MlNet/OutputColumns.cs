using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet.Internals;
using MlNetDl.Networks;
using MlNetDl.Onnx;

namespace MlNetDl.MlNet;

/// <summary>The columns that a transformer adds, named and annotated as ML.NET's own trainers do.</summary>
internal static class OutputColumns
{
    public const string Score = "Score";
    public const string Probability = "Probability";
    public const string PredictedLabel = "PredictedLabel";

    /// <summary>Name of the graph's second output in binary classification.</summary>
    public const string ProbabilityOutput = "probability";

    private static readonly DataViewType Text = TextDataViewType.Instance;
    private static readonly KeyDataViewType ScoreSet = new(typeof(uint), int.MaxValue);

    /// <summary>Adds the columns to a schema.</summary>
    public static void AddTo(DataViewSchema.Builder schema, ModelManifest manifest)
    {
        switch (manifest.Task)
        {
            case PredictionTask.Multiclass:
                schema.AddColumn(Score, new VectorDataViewType(NumberDataViewType.Single, manifest.Outputs), ClassScoreAnnotations(manifest));
                schema.AddColumn(PredictedLabel, new KeyDataViewType(typeof(uint), manifest.Outputs), PredictedAnnotations(manifest));
                break;
            case PredictionTask.Binary:
                schema.AddColumn(Score, NumberDataViewType.Single, ScoreAnnotations("BinaryClassification", "Score"));
                schema.AddColumn(Probability, NumberDataViewType.Single, ProbabilityAnnotations());
                schema.AddColumn(PredictedLabel, BooleanDataViewType.Instance, ScoreAnnotations("BinaryClassification", "PredictedLabel"));
                break;
            default:
                schema.AddColumn(Score, manifest.Outputs == 1 && !manifest.VectorScore ? NumberDataViewType.Single : new VectorDataViewType(NumberDataViewType.Single, manifest.Outputs), ScoreAnnotations("Regression", "Score"));
                break;
        }
    }

    /// <summary>The same columns as an estimator foretells them.</summary>
    public static IEnumerable<SchemaShape.Column> Shapes(PredictionTask task, SchemaShape.Column label)
    {
        const SchemaShape.Column.VectorKind Scalar = SchemaShape.Column.VectorKind.Scalar, Vector = SchemaShape.Column.VectorKind.Vector;
        SchemaShape.Column[] scoreAnnotations =
        [
            HostAccess.Column("ScoreColumnSetId", Scalar, NumberDataViewType.UInt32, true),
            HostAccess.Column("ScoreColumnKind", Scalar, Text, false),
            HostAccess.Column("ScoreValueKind", Scalar, Text, false),
        ];
        switch (task)
        {
            case PredictionTask.Multiclass:
                var values = LabelColumn.ValuesOf(label).Item;
                yield return HostAccess.Column(Score, Vector, NumberDataViewType.Single, false, new SchemaShape(
                    [.. scoreAnnotations, HostAccess.Column("SlotNames", Vector, Text, false), HostAccess.Column("TrainingLabelValues", Vector, values, false)]));
                yield return HostAccess.Column(PredictedLabel, Scalar, NumberDataViewType.UInt32, true, new SchemaShape(
                    [.. scoreAnnotations, HostAccess.Column("KeyValues", Vector, values, false)]));
                break;
            case PredictionTask.Binary:
                yield return HostAccess.Column(Score, Scalar, NumberDataViewType.Single, false, new SchemaShape(scoreAnnotations));
                yield return HostAccess.Column(Probability, Scalar, NumberDataViewType.Single, false, new SchemaShape(
                    [.. scoreAnnotations, HostAccess.Column("IsNormalized", Scalar, BooleanDataViewType.Instance, false)]));
                yield return HostAccess.Column(PredictedLabel, Scalar, BooleanDataViewType.Instance, false, new SchemaShape(scoreAnnotations));
                break;
            default:
                yield return HostAccess.Column(Score, label.Kind == Scalar ? Scalar : Vector, NumberDataViewType.Single, false, new SchemaShape(scoreAnnotations));
                break;
        }
    }

    private static DataViewSchema.Annotations ScoreAnnotations(string kind, string valueKind) => ScoreSetAnnotations(kind, valueKind).ToAnnotations();

    // Slot names are text by their definition; the values themselves keep their type.
    private static DataViewSchema.Annotations ClassScoreAnnotations(ModelManifest manifest)
    {
        var annotations = ScoreSetAnnotations("MulticlassClassification", "Score");
        if (manifest.ClassNames.Count == 0)
        {
            return annotations.ToAnnotations();
        }

        ClassValues.For(ClassValueType.Text).AddTo(annotations, "SlotNames", manifest.ClassNames);
        ClassValues.For(manifest.ClassValues).AddTo(annotations, "TrainingLabelValues", manifest.ClassNames);
        return annotations.ToAnnotations();
    }

    private static DataViewSchema.Annotations PredictedAnnotations(ModelManifest manifest)
    {
        var annotations = ScoreSetAnnotations("MulticlassClassification", "PredictedLabel");
        if (manifest.ClassNames.Count > 0)
        {
            ClassValues.For(manifest.ClassValues).AddTo(annotations, "KeyValues", manifest.ClassNames);
        }

        return annotations.ToAnnotations();
    }

    private static DataViewSchema.Annotations ProbabilityAnnotations()
    {
        var annotations = ScoreSetAnnotations("BinaryClassification", "Probability");
        annotations.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true);
        return annotations.ToAnnotations();
    }

    // One id for the columns of a scorer; ML.NET's evaluators take the set with the greatest.
    private static DataViewSchema.Annotations.Builder ScoreSetAnnotations(string kind, string valueKind)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("ScoreColumnSetId", ScoreSet, 1u);
        annotations.AddPrimitiveValue("ScoreColumnKind", TextDataViewType.Instance, kind.AsMemory());
        annotations.AddPrimitiveValue("ScoreValueKind", TextDataViewType.Instance, valueKind.AsMemory());
        return annotations;
    }
}
