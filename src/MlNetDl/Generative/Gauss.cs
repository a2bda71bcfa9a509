namespace MlNetDl.Generative;

/// <summary>Standard normal numbers from a seed, the same on every machine.</summary>
public static class Gauss
{
    /// <summary>Draws numbers by the method of Box and Muller (1958), a pair from two uniform ones.</summary>
    /// <param name="count">How many, 0 or more.</param>
    /// <param name="random">Where they come from.</param>
    public static float[] Draw(int count, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var values = new float[count];
        for (int i = 0; i < count; i += 2)
        {
            // 1 − u is never 0.
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())), angle = 2 * Math.PI * random.NextDouble();
            values[i] = (float)(radius * Math.Cos(angle));
            if (i + 1 < count)
            {
                values[i + 1] = (float)(radius * Math.Sin(angle));
            }
        }

        return values;
    }
}
