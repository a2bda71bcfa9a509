namespace MlNetDl.Compression;

/// <summary>The range of the values between two layers, from which follows how they are rounded to integers.</summary>
/// <param name="Least">The least value that is told from its neighbours.</param>
/// <param name="Greatest">The greatest one.</param>
public readonly record struct ValueRange(float Least, float Greatest)
{
    /// <summary>The range with 0 in it. Padding is 0, and so is what a ReLU cuts off, so 0 must be exact.</summary>
    public ValueRange IncludingZero() => new(Math.Min(Least, 0), Math.Max(Greatest, 0));

    /// <summary>The grid of 2^bits levels over the range: r = S·(q − Z) with S = (greatest − least) / (2^bits − 1) and
    /// Z = −least / S, rounded, half to even (Jacob et al. 2018, arXiv:1712.05877, eq. 1).</summary>
    /// <param name="bits">The bits of a level, 1 to 8.</param>
    public AffineGrid Grid(int bits)
    {
        var (least, greatest) = IncludingZero();
        int levels = (1 << bits) - 1;
        // Values that were always 0 stay 0 on any grid.
        float scale = greatest > least ? (greatest - least) / levels : 1;
        return new(scale, (int)Math.Clamp(MathF.Round(-least / scale, MidpointRounding.ToEven), 0, levels), levels);
    }
}

/// <summary>Levels of equal distance: r = S·(q − Z) for q = 0, …, <paramref name="Levels"/>.</summary>
/// <param name="Scale">The distance S of two levels.</param>
/// <param name="Zero">The level Z of the value 0.</param>
/// <param name="Levels">The highest level.</param>
public readonly record struct AffineGrid(float Scale, int Zero, int Levels)
{
    /// <summary>The value of the lowest level.</summary>
    public float Least => -Zero * Scale;

    /// <summary>The value of the highest level.</summary>
    public float Greatest => (Levels - Zero) * Scale;

    /// <summary>The nearest level's number; halves go to the even one, as in ONNX.</summary>
    public int Level(float value) => (int)Math.Clamp(MathF.Round(value / Scale, MidpointRounding.ToEven) + Zero, 0, Levels);

    /// <summary>The value of the nearest level.</summary>
    public float Round(float value) => (Level(value) - Zero) * Scale;
}
