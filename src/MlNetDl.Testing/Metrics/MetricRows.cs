using MlNetDl.Metrics;

namespace MlNetDl.Testing;

/// <summary>Scored rows that can be taken apart, repeated and put in another order.</summary>
/// <param name="Form">What the scores are.</param>
/// <param name="Width">Scores of a row.</param>
/// <param name="Scores">[N, Width], row-major.</param>
/// <param name="Targets">Classes, [N], or values or labels, as many of each row.</param>
/// <param name="Weights">[N]; <see langword="null"/> where each row weighs 1.</param>
public sealed record MetricRows(ScoreForm Form, int Width, float[] Scores, float[] Targets, float[]? Weights = null)
{
    /// <summary>Rows, N.</summary>
    public int Count => Scores.Length / Width;

    /// <summary>As metrics take them.</summary>
    public ScoredRows Rows => new(Form, Width, Scores, Targets, Weights);

    private int TargetWidth => Count == 0 ? 1 : Targets.Length / Count;

    /// <summary>Random rows: coarse scores, so that some are equal, and every class in the truth.</summary>
    /// <param name="form">What the scores are: of seven classes, one logit, three labels, or two values.</param>
    /// <param name="rows">How many, seven or more.</param>
    /// <param name="seed">What they follow from.</param>
    public static MetricRows Random(ScoreForm form, int rows, int seed)
    {
        var random = new Random(seed);
        int width = WidthOf(form);
        float[] scores = [.. Enumerable.Range(0, rows * width)
            .Select(_ => form == ScoreForm.Probabilities ? random.Next(1, 8) / 32f : (random.Next(33) - 16) / 4f)];
        float[] targets = form switch
        {
            ScoreForm.Values => [.. Enumerable.Range(0, rows * width).Select(_ => (float)((random.NextDouble() * 4) - 1))],
            ScoreForm.Logits => [.. Enumerable.Range(0, rows * width).Select(i => (float)(i < 2 * width ? i / width : random.Next(2)))],
            _ => [.. Enumerable.Range(0, rows).Select(i => (float)(i < Classes(form) ? i : random.Next(Classes(form))))],
        };
        return new(form, width, scores, targets);
    }

    /// <summary>The truth as scores, of at least two rows of each class.</summary>
    /// <param name="form">What the scores are.</param>
    public static MetricRows Perfect(ScoreForm form)
    {
        int width = WidthOf(form);
        if (form == ScoreForm.Values)
        {
            float[] values = [.. Enumerable.Range(1, 4 * width).Select(i => i * i / 8f)];
            return new(form, width, [.. values], values);
        }

        if (form == ScoreForm.Logits)
        {
            // Every set of labels.
            float[] labels = [.. Enumerable.Range(0, width << width).Select(i => (float)((i / width >> (i % width)) & 1))];
            return new(form, width, [.. labels.Select(t => t > 0 ? 50f : -50f)], labels);
        }

        float[] truths = [.. Enumerable.Range(0, 2 * Classes(form)).Select(i => (float)(i % Classes(form)))];
        return new(form, width, form == ScoreForm.Logit
            ? [.. truths.Select(t => t > 0 ? 50f : -50f)]
            : [.. truths.SelectMany(t => Enumerable.Range(0, width).Select(k => k == t ? 1f : 0))], truths);
    }

    /// <summary>The rows of those numbers, in that order.</summary>
    /// <param name="rows">Numbers from 0; a number may come again.</param>
    public MetricRows Take(IEnumerable<int> rows)
    {
        int[] chosen = [.. rows];
        int targets = TargetWidth;
        return this with
        {
            Scores = [.. chosen.SelectMany(r => Scores[(r * Width)..((r + 1) * Width)])],
            Targets = [.. chosen.SelectMany(r => Targets[(r * targets)..((r + 1) * targets)])],
            Weights = Weights is null ? null : [.. chosen.Select(r => Weights[r])],
        };
    }

    private static int Classes(ScoreForm form) => form == ScoreForm.Logit ? 2 : WidthOf(form);

    private static int WidthOf(ScoreForm form) => form switch
    {
        ScoreForm.Probabilities => 7,
        ScoreForm.Logit => 1,
        ScoreForm.Logits => 3,
        _ => 2,
    };
}
