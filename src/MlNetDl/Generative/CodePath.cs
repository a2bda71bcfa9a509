namespace MlNetDl.Generative;

/// <summary>Ways from one code of an autoencoder to another.</summary>
public static class CodePath
{
    /// <summary>Codes on the straight line between two, both ends among them.</summary>
    /// <param name="from">The first code.</param>
    /// <param name="to">The last code, with as many values.</param>
    /// <param name="steps">How many codes, 2 or more.</param>
    /// <returns>The codes, row-major.</returns>
    /// <exception cref="ArgumentException">The codes differ in length.</exception>
    public static float[] Linear(ReadOnlySpan<float> from, ReadOnlySpan<float> to, int steps) => Way(from, to, steps, t => (1 - t, t));

    /// <summary>Codes on the arc around 0 between two, both ends among them (White 2016, arXiv:1609.04468). Between codes of one norm all have
    /// that norm: in many dimensions nearly all codes of a normal prior have about the same one, which a straight line leaves.</summary>
    /// <remarks>Where there is no single shortest arc, between codes on one line through 0, it is the straight line.</remarks>
    /// <param name="from">The first code.</param>
    /// <param name="to">The last code, with as many values.</param>
    /// <param name="steps">How many codes, 2 or more.</param>
    /// <returns>The codes, row-major.</returns>
    /// <exception cref="ArgumentException">The codes differ in length.</exception>
    public static float[] Spherical(ReadOnlySpan<float> from, ReadOnlySpan<float> to, int steps)
    {
        double product = 0, first = 0, last = 0;
        for (int i = 0; i < Math.Min(from.Length, to.Length); i++)
        {
            product += (double)from[i] * to[i];
            first += (double)from[i] * from[i];
            last += (double)to[i] * to[i];
        }

        double angle = Math.Acos(Math.Clamp(product / Math.Sqrt(first * last), -1, 1)), sine = Math.Sin(angle);
        return sine > 1e-6
            ? Way(from, to, steps, t => (Math.Sin((1 - t) * angle) / sine, Math.Sin(t * angle) / sine))
            : Linear(from, to, steps);
    }

    private static float[] Way(ReadOnlySpan<float> from, ReadOnlySpan<float> to, int steps, Func<double, (double From, double To)> shares)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 2);
        if (from.Length != to.Length)
        {
            throw new ArgumentException($"A code of {from.Length} values and one of {to.Length} are not of one model.", nameof(to));
        }

        var codes = new float[steps * from.Length];
        for (int step = 0; step < steps; step++)
        {
            var (a, b) = shares((double)step / (steps - 1));
            for (int i = 0; i < from.Length; i++)
            {
                codes[(step * from.Length) + i] = (float)((a * from[i]) + (b * to[i]));
            }
        }

        return codes;
    }
}
