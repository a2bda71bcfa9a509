using System.Runtime.CompilerServices;
using MlNetDl.Configuration;

namespace MlNetDl.Training.Optimizers;

/// <summary>Lion (Chen et al. 2023, arXiv:2302.06675, algorithm 2): w ← w − α·(sign(β₁·m + (1 − β₁)·g) + λ·w), then
/// m ← β₂·m + (1 − β₂)·g.</summary>
/// <remarks>Every element moves by α, so α is to be three to ten times smaller than AdamW's and λ as many times greater
/// (section 5 of the paper). It needs one state tensor where Adam needs two. Weight decay is decoupled.</remarks>
public sealed record Lion : Optimizer
{
    /// <inheritdoc/>
    public override double LearningRate { get; init; } = 1e-4;

    /// <summary>β₁, the share of the momentum in the direction of the step, 0 to below 1; the paper's 0.9.</summary>
    [AtLeast(0), Below(1)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay β₂ of the momentum, 0 to below 1; the paper's 0.99.</summary>
    [AtLeast(0), Below(1)]
    public double Beta2 { get; init; } = 0.99;

    /// <inheritdoc/>
    public override int Slots => 1;

    /// <inheritdoc/>
    public override void Update(WeightUpdate at) => at.Each(new Rule(
        (float)at.LearningRate, (float)(at.LearningRate * at.Decay), (float)Beta1, (float)(1 - Beta1), (float)Beta2, (float)(1 - Beta2)));

    private readonly struct Rule(float rate, float shrink, float beta1, float rest1, float beta2, float rest2) : IUpdateRule
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Move<T>(T weight, T gradient, Slots<T> state)
            where T : struct, IElements<T>
        {
            var mean = state[0];
            var move = rate * T.Sign(T.AddScaled(beta1 * mean, rest1, gradient));
            state[0] = T.AddScaled(beta2 * mean, rest2, gradient);
            return T.AddScaled(move, shrink, weight);
        }
    }
}
