using MlNetDl.Layers.Contracts;

namespace MlNetDl.Data;

/// <summary>Images that are made from known factors: a white shape on a black ground, 32×32 grey. For studies of codes in
/// which each number should stand for one factor.</summary>
/// <remarks>
/// <para>The factors are those of dSprites (Matthey, Higgins, Hassabis and Lerchner 2017), with fewer values: shape
/// (square, ellipse, heart), scale (0.5 to 1 in 6 steps), orientation (20 angles, 4.5° apart), x and y (16 places, one
/// pixel apart). They give 92,160 images.</para>
/// <para>Orientations cover a quarter turn, from 0° to 85.5°, because a square looks the same after a quarter turn. So no
/// two combinations of factors give the same image. dSprites covers a full turn and has several combinations for one image
/// of a square or an ellipse.</para>
/// <para>An image depends on its factors alone, and is the same on every machine up to the rounding of sine and
/// cosine.</para>
/// </remarks>
public static class Sprites
{
    /// <summary>Height and width of an image in pixels.</summary>
    public const int Side = 32;

    /// <summary>The seed of the order from which the parts of the data set are taken.</summary>
    private const int SplitSeed = 0;

    private static readonly int[] Values = [3, 6, 20, 16, 16];

    private static readonly Lazy<byte[][]> Drawings = new(DrawAll);

    /// <summary>The names of the factors, in their order: shape, scale, orientation, x, y.</summary>
    public static ValueList<string> Factors { get; } = ["shape", "scale", "orientation", "x", "y"];

    /// <summary>The numbers of values of the factors, in their order: 3, 6, 20, 16, 16.</summary>
    public static ValueList<int> Sizes { get; } = [.. Values];

    /// <summary>The names of the shapes, in the order of their values.</summary>
    public static ValueList<string> Shapes { get; } = ["square", "ellipse", "heart"];

    /// <summary>The number of combinations of factors: 92,160.</summary>
    public static int Count { get; } = Values.Aggregate((product, size) => product * size);

    /// <summary>The number of combinations in the test part of the data set: 12,160. The training part has the other
    /// 80,000.</summary>
    public static int TestCount => 12_160;

    /// <summary>The factors of a combination, where combinations are counted like numbers whose last digit is y.</summary>
    /// <param name="index">Its number, from 0 to <see cref="Count"/> − 1.</param>
    /// <returns>A value for each factor, counted from 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no combination of that number.</exception>
    public static int[] FactorsOf(int index)
    {
        if (index < 0 || index >= Count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(index), index, $"The combinations of factors have the numbers 0 to {Count - 1}; give one of them.");
        }

        var factors = new int[Values.Length];
        for (int f = Values.Length - 1; f >= 0; f--)
        {
            (index, factors[f]) = (index / Values[f], index % Values[f]);
        }

        return factors;
    }

    /// <summary>The image of some factors.</summary>
    /// <param name="factors">A value for each factor, counted from 0 and below its number in <see cref="Sizes"/>.</param>
    /// <returns>Pixels from 0 (ground) to 255 (shape), row by row.</returns>
    /// <exception cref="ArgumentException">There are not five values, or one is out of its range.</exception>
    public static byte[] Image(ReadOnlySpan<int> factors)
    {
        var image = new byte[Side * Side];
        Draw(factors, image);
        return image;
    }

    /// <summary>Draws the image of some factors.</summary>
    /// <param name="factors">A value for each factor, counted from 0 and below its number in <see cref="Sizes"/>.</param>
    /// <param name="image">Where the 1,024 pixels go, from 0 (ground) to 255 (shape), row by row.</param>
    /// <exception cref="ArgumentException">There are not five values, one is out of its range, or the image has another
    /// number of pixels.</exception>
    public static void Draw(ReadOnlySpan<int> factors, Span<byte> image)
    {
        Check(factors);
        if (image.Length != Side * Side)
        {
            throw new ArgumentException(
                $"An image of a sprite has {Side * Side} pixels but the target has {image.Length}; give {Side}x{Side}.", nameof(image));
        }

        image.Clear();
        var drawing = Drawings.Value[(((factors[0] * Values[1]) + factors[1]) * Values[2]) + factors[2]];
        for (int row = 0; row < SpriteShapes.Side; row++)
        {
            drawing.AsSpan(row * SpriteShapes.Side, SpriteShapes.Side)
                .CopyTo(image[(((factors[4] + row) * Side) + factors[3])..]);
        }
    }

    /// <summary>The data set <c>sprites</c>: all combinations in a fixed random order, split into two parts. Labels are
    /// the shapes.</summary>
    /// <param name="test">The last 12,160 combinations of that order, else the first 80,000.</param>
    /// <returns>Images [N, 1, 32, 32] in bytes.</returns>
    public static Examples Load(bool test)
    {
        var order = SeededOrder.Permutation(Count, SplitSeed, epoch: 0);
        var chosen = test ? order.AsSpan(Count - TestCount) : order.AsSpan(0, Count - TestCount);
        var images = new byte[chosen.Length * Side * Side];
        var labels = new long[chosen.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            var factors = FactorsOf((int)chosen[i]);
            Draw(factors, images.AsSpan(i * Side * Side, Side * Side));
            labels[i] = factors[0];
        }

        return new(Shape.Image(1, Side, Side), images, labels) { ClassNames = Shapes };
    }

    private static void Check(ReadOnlySpan<int> factors)
    {
        if (factors.Length != Values.Length)
        {
            throw new ArgumentException(
                $"A sprite has {Values.Length} factors ({string.Join(", ", Factors)}) but {factors.Length} values came; "
                    + "give one value for each.",
                nameof(factors));
        }

        for (int f = 0; f < factors.Length; f++)
        {
            if (factors[f] < 0 || factors[f] >= Values[f])
            {
                throw new ArgumentException(
                    $"The factor '{Factors[f]}' of a sprite must be 0 to {Values[f] - 1} but is {factors[f]}.", nameof(factors));
            }
        }
    }

    // A step in x or y is a pixel, so one drawing serves all places.
    private static byte[][] DrawAll()
    {
        var drawings = new byte[Values[0] * Values[1] * Values[2]][];
        for (int i = 0; i < drawings.Length; i++)
        {
            int orientation = i % Values[2], scale = i / Values[2] % Values[1], shape = i / (Values[2] * Values[1]);
            drawings[i] = SpriteShapes.Draw(
                shape, 0.5 + (0.5 * scale / (Values[1] - 1)), Math.PI / 2 * orientation / Values[2]);
        }

        return drawings;
    }
}
