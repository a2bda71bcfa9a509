using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Testing;

/// <summary>Comparisons of tensors.</summary>
internal static class Tensors
{
    /// <summary>Whether two tensors are the same to the last bit, NaN included.</summary>
    public static bool Same(Tensor first, Tensor second) => first.shape.AsSpan().SequenceEqual(second.shape)
        && first.dtype == second.dtype
        && Bytes(first).AsSpan().SequenceEqual(Bytes(second));

    /// <summary>The greatest difference of two tensors of one shape, relative to the greatest value of the first where
    /// that is above 1.</summary>
    public static double Difference(Tensor expected, Tensor actual)
    {
        if (expected.numel() == 0)
        {
            return 0;
        }

        var (a, b) = (expected.detach().to(ScalarType.Float64), actual.detach().to(ScalarType.Float64));
        return ((a - b).abs().max() / a.abs().max().ClampMin(1)).item<double>();
    }

    /// <summary>Dimensions as text.</summary>
    public static string Dims(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";

    /// <summary>Whether all values are finite.</summary>
    public static bool AreFinite(Tensor tensor) => !tensor.is_floating_point() || tensor.isfinite().all().item<bool>();

    private static byte[] Bytes(Tensor tensor) => tensor.detach().cpu().contiguous().bytes.ToArray();
}
