using System.Numerics;
using static TorchSharp.torch;
using MlNetDl.Configuration;

namespace MlNetDl.Training.Optimizers;

/// <summary>RMSProp (Tieleman and Hinton 2012, lecture 6.5): v ← α·v + (1 − α)·g², w ← w − η·g / (√v + ε), with ε
/// outside the root.</summary>
/// <remarks>PyTorch's formula. With momentum the step is b ← μ·b + g / (√v + ε), w ← w − η·b. Weight decay is added to
/// the gradient. The critic of WGAN (arXiv:1701.07875) takes it at η = 5e-5.</remarks>
public sealed record RmsProp : Optimizer
{
    /// <inheritdoc/>
    public override double LearningRate { get; init; } = 0.01;

    /// <summary>Decay α of the mean of the squared gradients, 0 to below 1; 0.99, as in PyTorch.</summary>
    [AtLeast(0), Below(1)]
    public double Alpha { get; init; } = 0.99;

    /// <summary>ε, greater than 0; 1e-8.</summary>
    [Above(0)]
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Momentum μ of the scaled gradients, 0 to below 1; none by default.</summary>
    [AtLeast(0), Below(1)]
    public double Momentum { get; init; }

    /// <inheritdoc/>
    public override OptimizerRun Start(IReadOnlyList<Tensor> parameters, IReadOnlyList<bool>? decays = null) => new Run(this, parameters, decays);

    private sealed class Run(RmsProp options, IReadOnlyList<Tensor> parameters, IReadOnlyList<bool>? decays)
        : OptimizerRun(options, parameters, decays, options.Momentum > 0 ? 2 : 1)
    {
        protected override bool TryUpdateInPlace(Span<float> weight, ReadOnlySpan<float> gradient, SlotSpans state, double learningRate, double decay)
        {
            Span<float> square = state[0], velocity = state.Count > 1 ? state[1] : [];
            float rate = (float)learningRate, lambda = (float)decay, mu = (float)options.Momentum, eps = (float)options.Epsilon;
            float keep = (float)options.Alpha, take = (float)(1 - options.Alpha);
            int i = 0, width = Vector<float>.Count;
            for (; i <= weight.Length - width; i += width)
            {
                var w = new Vector<float>(weight[i..]);
                var g = new Vector<float>(gradient[i..]) + (lambda * w);
                var v = (keep * new Vector<float>(square[i..])) + (take * g * g);
                v.CopyTo(square[i..]);
                var move = g / (Vector.SquareRoot(v) + new Vector<float>(eps));
                if (velocity.Length > 0)
                {
                    move += mu * new Vector<float>(velocity[i..]);
                    move.CopyTo(velocity[i..]);
                }

                (w - (rate * move)).CopyTo(weight[i..]);
            }

            for (; i < weight.Length; i++)
            {
                float g = gradient[i] + (lambda * weight[i]);
                float v = square[i] = (keep * square[i]) + (take * g * g);
                float move = g / (MathF.Sqrt(v) + eps);
                if (velocity.Length > 0)
                {
                    move = velocity[i] = (mu * velocity[i]) + move;
                }

                weight[i] -= rate * move;
            }

            return true;
        }

        protected override void Update(Tensor weight, Tensor gradient, IReadOnlyList<Tensor> state, double learningRate, double decay)
        {
            var g = decay == 0 ? gradient : gradient + (weight * decay);
            state[0].mul_(options.Alpha).add_(g * g * (1 - options.Alpha));
            var move = g / (state[0].sqrt() + options.Epsilon);
            weight.sub_((state.Count > 1 ? state[1].mul_(options.Momentum).add_(move) : move) * learningRate);
        }
    }
}
