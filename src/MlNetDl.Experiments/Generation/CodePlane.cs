using MathNet.Numerics.LinearAlgebra;

namespace MlNetDl.Experiments;

/// <summary>Codes as points of a plane: both values as they are, or the first two principal components of more.</summary>
/// <param name="Points">A point a code.</param>
/// <param name="Share">Which share of the variance of codes the plane shows; 1 for codes of two values.</param>
internal sealed record CodePlane(IReadOnlyList<(double X, double Y)> Points, double Share)
{
    /// <summary>The plane of codes of two values or more.</summary>
    /// <param name="codes">Two codes or more, row-major.</param>
    /// <param name="latent">Values of a code, 2 or more.</param>
    public static CodePlane Of(float[] codes, int latent)
    {
        if (latent == 2)
        {
            return new([.. codes.Chunk(2).Select(c => ((double)c[0], (double)c[1]))], 1);
        }

        var rows = Matrix<double>.Build.Dense(codes.Length / latent, latent, (row, value) => codes[(row * latent) + value]);
        var mean = rows.ColumnSums() / rows.RowCount;
        var centred = Matrix<double>.Build.Dense(rows.RowCount, latent, (row, value) => rows[row, value] - mean[value]);
        var axes = (centred.TransposeThisAndMultiply(centred) / (rows.RowCount - 1)).Evd(Symmetricity.Symmetric);
        // Variances ascend.
        var (first, second) = (Axis(axes.EigenVectors.Column(latent - 1)), Axis(axes.EigenVectors.Column(latent - 2)));
        double all = axes.EigenValues.Sum(v => v.Real), shown = axes.EigenValues[latent - 1].Real + axes.EigenValues[latent - 2].Real;
        return new([.. centred.EnumerateRows().Select(row => (row * first, row * second))], all > 0 ? shown / all : 0);
    }

    // As those of PCA: the entry of largest magnitude is positive.
    private static Vector<double> Axis(Vector<double> axis) => axis[axis.AbsoluteMaximumIndex()] < 0 ? -axis : axis;
}
