using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Tasks;

namespace MlNetDl.MlNet;

/// <summary>One pass over scored rows that sums the figures of each predicted value.</summary>
internal static class OutputMetricsRun
{
    /// <summary>The figures of each value.</summary>
    /// <param name="data">Scored rows.</param>
    /// <param name="label">The column of the label.</param>
    /// <param name="score">The column of the score.</param>
    /// <exception cref="ArgumentException">A column is absent or of the wrong type, or they have different widths.</exception>
    /// <exception cref="InvalidOperationException">A value has no label.</exception>
    public static ManyOutputsMetrics Of(IDataView data, string label, string score)
    {
        var (labels, scores) = (Find(data, label, "Label"), Find(data, score, "Score"));
        var (form, shape) = (new ValueLabel(), Described(labels));
        if (Described(scores).Width != shape.Width)
        {
            throw new ArgumentException($"Label column '{label}' has {shape.Width} values a row and Score column '{score}' has "
                + $"{Described(scores).Width}; expected as many.");
        }

        var sums = Enumerable.Range(0, shape.Width).Select(_ => new Sums()).ToArray();
        using var cursor = data.GetRowCursor([labels, scores]);
        var (readTruth, readScore) = (form.Reader(cursor, labels, shape), form.Reader(cursor, scores, shape));
        var (truth, predicted) = (new float[shape.Width], new float[shape.Width]);
        while (cursor.MoveNext())
        {
            readTruth(truth);
            readScore(predicted);
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i].Add(truth[i], predicted[i]);
            }
        }

        var names = SlotNames.Of(labels);
        return new([.. sums.Select((s, i) => s.Figures(names.Count > i ? names[i] : $"{i}", label))]);
    }

    private static DataViewSchema.Column Find(IDataView data, string name, string role) => FeatureColumn.Find(data.Schema, name, role);

    private static LabelInfo Described(DataViewSchema.Column column) => new ValueLabel().Describe(column)
        ?? throw new ArgumentException($"Column '{column.Name}' is {column.Type}; expected {new ValueLabel().Expected}.");

    // Welford's sums: the variance of large labels does not cancel.
    private sealed class Sums
    {
        private long rows;
        private double absolute, squared, mean, deviations;

        public void Add(float truth, float predicted)
        {
            if (float.IsNaN(truth))
            {
                return;
            }

            rows++;
            double error = (double)truth - predicted, from = truth - mean;
            absolute += Math.Abs(error);
            squared += error * error;
            mean += from / rows;
            deviations += from * (truth - mean);
        }

        public OutputMetrics Figures(string name, string label) => rows == 0
            ? throw new InvalidOperationException($"No row of Label column '{label}' has the value '{name}'; there is nothing to evaluate it with.")
            : new(name, rows, absolute / rows, squared / rows, deviations > 0 ? 1 - (squared / deviations) : double.NaN);
    }
}
