using MlNetDl.Configuration;

namespace MlNetDl.Metrics;

/// <summary>A figure of each class, averaged: precision, recall and F1.</summary>
/// <remarks>
/// As scikit-learn's with <c>labels=None</c> and <c>zero_division=0</c>: a figure that would be 0 / 0 is 0, and macro
/// averages over the classes that occur in truth or prediction. Rows of weight 0 do not make a class occur. A class
/// that the model does not know is a class of its own, with 0. A score of NaN makes the figure NaN: counted as no
/// prediction, such a row would not lower the precision.
/// </remarks>
public abstract record AveragedMetric : Metric
{
    /// <summary>
    /// How the figures of the classes become one. By default (<see langword="null"/>) binary for logits of yes or no,
    /// and macro for classes and for rows of several labels, where each label counts the same, also one that no row has.
    /// </summary>
    public Averaging? Averaging { get; init; }

    /// <inheritdoc/>
    public sealed override string FigureName => Averaging switch
    {
        Metrics.Averaging.Macro => $"macro{Noun}",
        Metrics.Averaging.Micro => $"micro{Noun}",
        Metrics.Averaging.Weighted => $"weighted{Noun}",
        _ => $"{char.ToLowerInvariant(Noun[0])}{Noun[1..]}",
    };

    /// <inheritdoc/>
    public sealed override Goal Goal => Goal.Maximize;

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> Problems() =>
        Averaging is not { } given || Enum.IsDefined(given)
            ? []
            : [new("averaging", $"must be binary, macro, micro or weighted but is {given}.")];

    /// <summary>Name of the figure, PascalCase, such as <c>F1</c>. <see cref="FigureName"/> is made of it and of the
    /// average.</summary>
    protected abstract string Noun { get; }

    /// <inheritdoc/>
    public sealed override bool Takes(ScoreForm form) =>
        form == ScoreForm.Logit || (form is ScoreForm.Probabilities or ScoreForm.Logits && Averaging != Metrics.Averaging.Binary);

    /// <inheritdoc/>
    protected sealed override MetricRun Begin(ScoreForm form, int width)
    {
        if (form == ScoreForm.Logits)
        {
            return new LabelRuns(width, Averaging ?? Metrics.Averaging.Macro, () => OfOne(ScoreForm.Logit, 1, Metrics.Averaging.Binary));
        }

        return OfOne(form, width, Averaging ?? (form == ScoreForm.Logit ? Metrics.Averaging.Binary : Metrics.Averaging.Macro));
    }

    private CountsFigureRun OfOne(ScoreForm form, int width, Averaging averaging) => new(form, width, counts => Average(counts, averaging));

    /// <summary>The figure of one class, or of several together, where more is better; 0 where it would be 0 / 0
    /// (<see cref="Ratio"/>).</summary>
    /// <param name="right">Σ weights of its rows that are predicted right.</param>
    /// <param name="truth">Σ weights of its rows.</param>
    /// <param name="predicted">Σ weights of the rows that it is predicted for.</param>
    protected abstract double OfClass(double right, double truth, double predicted);

    /// <summary>part / whole; 0 where the whole is 0.</summary>
    protected static double Ratio(double part, double whole) => whole > 0 ? part / whole : 0;

    private double Average(ClassCounts counts, Averaging averaging)
    {
        if (counts.WithoutPrediction > 0)
        {
            return double.NaN;
        }

        double right = 0, all = 0, predictions = 0, mean = 0, weighted = 0;
        int occurring = 0;
        for (int label = 0; label < counts.Count; label++)
        {
            double figure = OfClass(counts.Right[label], counts.Truth[label], counts.Predicted[label]);
            right += counts.Right[label];
            all += counts.Truth[label];
            predictions += counts.Predicted[label];
            mean += figure;
            weighted += counts.Truth[label] * figure;
            occurring += counts.Truth[label] > 0 || counts.Predicted[label] > 0 ? 1 : 0;
        }

        if (all == 0)
        {
            return double.NaN;
        }

        const int Yes = 1;
        return averaging switch
        {
            Metrics.Averaging.Binary => OfClass(counts.Right[Yes], counts.Truth[Yes], counts.Predicted[Yes]),
            Metrics.Averaging.Macro => mean / occurring,
            Metrics.Averaging.Micro => OfClass(right, all, predictions),
            _ => weighted / all,
        };
    }
}
