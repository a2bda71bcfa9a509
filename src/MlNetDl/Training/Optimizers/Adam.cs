using System.Runtime.CompilerServices;
using MlNetDl.Configuration;

namespace MlNetDl.Training.Optimizers;

/// <summary>Adam (Kingma and Ba 2014, arXiv:1412.6980, algorithm 1): w ← w − α·m̂ / (√v̂ + ε), with ε
/// outside the root.</summary>
/// <remarks>Weight decay is added to the gradient (λ·w), where the adaptive scaling distorts it; <see cref="AdamW"/>
/// decays the weights themselves.</remarks>
public record Adam : Optimizer
{
    /// <inheritdoc/>
    public override double LearningRate { get; init; } = 0.001;

    /// <summary>Decay β₁ of the mean of the gradients, 0 to below 1; the paper's 0.9.</summary>
    [AtLeast(0), Below(1)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay β₂ of the mean of their squares, 0 to below 1; the paper's 0.999.
    /// Transformers take 0.98.</summary>
    [AtLeast(0), Below(1)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>ε, greater than 0; the paper's 1e-8. Transformers take 1e-9.</summary>
    [Above(0)]
    public double Epsilon { get; init; } = 1e-8;

    /// <inheritdoc/>
    public override int Slots => 2;

    /// <inheritdoc/>
    public override void Update(WeightUpdate at)
    {
        // α·m̂ = (α / (1 − β₁ᵗ))·m and √v̂ = √v / √(1 − β₂ᵗ).
        double rate = at.LearningRate / (1 - Math.Pow(Beta1, at.Steps)), root = 1 / Math.Sqrt(1 - Math.Pow(Beta2, at.Steps));
        double shrink = Decoupled ? at.LearningRate * at.Decay : 0, lambda = Decoupled ? 0 : at.Decay;
        at.Each(new Rule(
            (float)rate,
            (float)root,
            (float)Epsilon,
            (float)Beta1,
            (float)(1 - Beta1),
            (float)Beta2,
            (float)(1 - Beta2),
            (float)shrink,
            (float)lambda));
    }

    /// <summary>Whether decay shrinks the weights themselves instead of being added to the gradient.</summary>
    protected virtual bool Decoupled => false;

    private readonly struct Rule(
        float rate, float root, float epsilon, float beta1, float rest1, float beta2, float rest2, float shrink, float lambda) : IUpdateRule
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Move<T>(T weight, T gradient, Slots<T> state)
            where T : struct, IElements<T>
        {
            var g = T.AddScaled(gradient, lambda, weight);
            var mean = T.AddScaled(beta1 * state[0], rest1, g);
            var square = (beta2 * state[1]) + (rest2 * g * g);
            state[0] = mean;
            state[1] = square;
            return T.AddScaled(rate * mean / ((root * T.Sqrt(square)) + epsilon), shrink, weight);
        }
    }
}
