using System.Numerics;
using static TorchSharp.torch;
using MlNetDl.Configuration;

namespace MlNetDl.Training.Optimizers;

/// <summary>Stochastic gradient descent with momentum: v ← μ·v + (g + λ·w), w ← w − α·v.</summary>
/// <remarks>PyTorch's convention. AlexNet's paper has α inside the velocity; the two differ when α changes. Weight decay λ is half the
/// factor of ‖w‖².</remarks>
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
    public override OptimizerRun Start(IReadOnlyList<Tensor> parameters, IReadOnlyList<bool>? decays = null) => new Run(this, parameters, decays);

    private sealed class Run(Sgd options, IReadOnlyList<Tensor> parameters, IReadOnlyList<bool>? decays) : OptimizerRun(options, parameters, decays, options.Momentum > 0 ? 1 : 0)
    {
        protected override bool TryUpdateInPlace(Span<float> weight, ReadOnlySpan<float> gradient, SlotSpans state, double learningRate, double decay)
        {
            var velocity = state.Count > 0 ? state[0] : [];
            float rate = (float)learningRate, mu = (float)options.Momentum, lambda = (float)decay;
            int i = 0, width = Vector<float>.Count;
            if (velocity.Length > 0)
            {
                for (; i <= weight.Length - width; i += width)
                {
                    var w = new Vector<float>(weight[i..]);
                    var g = new Vector<float>(gradient[i..]) + (lambda * w);
                    var v = (mu * new Vector<float>(velocity[i..])) + g;
                    v.CopyTo(velocity[i..]);
                    (w - (rate * (options.Nesterov ? g + (mu * v) : v))).CopyTo(weight[i..]);
                }
            }

            for (; i < weight.Length; i++)
            {
                float g = gradient[i] + (lambda * weight[i]);
                if (velocity.Length > 0)
                {
                    float v = velocity[i] = (mu * velocity[i]) + g;
                    g = options.Nesterov ? g + (mu * v) : v;
                }

                weight[i] -= rate * g;
            }

            return true;
        }

        protected override void Update(Tensor weight, Tensor gradient, IReadOnlyList<Tensor> state, double learningRate, double decay)
        {
            var g = decay == 0 ? gradient : gradient + (weight * decay);
            if (state.Count > 0)
            {
                state[0].mul_(options.Momentum).add_(g);
                g = options.Nesterov ? g + (state[0] * options.Momentum) : state[0];
            }

            weight.sub_(g * learningRate);
        }
    }
}
