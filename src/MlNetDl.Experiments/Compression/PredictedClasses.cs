using System.Globalization;
using MlNetDl.Metrics;
using MlNetDl.Models;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>The classes that a model predicts for rows, and the true ones, by name: models may number them
/// differently. Where a row may have several labels, its class is the set of them.</summary>
/// <param name="Predicted">The predicted class of each row.</param>
/// <param name="Truth">The true class of each row.</param>
internal sealed record PredictedClasses(IReadOnlyList<string> Predicted, IReadOnlyList<string> Truth)
{
    /// <summary>Whether a task predicts classes, or sets of labels: something that is the same or not.</summary>
    public static bool Has(LearningTask task) => task.Scores != ScoreForm.Values;

    /// <summary>Reads scores; <see langword="null"/> where a row has no class.</summary>
    /// <param name="manifest">The model's.</param>
    /// <param name="scores">Its scores, row-major.</param>
    /// <param name="targets">The targets, one a row; of several labels a row, one for each.</param>
    public static PredictedClasses? Of(ModelManifest manifest, float[] scores, float[] targets)
    {
        int width = manifest.Outputs;
        var task = ScoredTask.Of(manifest);
        if (task.Scores == ScoreForm.Logits && scores.Length == targets.Length && width > 0)
        {
            return new(Sets(manifest, scores, task.YesAbove), Sets(manifest, targets, above: 0));
        }

        if (width == 0 || scores.Length != (long)targets.Length * width || targets.Length == 0)
        {
            return null;
        }

        if (task.Label.IsClassIndex)
        {
            return new(
                [.. Enumerable.Range(0, targets.Length).Select(i => Name(Greatest(scores.AsSpan(i * width, width))))],
                [.. targets.Select(t => Name((int)t))]);
        }

        if (task.Read(scores.AsSpan(0, width), manifest.Label).Predicted is not bool)
        {
            return null;
        }

        return new(
            [.. Enumerable.Range(0, targets.Length).Select(i => $"{task.Read(scores.AsSpan(i * width, width), manifest.Label).Predicted}")],
            [.. targets.Select(t => $"{t > 0.5f}")]);

        string Name(int index) => index >= 0 && index < manifest.ClassNames.Count ? manifest.ClassNames[index]
            : index.ToString(CultureInfo.InvariantCulture);
    }

    // The names are sorted, because models may have them in another order.
    private static List<string> Sets(ModelManifest manifest, float[] values, float above) => [.. values.Chunk(manifest.Outputs).Select(row =>
        string.Join('|', manifest.ClassNames.Where((_, i) => row[i] > above).Order(StringComparer.Ordinal)))];

    private static int Greatest(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int i = 1; i < scores.Length; i++)
        {
            best = scores[i] > scores[best] ? i : best;
        }

        return best;
    }
}
