using MlNetDl.Metrics;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>Figures of scores against the truth.</summary>
public static class ScoreMetrics
{
    /// <summary>The figures that suit the task, by name: those of an evaluation, and others that
    /// are asked for.</summary>
    /// <param name="task">What the scores mean.</param>
    /// <param name="scores">The model's scores, row-major: probabilities [N, K], logits [N] or values [N, K].</param>
    /// <param name="targets">Class indices from 0 or values, row-major; −1 is a class that the model does not know:
    /// always wrong, with probability 0, and one class of its own where figures are averaged over classes.</param>
    /// <param name="width">Scores of a row, K.</param>
    /// <param name="more">Figures beside those of the task.</param>
    /// <exception cref="InvalidOperationException">There are no rows.</exception>
    /// <exception cref="ArgumentException">A metric does not take such scores.</exception>
    public static IReadOnlyDictionary<string, double> Of(
        LearningTask task, ReadOnlySpan<float> scores, ReadOnlySpan<float> targets, int width, IEnumerable<Metric>? more = null)
    {
        if (targets.IsEmpty)
        {
            throw new InvalidOperationException("There are no rows to evaluate.");
        }

        var rows = new ScoredRows(task.Scores, width, scores, targets) { YesAbove = task.YesAbove };
        var figures = new Dictionary<string, double>();
        foreach (var metric in task.EvaluationMetrics.Concat(more ?? []))
        {
            figures[metric.FigureName] = metric.Of(rows);
        }

        return figures;
    }
}
