using System.Globalization;
using static TorchSharp.torch;

namespace MlNetDl.Testing;

/// <summary>Compares gradients with central differences along random directions.</summary>
internal static class GradientCheck
{
    // A kink (of a ReLU, of a maximum) between the two points spoils a try; a shorter step mostly misses it.
    private static readonly double[] Shares = [1, 0.5, 0.25, 0.125];

    /// <summary>Checks the gradients of a scalar.</summary>
    /// <param name="tensors">What it depends on, by name; float32, and asked for gradients.</param>
    /// <param name="scalar">Computes it.</param>
    /// <param name="step">Length of a step.</param>
    public static void Check(IReadOnlyList<(string Name, Tensor Tensor)> tensors, Func<Tensor> scalar, double step = 2e-3)
    {
        scalar().backward();
        foreach (var (name, tensor) in tensors)
        {
            var gradient = tensor.grad
                ?? throw new ContractException(
                    $"{name} gets no gradient: what is computed does not depend on it, or was detached.");
            Expect.True(gradient.shape.AsSpan().SequenceEqual(tensor.shape), $"the gradient of {name} has other dimensions.");
            var problems = Shares.Select(share => Problem(tensor, gradient, scalar, share * step)).TakeWhile(p => p is not null).ToList();
            Expect.True(problems.Count < Shares.Length, $"the gradient of {name} along a random direction is {problems.LastOrDefault()}.");
        }
    }

    private static string? Problem(Tensor tensor, Tensor gradient, Func<Tensor> scalar, double step)
    {
        using var none = no_grad();
        var (direction, before) = (randn_like(tensor).Mul(step), tensor.detach().clone());
        double expected = (gradient * direction).sum().item<float>() * 2;
        tensor.copy_(before.Add(direction));
        double above = scalar().item<float>();
        tensor.copy_(before - direction);
        double real = above - scalar().item<float>();
        tensor.copy_(before);

        // Float32 has some six digits of the scalar, whose two values are near each other.
        return Math.Abs(real - expected) <= (1e-5 * Math.Max(1, Math.Abs(above))) + (0.05 * Math.Abs(expected))
            ? null
            : string.Create(CultureInfo.InvariantCulture,
                $"{expected / (2 * step):G6}, but the difference of two passes says {real / (2 * step):G6}");
    }
}
