namespace MlNetDl.Search.Samplers.Grid;

/// <summary>An order of all combinations of several axes whose beginning is spread over each of them.</summary>
/// <remarks>Turn u has on axis j the value (σ(⌊u / P⌋) + ⌊n · {(u mod P) √p}⌋) mod n. Here n is the axis's length and P the
/// product of the lengths before it. σ is an order of its values, p the j-th prime and {} a fraction. The fractions make
/// the sequence of Richtmyer (1951, "The evaluation of definite integrals, and a quasi-Monte-Carlo method based on the
/// properties of algebraic numbers"), which is spread evenly. Each combination comes once: the values of the axes before
/// give u mod P, and then the value of this one gives ⌊u / P⌋ mod n.</remarks>
internal static class SpreadAxes
{
    /// <summary>The golden ratio: its multiples are spread most evenly.</summary>
    public const double GoldenRatio = 1.6180339887498949;

    // Ten million combinations have 23 axes at most that have several values.
    private static readonly int[] Primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83];

    /// <summary>The value on an axis, from 0.</summary>
    /// <param name="turn">The turn; combinations begin anew after the last.</param>
    /// <param name="axis">The axis, from 0.</param>
    /// <param name="lengths">How many values each axis has.</param>
    public static int Index(long turn, int axis, IReadOnlyList<int> lengths)
    {
        long before = 1;
        int prime = 0;
        for (int i = 0; i < axis; i++)
        {
            before *= lengths[i];
            prime += lengths[i] > 1 ? 1 : 0;
        }

        int length = lengths[axis];
        if (length == 1)
        {
            return 0;
        }

        long round = turn / before % length;
        double shift = prime == 0 ? 0 : length * Fraction(turn % before * Math.Sqrt(Primes[prime - 1]));
        return (int)((Place((int)round, length) + (long)shift) % length);
    }

    /// <summary>A turn at which a part of a larger whole begins: parts that are alike do not begin with the same
    /// combination.</summary>
    /// <param name="start">Where the part lies.</param>
    /// <param name="length">How many combinations it has.</param>
    public static long Phase(long start, long length) => Math.Min((long)(length * Fraction(start * GoldenRatio)), length - 1);

    // The rank of a multiple of the golden ratio among the first ones, as fractions: 0, 3, 1, 4, 2 of five.
    private static int Place(int round, int length)
    {
        double own = Fraction(round * GoldenRatio);
        int below = 0;
        for (int i = 0; i < length; i++)
        {
            below += Fraction(i * GoldenRatio) < own ? 1 : 0;
        }

        return below;
    }

    private static double Fraction(double value) => value - Math.Floor(value);
}
