using System.Runtime.CompilerServices;
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
    public override int Slots => Momentum > 0 ? 2 : 1;

    /// <inheritdoc/>
    public override void Update(WeightUpdate at) => at.Each(
        new Rule((float)at.LearningRate, (float)at.Decay, (float)Alpha, (float)(1 - Alpha), (float)Epsilon, (float)Momentum));

    private readonly struct Rule(float rate, float lambda, float keep, float take, float epsilon, float momentum) : IUpdateRule
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Move<T>(T weight, T gradient, Slots<T> state)
            where T : struct, IElements<T>
        {
            var g = T.AddScaled(gradient, lambda, weight);
            var square = (keep * state[0]) + (take * g * g);
            state[0] = square;
            var move = g / (T.Sqrt(square) + epsilon);
            if (momentum > 0)
            {
                move = T.AddScaled(move, momentum, state[1]);
                state[1] = move;
            }

            return rate * move;
        }
    }
}
