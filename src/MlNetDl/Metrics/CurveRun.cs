using System.Runtime.InteropServices;

namespace MlNetDl.Metrics;

/// <summary>A figure of ranks: see <see cref="CurveMetric.OfRanks"/>.</summary>
internal delegate double RanksFigure(IReadOnlyList<(double Yes, double No)> ranks, double yes, double no);

/// <summary>Keeps all rows, ranks them by the score of each class and averages a figure of the ranks.</summary>
internal sealed class CurveRun(ScoreForm form, int width, RanksFigure figure, bool weighted) : MetricRun(form, width)
{
    private readonly int outputs = width;
    private readonly bool logit = form == ScoreForm.Logit;
    private readonly List<float> scores = [];
    private readonly List<int> truths = [];
    private readonly List<double> weights = [];
    private bool anyNaN;

    public override double Value
    {
        get
        {
            double sum = 0, parts = 0;
            for (int k = 0; k < outputs && !anyNaN; k++)
            {
                int classIndex = logit ? 1 : k;
                double yes = WeightOf(truth => truth == classIndex), no = WeightOf(truth => truth != classIndex);
                if (yes > 0)
                {
                    double part = weighted ? yes : 1;
                    sum += part * figure(Ranks(k, classIndex), yes, no);
                    parts += part;
                }
            }

            return parts > 0 ? sum / parts : double.NaN;
        }
    }

    public override double[] State
    {
        get => throw NoState();
        set => throw NoState();
    }

    protected override void Collect(in ScoredRows rows, int row, double weight)
    {
        foreach (float score in rows.Row(row))
        {
            anyNaN |= float.IsNaN(score);
            scores.Add(score);
        }

        truths.Add(rows.Truth(row));
        weights.Add(weight);
    }

    private static NotSupportedException NoState() =>
        new("The metric needs all rows, so a checkpoint could hold no sums of it; compute it over a whole set (Metric.NeedsAllRows).");

    private double WeightOf(Func<int, bool> chosen)
    {
        double sum = 0;
        for (int row = 0; row < truths.Count; row++)
        {
            sum += chosen(truths[row]) ? weights[row] : 0;
        }

        return sum;
    }

    private List<(double Yes, double No)> Ranks(int output, int classIndex)
    {
        float[] keys = new float[truths.Count];
        int[] rows = new int[truths.Count];
        var all = CollectionsMarshal.AsSpan(scores);
        for (int row = 0; row < rows.Length; row++)
        {
            (keys[row], rows[row]) = (all[(row * outputs) + output], row);
        }

        Array.Sort(keys, rows);
        var ranks = new List<(double Yes, double No)>();
        for (int start = 0, end; start < keys.Length; start = end)
        {
            double yes = 0, no = 0;
            for (end = start; end < keys.Length && keys[end] == keys[start]; end++)
            {
                double weight = weights[rows[end]];
                yes += truths[rows[end]] == classIndex ? weight : 0;
                no += truths[rows[end]] == classIndex ? 0 : weight;
            }

            ranks.Add((yes, no));
        }

        return ranks;
    }
}
