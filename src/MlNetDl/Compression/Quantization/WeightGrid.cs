namespace MlNetDl.Compression;

/// <summary>Rounds a weight to integers around 0, with a scale for each output or one for all: w ≈ S·q, q from −(2^(bits−1) − 1)
/// to 2^(bits−1) − 1 (Krishnamoorthi 2018, arXiv:1806.08342, section 2.2). With one bit, q is the sign and S the mean magnitude
/// (Rastegari et al. 2016, arXiv:1603.05279, eq. 6).</summary>
internal static class WeightGrid
{
    // A scale that is no subnormal number, of a channel without weights.
    private const float Least = 1e-30f;

    /// <summary>The highest level.</summary>
    public static int Levels(int bits) => bits == 1 ? 1 : (1 << (bits - 1)) - 1;

    /// <summary>The scales: one an output, or a single one.</summary>
    /// <param name="data">The weight.</param>
    /// <param name="dims">Its dimensions.</param>
    /// <param name="axis">The axis of its outputs.</param>
    /// <param name="bits">1 to 8.</param>
    /// <param name="perChannel">Whether each output has its own.</param>
    public static float[] Scales(float[] data, IReadOnlyList<long> dims, int axis, int bits, bool perChannel)
    {
        var most = new float[perChannel ? dims[axis] : 1];
        var sums = new double[most.Length];
        for (int i = 0; i < data.Length; i++)
        {
            int channel = perChannel ? ChannelOf(i, dims, axis) : 0;
            most[channel] = Math.Max(most[channel], Math.Abs(data[i]));
            sums[channel] += Math.Abs(data[i]);
        }

        return bits == 1 ? [.. sums.Select(s => Math.Max(Least, (float)(s * most.Length / data.Length)))]
            : [.. most.Select(m => Math.Max(Least, m / Levels(bits)))];
    }

    /// <summary>The levels.</summary>
    public static sbyte[] Round(float[] data, IReadOnlyList<long> dims, int axis, int bits, float[] scales)
    {
        int levels = Levels(bits);
        var rounded = new sbyte[data.Length];
        for (int i = 0; i < data.Length; i++)
        {
            float scale = scales.Length == 1 ? scales[0] : scales[ChannelOf(i, dims, axis)];
            rounded[i] = bits == 1 ? (sbyte)(data[i] < 0 ? -1 : 1)
                : (sbyte)Math.Clamp(MathF.Round(data[i] / scale, MidpointRounding.ToEven), -levels, levels);
        }

        return rounded;
    }

    /// <summary>The output that an element belongs to.</summary>
    public static int ChannelOf(int element, IReadOnlyList<long> dims, int axis)
    {
        long inner = dims.Skip(axis + 1).Aggregate(1L, (product, d) => product * d);
        return (int)(element / inner % dims[axis]);
    }
}
