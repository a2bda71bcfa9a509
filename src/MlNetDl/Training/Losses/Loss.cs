using System.Globalization;
using MlNetDl.Metrics;
using static TorchSharp.torch;

namespace MlNetDl.Training.Losses;

/// <summary>What training minimises.</summary>
public abstract record Loss
{
    // A batch whose classes all weigh 0 moves nothing, where 0/0 would make every weight NaN. The least normal float: no sum of real weights is below it.
    private protected const float LeastWeight = 1.17549435e-38f;

    /// <summary>Whether a training with this loss leaves scores that mean what such scores should: the network's outputs become
    /// probabilities, a logit or values
    /// by the task, whatever they were trained for. Any form by default, for losses that are a task's own.</summary>
    /// <param name="form">What the task's scores are.</param>
    public virtual bool Takes(ScoreForm form) => true;

    /// <summary>The loss of each example, [N], unweighted.</summary>
    /// <param name="outputs">The network's last value: logits or values, float32 [N, K].</param>
    /// <param name="targets">Class indices, int64 [N], or values, float32 [N, K].</param>
    protected abstract Tensor PerExample(Tensor outputs, Tensor targets);

    /// <summary>Why such outputs and targets cannot be compared; <see langword="null"/> when they can. Checked before any native call.</summary>
    protected abstract string? Misfit(Tensor outputs, Tensor targets);

    /// <summary>The mean loss of a batch, a scalar; with weights Σ wᵢ·Lᵢ / Σ wᵢ, so that weights do not change the learning rate. 0 where
    /// all weights are 0.</summary>
    /// <exception cref="InvalidOperationException">The outputs or targets have the wrong shape or type for this loss.</exception>
    public Tensor Mean(Tensor outputs, Tensor targets, Tensor? weights = null)
    {
        if (Misfit(outputs, targets) is { } problem)
        {
            throw new InvalidOperationException($"{GetType().Name}: {problem}");
        }

        return weights is null ? MeanOf(outputs, targets) : WeightedMeanOf(outputs, targets, weights);
    }

    /// <summary>What a batch weighs beside other batches, the divisor of <see cref="Mean"/>, a scalar;
    /// <see langword="null"/> when that is the number of examples. The mean of a set is put together with it.</summary>
    public virtual Tensor? Weight(Tensor targets, Tensor? weights = null) => weights?.sum();

    /// <summary>The unweighted mean; losses with a faster form than the mean of <see cref="PerExample"/> override it.</summary>
    protected virtual Tensor MeanOf(Tensor outputs, Tensor targets) => PerExample(outputs, targets).mean();

    /// <summary>The weighted mean; losses whose examples have parts that count for themselves (places of a sequence)
    /// override it.</summary>
    /// <param name="outputs">The network's last value.</param>
    /// <param name="targets">The targets.</param>
    /// <param name="weights">Weights of the examples, float32 [N].</param>
    protected virtual Tensor WeightedMeanOf(Tensor outputs, Tensor targets, Tensor weights) =>
        (PerExample(outputs, targets) * weights).sum() / weights.sum().clamp_min(LeastWeight);

    private protected static string Text(Tensor tensor) => $"{tensor.dtype}[{string.Join(", ", tensor.shape)}]";

    private protected static string Wrong(string member, string range, double value) =>
        string.Create(CultureInfo.InvariantCulture, $"{member} must be {range} but is {value}.");
}
