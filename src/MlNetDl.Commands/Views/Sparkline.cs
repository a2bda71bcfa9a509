using System.Text;

namespace MlNetDl.Commands.Views;

/// <summary>A curve as a line of text, one character a value: the lowest value is the lowest character.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█", Ascii = "_.-~=+*#";

    /// <summary>The curve.</summary>
    /// <param name="values">Its values in order; one that is not finite is a blank.</param>
    /// <param name="width">The most characters. A longer curve is thinned, and keeps its last value.</param>
    /// <param name="unicode">Whether the terminal shows block characters.</param>
    public static string Of(IReadOnlyList<double> values, int width, bool unicode)
    {
        int count = Math.Min(values.Count, Math.Max(0, width));
        // The last value of each of as many parts as there are characters.
        var shown = Enumerable.Range(1, count).Select(i => values[(int)((long)i * values.Count / count) - 1]).ToList();
        var finite = shown.Where(double.IsFinite).ToList();
        var (low, high) = finite.Count == 0 ? (0, 0) : (finite.Min(), finite.Max());
        var (levels, text) = (unicode ? Blocks : Ascii, new StringBuilder(count));
        foreach (double value in shown)
        {
            // Half of each, as the range of two great numbers may be none.
            double place = high > low ? ((value / 2) - (low / 2)) / ((high / 2) - (low / 2)) : 0.5;
            text.Append(double.IsFinite(value) ? levels[Math.Clamp((int)(place * levels.Length), 0, levels.Length - 1)] : ' ');
        }

        return text.ToString();
    }
}
