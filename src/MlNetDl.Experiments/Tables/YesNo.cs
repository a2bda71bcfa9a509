using System.Globalization;

namespace MlNetDl.Experiments;

/// <summary>The pairs of words that say yes and no.</summary>
internal static class YesNo
{
    private static readonly (string Yes, string No)[] Pairs =
    [
        ("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"), ("positive", "negative"), ("pos", "neg"), ("on", "off"),
    ];

    /// <summary>What a word says; <see langword="null"/> where it says neither. Of numbers 1 says yes, and 0, −1 and 2 no other than 1 do: see
    /// <see cref="Pair"/>.</summary>
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

    /// <summary>Which word of a column says yes and which no; <see langword="null"/> where they are no such pair.</summary>
    /// <param name="words">The different words.</param>
    public static (string Yes, string No)? Pair(IReadOnlyCollection<string> words)
    {
        var told = words.Select(w => (Word: w, Says: Of(w))).ToList();
        return told.Count == 2 && told.Find(t => t.Says == true).Word is { } yes && told.Find(t => t.Says == false).Word is { } no ? (yes, no) : null;
    }
}
