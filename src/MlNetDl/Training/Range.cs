using System.Globalization;

namespace MlNetDl.Training;

/// <summary>Range checks of options, with one form of message.</summary>
internal static class Range
{
    public static void Above(double value, double bound, string name) => Check(value > bound && double.IsFinite(value), value, name, $"above {bound}");

    public static void AtLeast(double value, double bound, string name) => Check(value >= bound && double.IsFinite(value), value, name, $"{bound} or more");

    public static void Within(double value, double from, double below, string name) => Check(value >= from && value < below, value, name, $"{from} or more and below {below}");

    public static void Between(double value, double from, double to, string name) => Check(value >= from && value <= to, value, name, $"{from} to {to}");

    private static void Check(bool fits, double value, string name, FormattableString range)
    {
        if (!fits)
        {
            throw new ArgumentOutOfRangeException(name, string.Create(CultureInfo.InvariantCulture, $"{name} must be {range.ToString(CultureInfo.InvariantCulture)} but is {value}."));
        }
    }
}
