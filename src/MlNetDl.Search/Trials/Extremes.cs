namespace MlNetDl.Search;

/// <summary>Values so far out that squares and sums of them would exceed the range of doubles, such as
/// <see cref="double.MaxValue"/> as a penalty. They say "bad" and nothing else, as infinite ones do, and are
/// treated like these.</summary>
internal static class Extremes
{
    /// <summary>Values beyond ±this count as infinite: far from what is measured, and far from
    /// where squares overflow.</summary>
    public const double Limit = 1e100;

    /// <summary>Whether a value is one to reckon with; NaN is not.</summary>
    public static bool IsWithin(double value) => Math.Abs(value) <= Limit;
}
