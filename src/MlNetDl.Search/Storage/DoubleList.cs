using System.Globalization;

namespace MlNetDl.Search.Storage;

/// <summary>Doubles as text at full precision, NaN and infinities too: <c>0.1 Infinity NaN</c>.</summary>
public static class DoubleList
{
    /// <summary>The text of a list; empty for an empty list.</summary>
    public static string Write(IReadOnlyList<double> values) =>
        string.Join(' ', values.Select(v => v.ToString("R", CultureInfo.InvariantCulture)));

    /// <summary>The list of a text.</summary>
    /// <exception cref="FormatException">The text is no such list.</exception>
    public static double[] Parse(string text) =>
        text.Length == 0 ? [] : Array.ConvertAll(text.Split(' '), v => double.Parse(v, NumberStyles.Float, CultureInfo.InvariantCulture));
}
