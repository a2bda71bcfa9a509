using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>The left singular vectors of a matrix and the squares of its singular values, in double precision.</summary>
/// <remarks>They are eigenvectors and eigenvalues of the matrix times its transpose. What is projected on them loses only the
/// projection's own rounding, however small a singular value is, and a wide matrix costs what its rows do.</remarks>
/// <param name="Squares">The squares, descending; one for each row.</param>
/// <param name="Vectors">The vectors as columns, row-major.</param>
internal sealed record Spectrum(double[] Squares, double[] Vectors)
{
    /// <summary>The rows.</summary>
    public int Size => Squares.Length;

    /// <summary>The sum of all squares.</summary>
    public double Energy { get; } = Squares.Sum();

    /// <summary>The spectrum of a matrix in double precision.</summary>
    public static Spectrum Of(Tensor matrix)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var (values, vectors) = linalg.eigh(matrix.matmul(matrix.transpose(0, 1)));
        return new(
            [.. values.flip(0).ClampMin(0).data<double>().ToArray()],
            [.. vectors.flip(1).contiguous().data<double>().ToArray()]);
    }

    /// <summary>The least rank that keeps a share of the energy; 1 at least.</summary>
    /// <param name="share">The share, 0 to 1; at 1 no singular value goes that is not 0 to the last digit.</param>
    public int RankFor(double share)
    {
        // What is below is rounding.
        double left = Energy * (1 - share), dropped = 0, dust = Squares[0] * Size * 1e-16;
        int rank = Size;
        while (rank > 1 && dropped + Squares[rank - 1] <= Math.Max(left, dust))
        {
            dropped += Squares[--rank];
        }

        return rank;
    }

    /// <summary>The sum of the squares behind the first ones.</summary>
    public double Dropped(int rank) => Squares.Skip(rank).Sum();

    /// <summary>The first vectors as columns.</summary>
    public Tensor First(int rank) => tensor(Vectors).reshape(Size, Size).narrow(1, 0, rank);
}
