using System.Runtime.CompilerServices;
using MlNetDl.Configuration;

namespace MlNetDl.Training.Optimizers;

/// <summary>Adagrad (Duchi et al. 2011, JMLR 12:2121): s ← s + g², w ← w − α·g / (√s + ε), with ε
/// outside the root.</summary>
/// <remarks>PyTorch's formula. The sum only grows, so each weight's own rate falls towards 0: good for rare
/// features, too early an end for deep networks, which <see cref="RmsProp"/> mends. Weight decay is added
/// to the gradient.</remarks>
public sealed record Adagrad : Optimizer
{
    /// <inheritdoc/>
    public override double LearningRate { get; init; } = 0.01;

    /// <summary>Start value of the sum of squares, 0 or more; 0 by default, as in PyTorch and the paper. TensorFlow
    /// begins with 0.1, which tames the first steps.</summary>
    [AtLeast(0)]
    public double InitialAccumulator { get; init; }

    /// <summary>ε, greater than 0; 1e-10, as in PyTorch.</summary>
    [Above(0)]
    public double Epsilon { get; init; } = 1e-10;

    /// <inheritdoc/>
    public override int Slots => 1;

    /// <inheritdoc/>
    public override void Update(WeightUpdate at) =>
        at.Each(new Rule((float)at.LearningRate, (float)at.Decay, (float)InitialAccumulator, (float)Epsilon));

    private readonly struct Rule(float rate, float lambda, float start, float epsilon) : IUpdateRule
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Move<T>(T weight, T gradient, Slots<T> state)
            where T : struct, IElements<T>
        {
            var g = T.AddScaled(gradient, lambda, weight);
            var sum = state[0] + (g * g);
            state[0] = sum;
            return rate * g / (T.Sqrt(sum + start) + epsilon);
        }
    }
}
