using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Training.Optimizers;

/// <summary>The Euclidean norm of all gradients together.</summary>
internal static class GradientNorm
{
    /// <summary>The norm; the device is waited for once, not once a tensor.</summary>
    public static double Of(IReadOnlyList<Tensor> gradients)
    {
        if (gradients.Count == 0)
        {
            return 0;
        }

        if (gradients.All(TensorMemory.IsPlain))
        {
            return Math.Sqrt(gradients.Sum(g => SumOfSquares(TensorMemory.Floats(g))));
        }

        return stack([.. gradients.Select(g => g.norm().to(ScalarType.Float64))]).norm().item<double>();
    }

    // In double: neither a large gradient nor many small ones are lost.
    private static double SumOfSquares(ReadOnlySpan<float> values)
    {
        var (low, high) = (Vector<double>.Zero, Vector<double>.Zero);
        int i = 0, width = Vector<float>.Count;
        for (; i <= values.Length - width; i += width)
        {
            Vector.Widen(new Vector<float>(values[i..]), out var a, out var b);
            low += a * a;
            high += b * b;
        }

        double sum = Vector.Sum(low + high);
        for (; i < values.Length; i++)
        {
            sum += (double)values[i] * values[i];
        }

        return sum;
    }
}
