using System.Globalization;
using System.Text;

namespace MlNetDl.Search.Analysis.Plots;

/// <summary>Numbers and labels in few letters.</summary>
internal static class PlotText
{
    private const int LongestLabel = 14;

    /// <summary>A number in few letters: four digits, powers of ten for what is far from 1.</summary>
    public static string Number(double value)
    {
        double size = Math.Abs(value);
        return value == 0 || (size >= 1e-3 && size < 1e6)
            ? Math.Round(value, 10).ToString("0.######", CultureInfo.InvariantCulture)
            : value.ToString("0.###e0", CultureInfo.InvariantCulture);
    }

    /// <summary>A value in four digits.</summary>
    public static string Label(double value) =>
        Number(double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));

    /// <summary>A label of at most 14 letters.</summary>
    public static string Short(string text) => Visible(text) is var visible && visible.Length <= LongestLabel
        ? visible
        : Visible(visible[..(LongestLabel - 1)].TrimEnd()) + "…";

    /// <summary>A parameter's name in at most so many letters. Its end stays, because long names are paths with a common
    /// beginning.</summary>
    public static string ShortName(string name, int most = LongestLabel) => Visible(name) is var visible && visible.Length <= most
        ? visible
        : "…" + Visible(visible[^(most - 1)..].TrimStart());

    /// <summary>Text without what XML and screens have no letter for: control characters and halves of pairs become
    /// a replacement character.</summary>
    public static string Visible(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text;
        }

        var letters = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            letters.Append(
                rune.Value is '\n' or '\t' or '\r' ? " "
                    : Rune.IsControl(rune) || rune.Value is 0xFFFE or 0xFFFF ? "\uFFFD"
                    : rune.ToString());
        }

        return letters.ToString();
    }
}
