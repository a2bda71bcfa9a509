using System.Globalization;

namespace MlNetDl.Experiments;

/// <summary>Sees from the values of a column what kind it is.</summary>
internal sealed class ColumnReader(string name)
{
    private const int WordsKept = 3, WordsCompared = 10_000;
    private readonly List<(long Line, string Text)> words = [];
    // The hashes of the first words: enough to tell whether nearly all differ, and little to hold.
    private readonly HashSet<int> differing = [];
    private (long Line, string Text)? empty;
    private (long Line, string Text)? infinite;
    private long numberCount;
    private long wordCount;
    private bool boolean = true;

    /// <summary>The column as far as it was read.</summary>
    public TableColumn Column => new(name, wordCount == 0, boolean)
    {
        Gap = wordCount == 0 ? Earlier(empty, infinite) : empty,
        Numbers = numberCount,
        Words = wordCount,
        ComparedWords = Math.Min(wordCount, WordsCompared),
        DifferentWords = differing.Count,
        FirstWords = words,
    };

    /// <summary>Looks at the next value.</summary>
    public void Take(ReadOnlySpan<char> value, long line)
    {
        if (value.IsEmpty)
        {
            empty ??= (line, "");
            return;
        }

        boolean &= bool.TryParse(value, out _);
        bool isNumber = float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out float parsed);
        if (isNumber && float.IsFinite(parsed))
        {
            numberCount++;
        }
        else if (isNumber || StandsForNone(value))
        {
            infinite ??= (line, value.ToString());
        }
        else
        {
            if (wordCount++ < WordsCompared)
            {
                differing.Add(string.GetHashCode(value));
            }

            if (words.Count < WordsKept)
            {
                words.Add((line, value.ToString()));
            }
        }
    }

    // A column with such a value among numbers is still one of numbers, with a value missing: taken for words, it would
    // become categories without a word.
    private static bool StandsForNone(ReadOnlySpan<char> value) =>
        value.TrimStart("+-").ToString().ToUpperInvariant() is "?" or "NA" or "N/A" or "NAN" or "NULL" or "INF" or "INFINITY" or "∞";

    private static (long Line, string Text)? Earlier((long Line, string Text)? a, (long Line, string Text)? b) =>
        a is null || (b is not null && b.Value.Line < a.Value.Line) ? b : a;
}
