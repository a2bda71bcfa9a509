using System.Globalization;
using System.Numerics;

namespace MlNetDl.Search.Distributions;

/// <summary>The values of a real range with a step. They are worked out in decimals: 0, 0.1, 0.2, 0.3, where sums of doubles
/// would give 0.30000000000000004.</summary>
/// <remarks>A bound and a step mean the shortest decimal that reads as their double, which is what people write. A value is
/// the double nearest to the exact decimal. Where the last step misses the end by the rounding of doubles only, as with a
/// step of 1.0 / 3, the end is the last value.</remarks>
internal sealed class StepGrid
{
    // Some roundings of a double. What somebody writes in decimals differs by more.
    private const double Rounding = 1e-14;

    // A double holds whole numbers and powers of ten exactly up to these, so that one division or multiplication rounds once.
    private const long ExactDigits = 1L << 53;
    private const int ExactPower = 22;

    private readonly BigInteger origin, stride;
    private readonly int exponent;
    private readonly double from, step, power;
    private readonly bool isSmall;
    private readonly long first;
    private readonly double? end;

    /// <summary>The grid of a range.</summary>
    /// <param name="from">The first value, finite.</param>
    /// <param name="to">The end of the range, finite; <paramref name="from"/> or more.</param>
    /// <param name="step">The step, finite and above 0.</param>
    public StepGrid(double from, double to, double step)
    {
        (this.from, this.step) = (from, step);
        var (low, high, by) = (Decimal(from), Decimal(to), Decimal(step));
        exponent = Math.Min(Math.Min(low.Exponent, high.Exponent), by.Exponent);
        (origin, stride) = (Scaled(low), Scaled(by));
        var steps = BigInteger.DivRem(Scaled(high) - origin, stride, out var rest);
        double share = (double)(rest * ExactDigits / stride) / ExactDigits;
        double tolerance = Math.Min(0.25, Rounding * Math.Max(Math.Abs(from), Math.Abs(to)) / step);
        bool almost = 1 - share <= tolerance;
        end = !rest.IsZero && (almost || share <= tolerance) ? to : null;
        steps += almost ? 1 : 0;
        Count = steps < long.MaxValue ? (long)steps + 1 : long.MaxValue;
        power = Math.Abs(exponent) <= ExactPower ? double.Parse($"1E{Math.Abs(exponent)}", CultureInfo.InvariantCulture) : 0;
        isSmall = power > 0 && BigInteger.Abs(origin) < ExactDigits && BigInteger.Abs(origin + (steps * stride)) < ExactDigits;
    }

    private StepGrid(StepGrid whole, long first, long last)
    {
        (origin, stride, exponent, power, isSmall) = (whole.origin, whole.stride, whole.exponent, whole.power, whole.isSmall);
        (from, step, this.first) = (whole.At(first), whole.step, whole.first + first);
        end = last == whole.Count - 1 ? whole.end : null;
        Count = last - first + 1;
    }

    /// <summary>How many values there are.</summary>
    public long Count { get; }

    /// <summary>A value by its place, from 0.</summary>
    public double At(long index)
    {
        if (end is { } last && index == Count - 1)
        {
            return last;
        }

        if (isSmall)
        {
            double digits = (long)origin + ((first + index) * (long)stride);
            return exponent < 0 ? digits / power : digits * power;
        }

        return double.Parse($"{origin + ((first + index) * stride)}E{exponent}", CultureInfo.InvariantCulture);
    }

    /// <summary>The place of the value nearest to a number.</summary>
    public long Near(double number)
    {
        long near = (long)Math.Clamp(Math.Round((number - from) / step), 0, Count - 1);
        return new[] { near, near - 1, near + 1 }.Where(i => i >= 0 && i < Count).MinBy(i => Math.Abs(At(i) - number));
    }

    /// <summary>The values from one place to another, both included.</summary>
    public StepGrid Part(long first, long last) => new(this, first, last);

    private static (BigInteger Digits, int Exponent) Decimal(double number)
    {
        string text = number.ToString("R", CultureInfo.InvariantCulture);
        int e = text.IndexOf('E', StringComparison.Ordinal);
        string digits = e < 0 ? text : text[..e];
        int point = digits.IndexOf('.', StringComparison.Ordinal);
        return (
            BigInteger.Parse(digits.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture),
            (e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))
                - (point < 0 ? 0 : digits.Length - point - 1));
    }

    private BigInteger Scaled((BigInteger Digits, int Exponent) number) => number.Digits * BigInteger.Pow(10, number.Exponent - exponent);
}
