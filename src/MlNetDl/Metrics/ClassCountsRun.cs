namespace MlNetDl.Metrics;

/// <summary>
/// The margins and the diagonal of a confusion matrix, in weights: all that metrics of classes need of it, so that
/// memory grows with the classes and not with their square.
/// </summary>
/// <remarks>
/// The labels are the K classes, then <see cref="ScoredRows.UnknownClass"/>, which is never predicted, and
/// <see cref="ScoredRows.NoPrediction"/>, which is never true. Labels that occur in neither truth nor prediction are as
/// if they were not there.
/// </remarks>
internal readonly ref struct ClassCounts(ReadOnlySpan<double> sums, int classes)
{
    /// <summary>Labels: classes + 2.</summary>
    public int Count { get; } = Labels(classes);

    /// <summary>Σ weights of rows without a prediction.</summary>
    public double WithoutPrediction => Predicted[^1];

    /// <summary>Σ weights of rows of each label that are predicted right.</summary>
    public ReadOnlySpan<double> Right { get; } = sums[..Labels(classes)];

    /// <summary>Σ weights of rows of each label in truth.</summary>
    public ReadOnlySpan<double> Truth { get; } = sums.Slice(Labels(classes), Labels(classes));

    /// <summary>Σ weights of rows that each label is predicted for.</summary>
    public ReadOnlySpan<double> Predicted { get; } = sums.Slice(2 * Labels(classes), Labels(classes));

    public static int Labels(int classes) => classes + 2;

    /// <summary>The place of a class, or of one of the two labels that are none.</summary>
    public static int Label(int classIndex, int classes) => classIndex < 0 ? classes - 1 - classIndex : classIndex;
}

/// <summary>A run that keeps <see cref="ClassCounts"/>.</summary>
/// <param name="form">What the scores are.</param>
/// <param name="width">Scores of a row.</param>
/// <param name="more">Sums of a metric's own, at the end.</param>
internal abstract class ClassCountsRun(ScoreForm form, int width, int more = 0)
    : SumsRun(form, width, (3 * ClassCounts.Labels(ScoredRows.Classes(form, width))) + more)
{
    private readonly int classes = ScoredRows.Classes(form, width);

    protected int Classes => classes;

    protected ClassCounts Counts => new(Sums, classes);

    protected override void Collect(in ScoredRows rows, int row, double weight)
    {
        int labels = ClassCounts.Labels(classes);
        int truth = ClassCounts.Label(rows.Truth(row), classes), predicted = ClassCounts.Label(rows.Predicted(row), classes);
        Sums[truth] += truth == predicted ? weight : 0;
        Sums[labels + truth] += weight;
        Sums[(2 * labels) + predicted] += weight;
    }
}

/// <summary>A metric's value from the counts.</summary>
internal delegate double CountsFigure(ClassCounts counts);

/// <summary>A metric that follows from <see cref="ClassCounts"/> alone.</summary>
internal sealed class CountsFigureRun(ScoreForm form, int width, CountsFigure figure) : ClassCountsRun(form, width)
{
    public override double Value => figure(Counts);
}
