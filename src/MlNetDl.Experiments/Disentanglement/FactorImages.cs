using MlNetDl.Data;

namespace MlNetDl.Experiments;

/// <summary>A generator of images from factors, over which codes are judged.</summary>
public sealed class FactorImages
{
    private readonly Func<int[], int, float[]> draw;

    /// <summary>Makes a generator.</summary>
    /// <param name="factors">The factors; two or more of them have more than one value.</param>
    /// <param name="draw">Draws images. It takes a value from 0 for each factor of each image, row by row, and the number
    /// of images. It gives the images one after the other, in the form that the encoder takes.</param>
    /// <exception cref="ArgumentException">A factor has no value, or fewer than two have more than one.</exception>
    public FactorImages(IReadOnlyList<Factor> factors, Func<int[], int, float[]> draw)
    {
        if (factors.FirstOrDefault(f => f.Size < 1) is { } empty)
        {
            throw new ArgumentException(
                $"The factor '{empty.Name}' has {empty.Size} values; give the number of its values, 1 or more.", nameof(factors));
        }

        if (factors.Count(f => f.Size > 1) < 2)
        {
            throw new ArgumentException(
                $"Scores of codes compare factors, but only {factors.Count(f => f.Size > 1)} of {factors.Count} has more than one "
                    + "value; give two or more such factors.",
                nameof(factors));
        }

        (Factors, this.draw) = (factors.ToValueList(), draw);
    }

    /// <summary>The images of <see cref="MlNetDl.Data.Sprites"/>, as pixels from 0 to 255: what a model sees that was
    /// trained on the data set <c>sprites</c>.</summary>
    public static FactorImages Sprites { get; } = new(
        [.. MlNetDl.Data.Sprites.Factors.Zip(MlNetDl.Data.Sprites.Sizes, (name, size) => new Factor(name, size, name != "shape"))],
        DrawSprites);

    /// <summary>The factors.</summary>
    public ValueList<Factor> Factors { get; }

    /// <summary>The number of combinations of factors; the largest <see cref="long"/> where there are more.</summary>
    internal long Combinations => Factors.Aggregate(1L, (product, f) => product > long.MaxValue / f.Size ? long.MaxValue : product * f.Size);

    /// <summary>Draws images.</summary>
    /// <param name="values">A value from 0 for each factor of each image, row by row.</param>
    /// <param name="count">The number of images.</param>
    /// <returns>The images, one after the other.</returns>
    public float[] Draw(int[] values, int count) => draw(values, count);

    private static float[] DrawSprites(int[] values, int count)
    {
        const int Pixels = MlNetDl.Data.Sprites.Side * MlNetDl.Data.Sprites.Side;
        int factors = MlNetDl.Data.Sprites.Factors.Count;
        var images = new float[count * Pixels];
        for (int i = 0; i < count; i++)
        {
            var image = MlNetDl.Data.Sprites.Image(values.AsSpan(i * factors, factors));
            for (int p = 0; p < Pixels; p++)
            {
                images[(i * Pixels) + p] = image[p];
            }
        }

        return images;
    }
}
