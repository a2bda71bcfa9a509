using System.Numerics.Tensors;

namespace MlNetDl.Metrics;

/// <summary>Some rows with their scores, targets and weights.</summary>
public readonly ref struct ScoredRows
{
    /// <summary>
    /// The truth of a row whose class the model does not know: never right, with probability 0, and a class of its own
    /// where figures are averaged over classes.
    /// </summary>
    public const int UnknownClass = -1;

    /// <summary>The prediction of a row with a NaN among its scores: it equals no truth, not even
    /// <see cref="UnknownClass"/>.</summary>
    public const int NoPrediction = -2;

    /// <summary>Rows; nothing is copied.</summary>
    /// <param name="form">What the scores are.</param>
    /// <param name="width">Scores of a row, K; 1 for <see cref="ScoreForm.Logit"/>.</param>
    /// <param name="scores">[N, K], row-major.</param>
    /// <param name="targets">Class indices from 0, or 0 and 1, [N], where a negative number is a class that the model
    /// does not know; or values, [N, K] (or [N, W] for a task of its own), or 0 and 1 of each label, [N, K], row-major.</param>
    /// <param name="weights">[N], 0 or more; empty: each row weighs 1. Weight k is k such rows, so a row of weight 0
    /// is left out.</param>
    /// <exception cref="ArgumentException"> The lengths do not fit each other, a target is no class, or a weight is
    /// negative or not finite.
    /// </exception>
    public ScoredRows(
        ScoreForm form,
        int width,
        ReadOnlySpan<float> scores,
        ReadOnlySpan<float> targets,
        ReadOnlySpan<float> weights = default)
    {
        Form = form;
        Width = width;
        Scores = scores;
        Targets = targets;
        Weights = weights;
        if (WidthProblem(form, width) is { } problem)
        {
            throw new ArgumentException(problem, nameof(width));
        }

        Count = scores.Length / width;
        if (scores.Length != Count * width)
        {
            throw new ArgumentException(
                $"Expected rows of {width} scores but {scores.Length} scores are not a multiple of it.",
                nameof(scores));
        }

        TargetWidth = form switch
        {
            ScoreForm.Values when Count > 0 => Math.Max(1, targets.Length / Count),
            ScoreForm.Logits => width,
            _ => 1,
        };
        if (targets.Length != Count * TargetWidth)
        {
            throw new ArgumentException($"Expected {(form is ScoreForm.Values or ScoreForm.Logits ? scores.Length : Count)} targets for {Count} rows of "
                + $"{width} scores but got {targets.Length}.", nameof(targets));
        }

        if (!weights.IsEmpty && weights.Length != Count)
        {
            throw new ArgumentException($"Expected {Count} weights, one a row, or none, but got {weights.Length}.", nameof(weights));
        }

        CheckTargets();
        CheckWeights();
    }

    /// <summary>Form of the scores.</summary>
    public ScoreForm Form { get; }

    /// <summary>Scores of a row, K.</summary>
    public int Width { get; }

    /// <summary>Rows, N.</summary>
    public int Count { get; }

    /// <summary>Values of a target: 1 for a class; of values as many as there are scores, unless a task predicts more
    /// of a row than its label has, such as several quantiles.</summary>
    public int TargetWidth { get; }

    /// <summary>The scores, [N, K], row-major.</summary>
    public ReadOnlySpan<float> Scores { get; }

    /// <summary>The targets: [N] classes, or [N, K] values or labels.</summary>
    public ReadOnlySpan<float> Targets { get; }

    /// <summary>The weights, [N]; empty where each row weighs 1.</summary>
    public ReadOnlySpan<float> Weights { get; }

    /// <summary>The logit above which yes is predicted; 0, a probability of one half, unless a task has another threshold.</summary>
    public float YesAbove { get; init; }

    /// <summary>Classes: K of probabilities, 2 of a logit; 0 of values and of several labels.</summary>
    public int ClassCount => Classes(Form, Width);

    /// <summary>The scores of a row, [K].</summary>
    public ReadOnlySpan<float> Row(int row) => Scores.Slice(row * Width, Width);

    /// <summary>The target of a row: [1] class, or [K] values or labels.</summary>
    public ReadOnlySpan<float> Target(int row) => Targets.Slice(row * TargetWidth, TargetWidth);

    /// <summary>The target of a row, value for value beside its scores.</summary>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    public ReadOnlySpan<float> TargetPerScore(int row)
    {
        if (TargetWidth != Width)
        {
            throw new ArgumentException($"The rows have {Width} scores and {TargetWidth} target values each, which "
                + "this metric compares one by one; choose one that is made for the task.");
        }

        return Target(row);
    }

    /// <summary>The weight of a row.</summary>
    public double Weight(int row) => Weights.IsEmpty ? 1 : Weights[row];

    /// <summary>The class of a row, or <see cref="UnknownClass"/>.</summary>
    public int Truth(int row) => Targets[row] < 0 ? UnknownClass : (int)Targets[row];

    /// <summary>
    /// The class with the highest score, the first of equal ones. A logit above <see cref="YesAbove"/> gives class 1, any other 0. <see
    /// cref="NoPrediction"/> where a score is NaN.
    /// </summary>
    public int Predicted(int row)
    {
        var scores = Row(row);
        // The place of a NaN, where there is one.
        int highest = TensorPrimitives.IndexOfMax(scores);
        if (float.IsNaN(scores[highest]))
        {
            return NoPrediction;
        }

        if (Form == ScoreForm.Logit)
        {
            return scores[0] > YesAbove ? 1 : 0;
        }

        return highest;
    }

    /// <summary>
    /// The probability of a class, 0 for <see cref="UnknownClass"/>. A logit x gives its sigmoid, 1 / (1 + e⁻ˣ),
    /// computed in double.
    /// </summary>
    public double Probability(int row, int classIndex)
    {
        if (classIndex == UnknownClass)
        {
            return 0;
        }

        if (Form == ScoreForm.Probabilities)
        {
            return Row(row)[classIndex];
        }

        double logit = Scores[row];
        return 1 / (1 + Math.Exp(classIndex == 1 ? -logit : logit));
    }

    /// <summary>Whether a label is predicted right for a row: the logit is above <see cref="YesAbove"/> where the row has it, and elsewhere not. A NaN is
    /// never right.</summary>
    internal bool IsRight(int row, int label)
    {
        float logit = Scores[(row * Width) + label];
        return !float.IsNaN(logit) && logit > YesAbove == Targets[(row * Width) + label] > 0;
    }

    internal static int Classes(ScoreForm form, int width) => form switch
    {
        ScoreForm.Probabilities => width,
        ScoreForm.Logit => 2,
        _ => 0,
    };

    internal static string? WidthProblem(ScoreForm form, int width)
    {
        if (form == ScoreForm.Logit)
        {
            return width == 1 ? null : $"expected 1 score a row but got {width}.";
        }

        return width >= 1 ? null : $"expected 1 or more scores a row but got {width}.";
    }

    private void CheckTargets()
    {
        if (Form == ScoreForm.Values)
        {
            return;
        }

        if (Form == ScoreForm.Logits)
        {
            int wrong = Targets.IndexOfAnyExcept(0f, 1f);
            if (wrong >= 0)
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"Row {wrong / Width}, label {wrong % Width}: expected 0 or 1 but the target is {Targets[wrong]}."),
                    "targets");
            }

            return;
        }

        for (int row = 0; row < Count; row++)
        {
            float target = Targets[row];
            if (!(target < 0) && !(target < ClassCount && target == (int)target))
            {
                var expected = $"a class from 0 to {ClassCount - 1}, or -1 for one that the model does not know,";
                throw new ArgumentException(
                    FormattableString.Invariant($"Row {row}: expected {expected} but the target is {target}."),
                    "targets");
            }
        }
    }

    private void CheckWeights()
    {
        for (int row = 0; row < Weights.Length; row++)
        {
            if (!(Weights[row] >= 0) || float.IsInfinity(Weights[row]))
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"Row {row}: expected a finite weight of 0 or more but got {Weights[row]}."), "weights");
            }
        }
    }
}
