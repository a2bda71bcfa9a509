using Microsoft.ML.Data;
using MlNetDl.Metrics;
using MlNetDl.MlNet;
using MlNetDl.Tasks;

namespace Microsoft.ML;

/// <summary>Evaluation of models that predict several labels a row, which ML.NET has none for.</summary>
public static class MultilabelExtensions
{
    /// <summary>Figures of a model of <see cref="MultilabelClassification"/>.</summary>
    /// <param name="catalog"><c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="data">Scored rows, in one pass; scores and labels are kept in memory, 8·K bytes a row.</param>
    /// <param name="labelColumnName">The label, a vector of Boolean, or of Single 0 and 1, of known size. Rows with a NaN in it are left out.</param>
    /// <param name="scoreColumnName">The score, a logit for each label.</param>
    /// <exception cref="ArgumentException">A column is absent or of the wrong type, or they have different widths.</exception>
    /// <exception cref="InvalidOperationException">There is no row with a label.</exception>
    public static MultilabelMetrics EvaluateMultilabel(
        this MulticlassClassificationCatalog catalog, IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        var (labels, scores) = (FeatureColumn.Find(data.Schema, labelColumnName, "Label"), FeatureColumn.Find(data.Schema, scoreColumnName, "Score"));
        var (set, values) = (Described(new LabelSet(), labels), Described(new ValueLabel(), scores));
        if (values.Width != set.Width)
        {
            throw new ArgumentException($"Label column '{labelColumnName}' has {set.Width} labels and Score column '{scoreColumnName}' has "
                + $"{values.Width} values a row; expected as many.");
        }

        if (SlotNames.Of(labels) is { Count: > 0 } truths && SlotNames.Of(scores) is { Count: > 0 } predicted && !truths.Equals(predicted))
        {
            throw new ArgumentException($"Label column '{labelColumnName}' has the labels {truths}, Score column '{scoreColumnName}' {predicted}; expected the "
                + "same in the same order, as the chain makes them that the model was fitted with.");
        }

        var (allTruth, allScores) = (new List<float>(), new List<float>());
        using var cursor = data.GetRowCursor([labels, scores]);
        var (readTruth, readScore) = (new LabelSet().Reader(cursor, labels, set), new ValueLabel().Reader(cursor, scores, values));
        var (truth, score) = (new float[set.Width], new float[set.Width]);
        while (cursor.MoveNext())
        {
            readTruth(truth);
            if (!Array.Exists(truth, float.IsNaN))
            {
                readScore(score);
                allTruth.AddRange(truth);
                allScores.AddRange(score);
            }
        }

        return allTruth.Count > 0
            ? Of([.. allScores], [.. allTruth], set)
            : throw new InvalidOperationException($"No row has a label in column '{labelColumnName}'; there is nothing to evaluate with.");
    }

    private static MultilabelMetrics Of(float[] scores, float[] truth, LabelInfo label)
    {
        double Figure(Metric metric) => metric.Of(new(ScoreForm.Logits, label.Width, scores, truth));
        var report = ScoreReport.Of(new(ScoreForm.Logits, label.Width, scores, truth), label.ClassNames);
        return new(
            report.Rows,
            report.Classes,
            Figure(new F1Score { Averaging = Averaging.Micro }),
            Figure(new F1Score { Averaging = Averaging.Macro }),
            Figure(new AveragePrecision()),
            Figure(new HammingLoss()),
            Figure(new Accuracy()),
            Figure(new LogLoss()));
    }

    private static LabelInfo Described(LabelForm form, DataViewSchema.Column column) => form.Describe(column)
        ?? throw new ArgumentException($"Column '{column.Name}' is {column.Type}; expected {form.Expected}.");
}
