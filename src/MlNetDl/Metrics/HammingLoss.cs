namespace MlNetDl.Metrics;

/// <summary>Hamming loss: the share of wrong answers among all labels of all rows; 0 is perfect (Schapire and Singer 1999).</summary>
/// <remarks>A score of NaN is a wrong answer. Where rows have few of many labels, saying no to all is nearly right by this figure; macro F1 and average
/// precision tell such a model.</remarks>
public sealed record HammingLoss : Metric
{
    /// <inheritdoc/>
    public override string FigureName => "hammingLoss";

    /// <inheritdoc/>
    public override Goal Goal => Goal.Minimize;

    /// <inheritdoc/>
    public override bool Takes(ScoreForm form) => form == ScoreForm.Logits;

    /// <inheritdoc/>
    protected override MetricRun Begin(ScoreForm form, int width) => new MeanRun(form, width, WrongShare);

    private static double WrongShare(in ScoredRows rows, int row)
    {
        int wrong = 0;
        for (int label = 0; label < rows.Width; label++)
        {
            wrong += rows.IsRight(row, label) ? 0 : 1;
        }

        return (double)wrong / rows.Width;
    }
}
