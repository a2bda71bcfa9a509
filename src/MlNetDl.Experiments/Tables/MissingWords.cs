using System.Globalization;

namespace MlNetDl.Experiments;

/// <summary>What stands in a column for a value that is not there: nothing, the usual words, and those that people named.</summary>
internal sealed class MissingWords
{
    private static readonly HashSet<string> UsualWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "?", "NA", "N/A", "N.A.", "#N/A", "<NA>", "NAN", "NAT", "NULL", "#NULL!", "#DIV/0!", "#VALUE!", ".",
    };

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> UsualSpans = UsualWords.GetAlternateLookup<ReadOnlySpan<char>>();

    // These stand for no number; among words they are one, such as the label of + and -.
    private static readonly HashSet<string> Dashes = ["-", "--", "–"];

    private readonly List<(string Word, double? Number)> own;

    private MissingWords(IEnumerable<string> own) => this.own = [.. own.Distinct().Select(word => (word, Number(word)))];

    /// <summary>The usual ones alone.</summary>
    public static MissingWords Usual { get; } = new([]);

    /// <summary>The words that people named.</summary>
    public IEnumerable<string> Own => own.Select(o => o.Word);

    /// <summary>The usual ones and others.</summary>
    public static MissingWords With(IEnumerable<string> own) => own.Any() ? new(own) : Usual;

    /// <summary>Whether a value is one of the usual ones, or empty.</summary>
    public static bool IsUsual(ReadOnlySpan<char> value) => value.IsEmpty || UsualSpans.Contains(value);

    /// <summary>Whether a value is a dash, which stands for no number.</summary>
    public static bool IsDash(string value) => Dashes.Contains(value);

    /// <summary>Whether a value stands for one that is not there.</summary>
    public bool Has(string value) => IsUsual(value) || NamedAs(value) is not null;

    /// <summary>The word that people named which a value is, in upper or lower case, or as a number: -999.0 is -999; <see langword="null"/> for none.</summary>
    public string? NamedAs(string value)
    {
        if (own.Count == 0)
        {
            return null;
        }

        double? number = Number(value);
        return own.Find(o => o.Word.Equals(value, StringComparison.OrdinalIgnoreCase) || (number is not null && o.Number == number)).Word;
    }

    private static double? Number(string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;
}
