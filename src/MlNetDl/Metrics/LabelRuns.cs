namespace MlNetDl.Metrics;

/// <summary>A figure of yes and no over rows of several labels: of each label by itself, averaged; or of all answers together.</summary>
/// <param name="width">Labels, K.</param>
/// <param name="averaging">Macro: the mean over the labels. Weighted: each label as often as rows have it. Micro: one figure of all N·K answers.</param>
/// <param name="start">Starts the run of one logit.</param>
/// <param name="skipsUndefined">Whether labels without a value are left out of the mean, such as those that no row has.</param>
internal sealed class LabelRuns(int width, Averaging averaging, Func<MetricRun> start, bool skipsUndefined = false)
    : MetricRun(ScoreForm.Logits, width)
{
    private readonly MetricRun[] runs = [.. Enumerable.Range(0, averaging == Averaging.Micro ? 1 : width).Select(_ => start())];
    private readonly double[] truths = new double[averaging == Averaging.Micro ? 0 : width];
    private readonly int labels = width;
    private bool anyNaN;

    public override double Value
    {
        get
        {
            double sum = 0, parts = 0;
            for (int k = 0; k < runs.Length && !anyNaN; k++)
            {
                double value = runs[k].Value, part = averaging == Averaging.Weighted ? truths[k] : 1;
                if (!(skipsUndefined && double.IsNaN(value)))
                {
                    sum += part * value;
                    parts += part;
                }
            }

            return parts > 0 ? sum / parts : double.NaN;
        }
    }

    public override double[] State
    {
        get => [.. runs.SelectMany(r => r.State), .. truths];
        set
        {
            int each = runs[0].State.Length, expected = (each * runs.Length) + truths.Length;
            if (value.Length != expected)
            {
                throw new ArgumentException(
                    $"Expected a state of {expected} numbers but got {value.Length}: it belongs to another metric or network.", nameof(value));
            }

            foreach (var (k, run) in runs.Index())
            {
                run.State = value[(k * each)..((k + 1) * each)];
            }

            value.AsSpan(^truths.Length..).CopyTo(truths);
        }
    }

    protected override void CollectAll(in ScoredRows rows)
    {
        if (averaging == Averaging.Micro)
        {
            Add(runs[0], rows, rows.Scores, rows.Targets, Repeated(rows.Weights));
            return;
        }

        float[] scores = new float[rows.Count], targets = new float[rows.Count];
        for (int k = 0; k < labels; k++)
        {
            for (int row = 0; row < rows.Count; row++)
            {
                (scores[row], targets[row]) = (rows.Scores[(row * labels) + k], rows.Targets[(row * labels) + k]);
                truths[k] += targets[row] > 0 ? rows.Weight(row) : 0;
                anyNaN |= float.IsNaN(scores[row]) && rows.Weight(row) > 0;
            }

            Add(runs[k], rows, scores, targets, rows.Weights);
        }
    }

    protected override void Collect(in ScoredRows rows, int row, double weight) => throw new NotSupportedException("Labels are collected column by column.");

    private static void Add(MetricRun run, in ScoredRows rows, ReadOnlySpan<float> scores, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights) =>
        run.Add(new ScoredRows(ScoreForm.Logit, 1, scores, targets, weights) { YesAbove = rows.YesAbove });

    // A row's weight counts for each of its answers.
    private float[] Repeated(ReadOnlySpan<float> weights)
    {
        var repeated = new float[weights.Length * labels];
        for (int i = 0; i < repeated.Length; i++)
        {
            repeated[i] = weights[i / labels];
        }

        return repeated;
    }
}
