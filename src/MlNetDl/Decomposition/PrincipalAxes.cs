using static TorchSharp.torch;

namespace MlNetDl.Decomposition;

/// <summary>The eigenvectors of a covariance, by descending variance.</summary>
/// <param name="Variances">The variances along all axes, [F], 0 or more.</param>
/// <param name="Axes">The first axes as rows, [K, F]; of each the entry of largest magnitude is positive.</param>
internal sealed record PrincipalAxes(Tensor Variances, Tensor Axes)
{
    // Of an exact zero, rounding leaves about this part of the largest variance.
    private const double Dust = 1e-14;

    /// <summary>The axes of a symmetric matrix in double precision.</summary>
    public static PrincipalAxes Of(Tensor covariance, int count)
    {
        var (values, vectors) = linalg.eigh(covariance.cpu());
        var axes = vectors.flip(1).narrow(1, 0, count).transpose(0, 1).contiguous();
        var largest = axes.gather(1, axes.abs().argmax(1, keepdim: true));
        return new(values.flip(0).ClampMin(0), axes * where(largest.Lt(0), tensor(-1.0), tensor(1.0)));
    }

    /// <summary>What coordinates are multiplied with to have variance 1, [K, 1]; 0 for an axis without variance.</summary>
    public Tensor Whitening()
    {
        var own = Variances.narrow(0, 0, Axes.shape[0]);
        var dust = own < Variances[0].Mul(Dust).Mul((double)Variances.numel());
        return where(dust, tensor(0.0), own.ClampMin(double.Epsilon).rsqrt()).unsqueeze(1);
    }

    /// <summary>What whitened coordinates are multiplied with to be coordinates again, [K, 1].</summary>
    public Tensor Coloring() => Variances.narrow(0, 0, Axes.shape[0]).sqrt().unsqueeze(1);
}
