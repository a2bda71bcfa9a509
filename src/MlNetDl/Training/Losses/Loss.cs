using System.Runtime.CompilerServices;
using MlNetDl.Configuration;
using MlNetDl.Metrics;
using static TorchSharp.torch;

namespace MlNetDl.Training.Losses;

/// <summary>The quantity that training minimises.</summary>
public abstract record Loss : ICheckedRecord
{
    /// <summary>The least divisor of a weighted mean, for <c>clamp_min</c>: the least normal float. No sum of real
    /// weights is below it. So a batch whose examples all weigh 0 moves nothing, where 0/0 would make every weight
    /// NaN.</summary>
    protected const float LeastWeight = 1.17549435e-38f;

    /// <summary>Whether this loss suits scores of a form. The task turns the network's outputs into probabilities, a
    /// logit or values, whatever loss trained them; the wrong loss would give scores that mean something else. Every
    /// form by default, for losses that belong to one task.</summary>
    /// <param name="form">The form of the task's scores.</param>
    public virtual bool Takes(ScoreForm form) => true;

    // Settings do not change, and this is asked in every step.
    private static readonly ConditionalWeakTable<Loss, StrongBox<string?>> WrongSettings = [];

    /// <summary>The loss of each example, [N], unweighted.</summary>
    /// <param name="outputs">The network's last value: logits or values, float32 [N, K].</param>
    /// <param name="targets">Class indices, int64 [N], or values, float32 [N, K].</param>
    protected abstract Tensor PerExample(Tensor outputs, Tensor targets);

    /// <summary>The reason why such outputs and targets cannot be compared; <see langword="null"/> when they can. It is
    /// asked for before any native call.</summary>
    protected abstract string? Misfit(Tensor outputs, Tensor targets);

    /// <summary>The problems of its settings that declared ranges cannot express, such as rules between members; none by
    /// default.</summary>
    public virtual IEnumerable<RecordProblem> Problems() => [];

    /// <summary>The mean loss of a batch, a scalar; with weights Σ wᵢ·Lᵢ / Σ wᵢ, so that weights do not change the
    /// learning rate. 0 where all weights are 0.</summary>
    /// <exception cref="InvalidOperationException">The outputs or targets have the wrong shape or type
    /// for this loss, or a setting is out of range.</exception>
    /// <exception cref="ComponentException">The code of the loss failed.</exception>
    public Tensor Mean(Tensor outputs, Tensor targets, Tensor? weights = null)
    {
        if ((WrongSettings.GetValue(this, Checked).Value ?? Told(nameof(Misfit), outputs, targets, () => Misfit(outputs, targets))) is { } problem)
        {
            throw new InvalidOperationException($"{GetType().Name}: {problem}");
        }

        return Told(nameof(PerExample), outputs, targets, () => weights is null
            ? MeanOf(outputs, targets) ?? throw Null()
            : WeightedMeanOf(outputs, targets, weights) ?? throw Null());
    }

    /// <summary>The weight of a batch among other batches: the divisor of <see cref="Mean"/>, a scalar; <see
    /// langword="null"/> stands for the number of examples. The mean over a set is computed with it.</summary>
    public virtual Tensor? Weight(Tensor targets, Tensor? weights = null) => weights?.sum();

    /// <summary>The unweighted mean; losses with a faster form than the mean of
    /// <see cref="PerExample"/> override it.</summary>
    protected virtual Tensor MeanOf(Tensor outputs, Tensor targets) => EachOf(outputs, targets).mean();

    /// <summary>The weighted mean; losses whose examples have parts that count for themselves (places of a sequence)
    /// override it.</summary>
    /// <param name="outputs">The network's last value.</param>
    /// <param name="targets">The targets.</param>
    /// <param name="weights">Weights of the examples, float32 [N].</param>
    protected virtual Tensor WeightedMeanOf(Tensor outputs, Tensor targets, Tensor weights) =>
        (EachOf(outputs, targets) * weights).sum() / weights.sum().ClampMin(LeastWeight);

    /// <summary>A tensor's type and shape for messages, such as <c>Float32[32, 10]</c>.</summary>
    protected static string Text(Tensor tensor) => $"{tensor.dtype}[{string.Join(", ", tensor.shape)}]";

    // Torch's error without the shapes that were compared helps nobody.
    private T Told<T>(string member, Tensor outputs, Tensor targets, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (e is not (ComponentException or OperationCanceledException))
        {
            throw new ComponentException(this, member, e, advice: $"It compared {Text(outputs)} with {Text(targets)}; let Misfit refuse "
                + "what the loss cannot compare.");
        }
    }

    private ComponentException Null() => new(this, nameof(PerExample), "it returned null; return a tensor.");

    // Another shape would spread over the weights without a word, and weigh nothing.
    private Tensor EachOf(Tensor outputs, Tensor targets)
    {
        var each = PerExample(outputs, targets) ?? throw Null();
        if (each.dim() != 1 || each.shape[0] != outputs.shape[0])
        {
            throw new ComponentException(
                this,
                nameof(PerExample),
                $"it must give the loss of each example, [{outputs.shape[0]}], but gave {Text(each)}.");
        }

        return each;
    }

    private static StrongBox<string?> Checked(Loss loss) =>
        new(RecordCheck.Problems(loss) is [var first, ..] ? first.ToString() : null);
}
