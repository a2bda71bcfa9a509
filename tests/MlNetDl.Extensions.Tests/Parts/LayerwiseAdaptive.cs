using System.Runtime.CompilerServices;
using MlNetDl.Configuration;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Extensions.Tests.Parts;

/// <summary>An optimiser that needs norms of a weight: LARS (You et al. 2017, arXiv:1708.03888, algorithm 1): each
/// weight's own rate is η·‖w‖ / (‖g‖ + λ·‖w‖); v ← μ·v + α·rate·(g + λ·w), w ← w − v.</summary>
public sealed record LayerwiseAdaptive : Optimizer
{
    /// <inheritdoc/>
    public override double LearningRate { get; init; } = 1;

    /// <summary>Trust η, greater than 0; 0.001 as in the paper.</summary>
    [Above(0)]
    public double Trust { get; init; } = 0.001;

    /// <summary>Momentum μ, 0 to below 1.</summary>
    [AtLeast(0), Below(1)]
    public double Momentum { get; init; } = 0.9;

    /// <inheritdoc/>
    public override int Slots => 1;

    /// <inheritdoc/>
    public override void Update(WeightUpdate at)
    {
        double weight = at.WeightNorm(), gradient = at.GradientNorm();
        double trust = weight > 0 && gradient > 0 ? Trust * weight / (gradient + (at.Decay * weight)) : 1;
        at.Each(new Rule((float)(at.LearningRate * trust), (float)at.Decay, (float)Momentum));
    }

    private readonly struct Rule(float rate, float decay, float momentum) : IUpdateRule
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Move<T>(T weight, T gradient, Slots<T> state)
            where T : struct, IElements<T>
        {
            var velocity = (momentum * state[0]) + (rate * T.AddScaled(gradient, decay, weight));
            state[0] = velocity;
            return velocity;
        }
    }
}
