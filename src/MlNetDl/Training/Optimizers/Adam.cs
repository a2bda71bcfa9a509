using System.Numerics;
using static TorchSharp.torch;
using MlNetDl.Configuration;

namespace MlNetDl.Training.Optimizers;

/// <summary>Adam (Kingma and Ba 2014, arXiv:1412.6980, algorithm 1): w ← w − α·m̂ / (√v̂ + ε), with ε outside the root.</summary>
/// <remarks>Weight decay is added to the gradient (λ·w), where the adaptive scaling distorts it; <see cref="AdamW"/> decays the weights themselves.</remarks>
public record Adam : Optimizer
{
    /// <inheritdoc/>
    public override double LearningRate { get; init; } = 0.001;

    /// <summary>Decay β₁ of the mean of the gradients, 0 to below 1; the paper's 0.9.</summary>
    [AtLeast(0), Below(1)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay β₂ of the mean of their squares, 0 to below 1; the paper's 0.999. Transformers take 0.98.</summary>
    [AtLeast(0), Below(1)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>ε, greater than 0; the paper's 1e-8. Transformers take 1e-9.</summary>
    [Above(0)]
    public double Epsilon { get; init; } = 1e-8;

    /// <inheritdoc/>
    public override OptimizerRun Start(IReadOnlyList<Tensor> parameters, IReadOnlyList<bool>? decays = null) => new Run(this, parameters, decays);

    /// <summary>Whether decay shrinks the weights themselves instead of being added to the gradient.</summary>
    private protected virtual bool Decoupled => false;

    private sealed class Run(Adam options, IReadOnlyList<Tensor> parameters, IReadOnlyList<bool>? decays) : OptimizerRun(options, parameters, decays, slots: 2)
    {
        protected override bool TryUpdateInPlace(Span<float> weight, ReadOnlySpan<float> gradient, SlotSpans state, double learningRate, double decay)
        {
            Span<float> mean = state[0], square = state[1];
            var (rate, root) = Corrections(learningRate);
            float b1 = (float)options.Beta1, b2 = (float)options.Beta2, eps = (float)options.Epsilon, a = (float)rate, r = (float)root;
            float c1 = (float)(1 - options.Beta1), c2 = (float)(1 - options.Beta2);
            float shrink = options.Decoupled ? (float)(learningRate * decay) : 0, lambda = options.Decoupled ? 0 : (float)decay;
            int i = 0, width = Vector<float>.Count;
            for (; i <= weight.Length - width; i += width)
            {
                var w = new Vector<float>(weight[i..]);
                var g = new Vector<float>(gradient[i..]) + (lambda * w);
                var m = (b1 * new Vector<float>(mean[i..])) + (c1 * g);
                var v = (b2 * new Vector<float>(square[i..])) + (c2 * g * g);
                m.CopyTo(mean[i..]);
                v.CopyTo(square[i..]);
                (w - ((shrink * w) + (a * m / ((Vector.SquareRoot(v) * r) + new Vector<float>(eps))))).CopyTo(weight[i..]);
            }

            for (; i < weight.Length; i++)
            {
                float g = gradient[i] + (lambda * weight[i]);
                float m = mean[i] = (b1 * mean[i]) + (c1 * g);
                float v = square[i] = (b2 * square[i]) + (c2 * g * g);
                weight[i] -= (shrink * weight[i]) + (a * m / ((MathF.Sqrt(v) * r) + eps));
            }

            return true;
        }

        protected override void Update(Tensor weight, Tensor gradient, IReadOnlyList<Tensor> state, double learningRate, double decay)
        {
            var (rate, root) = Corrections(learningRate);
            if (options.Decoupled)
            {
                weight.sub_(weight * (learningRate * decay));
            }

            var g = options.Decoupled || decay == 0 ? gradient : gradient + (weight * decay);
            state[0].mul_(options.Beta1).add_(g * (1 - options.Beta1));
            state[1].mul_(options.Beta2).add_(g * g * (1 - options.Beta2));
            weight.sub_(state[0] * rate / ((state[1].sqrt() * root) + options.Epsilon));
        }

        // α·m̂ = (α / (1 − β₁ᵗ))·m and √v̂ = √v / √(1 − β₂ᵗ).
        private (double Rate, double Root) Corrections(double learningRate) =>
            (learningRate / (1 - Math.Pow(options.Beta1, Steps)), 1 / Math.Sqrt(1 - Math.Pow(options.Beta2, Steps)));
    }
}
