using System.Globalization;
using MlNetDl.Configuration;

namespace MlNetDl.Metrics;

/// <summary>The share of rows whose class is among the few with the highest probabilities.</summary>
/// <remarks>
/// Of equal probabilities the first class comes first, so that K = 1 is <see cref="Accuracy"/>; scikit-learn's takes
/// the last. A row with a NaN among its scores counts as wrong, and so does one whose class the model does not know.
/// </remarks>
public sealed record TopKAccuracy : Metric
{
    /// <summary>
    /// The number of classes that count, 1 or more; 5 by default, as for ImageNet. Where the model knows no more
    /// classes than these, every known class is right.
    /// </summary>
    [AtLeast(1)]
    public int K { get; init; } = 5;

    /// <inheritdoc/>
    public override string FigureName => string.Create(CultureInfo.InvariantCulture, $"top{K}Accuracy");

    /// <inheritdoc/>
    public override Goal Goal => Goal.Maximize;

    /// <inheritdoc/>
    public override bool Takes(ScoreForm form) => form == ScoreForm.Probabilities;

    /// <inheritdoc/>
    protected override MetricRun Begin(ScoreForm form, int width) =>
        new MeanRun(form, width, (in rows, row) => Right(rows, row) ? 1 : 0);

    private bool Right(in ScoredRows rows, int row)
    {
        int truth = rows.Truth(row);
        if (truth == ScoredRows.UnknownClass || rows.Predicted(row) == ScoredRows.NoPrediction)
        {
            return false;
        }

        var scores = rows.Row(row);
        int before = 0;
        for (int other = 0; other < scores.Length; other++)
        {
            before += scores[other] > scores[truth] || (scores[other] == scores[truth] && other < truth) ? 1 : 0;
        }

        return before < K;
    }
}
