using System.Runtime.CompilerServices;
using MlNetDl.Configuration;

namespace MlNetDl.Training.Optimizers;

/// <summary>Stochastic gradient descent with momentum: v ← μ·v + (g + λ·w), w ← w − α·v.</summary>
/// <remarks>PyTorch's convention. AlexNet's paper has α inside the velocity; the two differ when α changes. Weight
/// decay λ is half the factor of ‖w‖².</remarks>
public sealed record Sgd : Optimizer
{
    /// <inheritdoc/>
    public override double LearningRate { get; init; } = 0.01;

    /// <summary>Momentum μ, 0 to below 1; 0.9 is the usual choice.</summary>
    [AtLeast(0), Below(1)]
    public double Momentum { get; init; } = 0.9;

    /// <summary>Whether the gradient is taken ahead of the velocity (Nesterov): w ← w − α·(g + μ·v).</summary>
    public bool Nesterov { get; init; }

    /// <inheritdoc/>
    public override int Slots => Momentum > 0 ? 1 : 0;

    /// <inheritdoc/>
    public override void Update(WeightUpdate at) => at.Each(new Rule((float)at.LearningRate, (float)at.Decay, (float)Momentum, Nesterov));

    private readonly struct Rule(float rate, float lambda, float momentum, bool nesterov) : IUpdateRule
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Move<T>(T weight, T gradient, Slots<T> state)
            where T : struct, IElements<T>
        {
            var g = T.AddScaled(gradient, lambda, weight);
            if (momentum > 0)
            {
                var velocity = (momentum * state[0]) + g;
                state[0] = velocity;
                g = nesterov ? T.AddScaled(g, momentum, velocity) : velocity;
            }

            return rate * g;
        }
    }
}
