using System.Runtime.InteropServices;
using MlNetDl.Data;
using MlNetDl.Metrics;
using MlNetDl.Tasks;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>The answers of one teacher, or the mean of several, in the form of the student's outputs: logits up to a
/// constant a row, or values on the student's scale. Answers for examples with a place are computed once and
/// kept.</summary>
/// <param name="teachers">The teachers; they are freed with this.</param>
/// <param name="form">The form of the scores.</param>
/// <param name="scale">How the student's target values are standardised, where the teachers answer in the label's
/// unit.</param>
/// <param name="width">Answers an example.</param>
internal sealed class TaughtAnswers(
    IReadOnlyList<TeacherModel> teachers, ScoreForm form, TargetScale scale, int width) : IDisposable
{
    // A probability is at least the least normal float: the logarithm of 0 would be −∞.
    private const double LeastProbability = 1.17549435e-38;
    private float[] kept = [];
    private bool[] known = [];

    /// <summary>How often teachers were asked for a batch; for tests.</summary>
    public int Calls { get; private set; }

    /// <summary>Keeps answers from now on, as many as the memory takes.</summary>
    /// <param name="examples">Examples in the set.</param>
    /// <param name="megabytes">The most memory.</param>
    public void Keep(long examples, int megabytes)
    {
        long most = Math.Min(((long)megabytes << 20) / sizeof(float), Array.MaxLength) / width;
        int rows = (int)Math.Min(examples, most);
        (kept, known) = (new float[rows * width], new bool[rows]);
    }

    /// <summary>The answers for a batch, [N, width], row-major.</summary>
    public float[] Of(Batch batch)
    {
        if (known.Length == 0 || batch.Rows is null)
        {
            return Asked(batch.Inputs);
        }

        using var scope = NewDisposeScope();
        var rows = MemoryMarshal.Cast<byte, long>(batch.Rows.cpu().contiguous().bytes).ToArray();
        var unknown = Enumerable.Range(0, rows.Length).Where(i => !IsKept(rows[i]) || !known[rows[i]]).ToArray();
        var answers = new float[rows.Length * width];
        if (unknown.Length > 0)
        {
            var asked = Asked(unknown.Length == rows.Length ? batch.Inputs : Chosen(batch.Inputs, unknown));
            for (int i = 0; i < unknown.Length; i++)
            {
                asked.AsSpan(i * width, width).CopyTo(answers.AsSpan(unknown[i] * width));
                Remember(rows[unknown[i]], asked.AsSpan(i * width, width));
            }
        }

        foreach (int i in Enumerable.Range(0, rows.Length).Except(unknown))
        {
            kept.AsSpan((int)rows[i] * width, width).CopyTo(answers.AsSpan(i * width));
        }

        return answers;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var teacher in teachers)
        {
            teacher.Dispose();
        }
    }

    private bool IsKept(long row) => row >= 0 && row < known.Length;

    private void Remember(long row, ReadOnlySpan<float> answer)
    {
        if (IsKept(row))
        {
            answer.CopyTo(kept.AsSpan((int)row * width));
            known[row] = true;
        }
    }

    private static IReadOnlyList<Tensor> Chosen(IReadOnlyList<Tensor> inputs, int[] rows)
    {
        var chosen = tensor(rows.Select(r => (long)r).ToArray(), device: inputs[0].device);
        return [.. inputs.Select(i => i.index_select(0, chosen))];
    }

    // Products of matrices sum a single row in another order than rows of a batch. With a second row, the answer for an
    // example does not depend on the batch that it is in, and so not on which answers were kept.
    private float[] Asked(IReadOnlyList<Tensor> inputs)
    {
        Calls++;
        int rows = (int)inputs[0].shape[0];
        IReadOnlyList<Tensor> batch = rows == 1 ? [.. inputs.Select(i => i.repeat_interleave(2, 0))] : inputs;
        var answers = teachers.Select(t => (t.Kind, t.Score(batch).Floats)).ToList();
        return Joined(answers, form, scale, width).AsSpan(0, rows * width).ToArray();
    }

    /// <summary>The mean of the teachers' answers: of probabilities, or of values.</summary>
    internal static float[] Joined(
        IReadOnlyList<(AnswerKind Kind, float[] Values)> answers, ScoreForm form, TargetScale scale, int width) => form switch
        {
            ScoreForm.Values => scale.Standardize(MeanOf(answers.Select(a => a.Values))),
            // The logits of a single teacher are what it taught; a way over probabilities would round them.
            _ when answers is [(AnswerKind.Plain, var logits)] => logits,
            ScoreForm.Logit or ScoreForm.Logits => [.. MeanOf(answers.Select(YesOf)).Select(p => (float)(Log(p) - Log(1 - (double)p)))],
            _ => [.. MeanOf(answers.Select(a => ClassesOf(a, width))).Select(p => (float)Log(p))],
        };

    private static float[] MeanOf(IEnumerable<float[]> answers)
    {
        var all = answers.ToList();
        return all is [var one] ? one : [.. all[0].Select((_, i) => (float)(all.Sum(a => (double)a[i]) / all.Count))];
    }

    private static float[] YesOf((AnswerKind Kind, float[] Values) answer) => answer.Kind == AnswerKind.Probabilities
        ? answer.Values
        : [.. answer.Values.Select(z => (float)(1 / (1 + Math.Exp(-z))))];

    private static float[] ClassesOf((AnswerKind Kind, float[] Values) answer, int width)
    {
        if (answer.Kind == AnswerKind.Probabilities)
        {
            return answer.Values;
        }

        var probabilities = new float[answer.Values.Length];
        for (int start = 0; start < probabilities.Length; start += width)
        {
            var logits = answer.Values.AsSpan(start, width);
            float greatest = System.Numerics.Tensors.TensorPrimitives.Max<float>(logits);
            double sum = 0;
            foreach (float logit in logits)
            {
                sum += Math.Exp(logit - greatest);
            }

            for (int k = 0; k < width; k++)
            {
                probabilities[start + k] = (float)(Math.Exp(logits[k] - greatest) / sum);
            }
        }

        return probabilities;
    }

    private static double Log(double probability) => Math.Log(Math.Max(probability, LeastProbability));
}
