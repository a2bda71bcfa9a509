using System.Globalization;

namespace MlNetDl.Experiments;

/// <summary>The pairs of words that say yes and no.</summary>
internal static class YesNo
{
    private static readonly (string Yes, string No)[] Pairs =
    [
        ("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"), ("positive", "negative"), ("pos", "neg"), ("on", "off"),
    ];

    /// <summary>What a word says; <see langword="null"/> where it says neither. Of numbers 1 says yes, and 0 and −1 say no.</summary>
    public static bool? Of(string word)
    {
        foreach (var (yes, no) in Pairs)
        {
            if (word.Equals(yes, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }

            if (word.Equals(no, StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number switch { 1 => true, 0 or -1 => false, _ => null }
            : null;
    }
}
