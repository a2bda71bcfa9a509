using MlNetDl.Metrics;
using MlNetDl.Networks;

namespace MlNetDl.Experiments;

/// <summary>Figures of scores against the truth.</summary>
public static class ScoreMetrics
{
    /// <summary>The figures that suit the task, by name.</summary>
    /// <param name="task">What the scores mean.</param>
    /// <param name="scores">Probabilities [N, K], logits [N] or values [N, K], row-major.</param>
    /// <param name="targets">Class indices from 0 or values, row-major; −1 is a class that the model does not know: always wrong, with probability 0, and one class of its own in the macro accuracy.</param>
    /// <returns>Multiclass: <c>accuracy</c>, <c>macroAccuracy</c>, <c>logLoss</c>. Binary: <c>accuracy</c>, <c>auc</c>, <c>f1</c>, <c>logLoss</c>. Regression: <c>r2</c>, <c>rmse</c>, <c>mae</c>.</returns>
    public static IReadOnlyDictionary<string, double> Of(PredictionTask task, ReadOnlySpan<float> scores, ReadOnlySpan<float> targets) => task switch
    {
        _ when targets.IsEmpty => throw new InvalidOperationException("There are no rows to evaluate."),
        PredictionTask.Multiclass => Multiclass(scores, targets),
        PredictionTask.Binary => Binary(scores, targets),
        _ => Regression(scores, targets),
    };

    private static Dictionary<string, double> Multiclass(ReadOnlySpan<float> scores, ReadOnlySpan<float> targets)
    {
        int classes = scores.Length / targets.Length;
        int[] right = new int[classes + 1], all = new int[classes + 1];
        double logLoss = 0;
        for (int i = 0; i < targets.Length; i++)
        {
            var row = scores.Slice(i * classes, classes);
            int truth = targets[i] < 0 ? classes : (int)targets[i];
            all[truth]++;
            right[truth] += System.Numerics.Tensors.TensorPrimitives.IndexOfMax(row) == truth && !float.IsNaN(row[truth]) ? 1 : 0;
            logLoss -= Math.Log(Math.Max(truth == classes ? 0 : row[truth], 1e-15));
        }

        return new()
        {
            ["accuracy"] = (double)right.Sum() / targets.Length,
            ["macroAccuracy"] = Enumerable.Range(0, classes + 1).Where(c => all[c] > 0).Average(c => (double)right[c] / all[c]),
            ["logLoss"] = logLoss / targets.Length,
        };
    }

    private static Dictionary<string, double> Binary(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets)
    {
        double right = 0, truePositives = 0, positives = 0, predicted = 0, logLoss = 0;
        for (int i = 0; i < targets.Length; i++)
        {
            bool yes = logits[i] > 0, truth = targets[i] > 0.5f;
            right += yes == truth ? 1 : 0;
            truePositives += yes && truth ? 1 : 0;
            positives += truth ? 1 : 0;
            predicted += yes ? 1 : 0;
            logLoss += Math.Max(logits[i], 0) - (logits[i] * targets[i]) + Math.Log(1 + Math.Exp(-Math.Abs(logits[i])));
        }

        return new()
        {
            ["accuracy"] = right / targets.Length,
            ["auc"] = new RocAuc().Of(new(ScoreForm.Logit, 1, logits, targets)),
            ["f1"] = positives + predicted > 0 ? 2 * truePositives / (positives + predicted) : 0,
            ["logLoss"] = logLoss / targets.Length,
        };
    }

    private static Dictionary<string, double> Regression(ReadOnlySpan<float> scores, ReadOnlySpan<float> targets)
    {
        double squares = 0, absolute = 0, sum = 0, variance = 0;
        for (int i = 0; i < targets.Length; i++)
        {
            double error = scores[i] - targets[i];
            squares += error * error;
            absolute += Math.Abs(error);
            sum += targets[i];
        }

        foreach (float target in targets)
        {
            variance += Math.Pow(target - (sum / targets.Length), 2);
        }

        return new()
        {
            ["r2"] = variance > 0 ? 1 - (squares / variance) : double.NaN,
            ["rmse"] = Math.Sqrt(squares / targets.Length),
            ["mae"] = absolute / targets.Length,
        };
    }
}
