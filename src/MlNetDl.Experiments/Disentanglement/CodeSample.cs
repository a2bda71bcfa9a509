namespace MlNetDl.Experiments;

/// <summary>Codes of images, and the factors behind them.</summary>
/// <param name="Width">The number of dimensions of a code.</param>
/// <param name="Codes">The codes, one after the other.</param>
/// <param name="Labels">For each factor its value for each image.</param>
/// <param name="Factors">The factors, in the order of the labels.</param>
internal sealed record CodeSample(int Width, float[] Codes, int[][] Labels, IReadOnlyList<Factor> Factors)
{
    /// <summary>The number of images.</summary>
    public int Count => Labels[0].Length;

    /// <summary>The code of an image.</summary>
    public float[] Code(int image) => Codes.AsSpan(image * Width, Width).ToArray();

    /// <summary>A dimension of all codes.</summary>
    public float[] Column(int dimension)
    {
        var column = new float[Count];
        for (int i = 0; i < column.Length; i++)
        {
            column[i] = Codes[(i * Width) + dimension];
        }

        return column;
    }
}
