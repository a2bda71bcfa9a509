using System.Globalization;

namespace MlNetDl.Experiments;

/// <summary>A column of a table.</summary>
/// <param name="Name">From the header row.</param>
/// <param name="IsNumber">Whether every value that is there is a number.</param>
/// <param name="IsBoolean">Whether every value that is there is true or false.</param>
public sealed record TableColumn(string Name, bool IsNumber, bool IsBoolean)
{
    // In so few rows, all words may differ by chance.
    private const int FewRows = 20;
    private const double NearlyAll = 0.9;
    private const double Most = 0.5;

    /// <summary>Its place in a row, from 0.</summary>
    internal int Place { get; init; }

    /// <summary>What its file says of its values.</summary>
    internal CellKind Kind { get; init; }

    /// <summary>Its type in words, where it has no values of one kind, as lists have none; it has no fields then.</summary>
    internal string? Unusable { get; init; }

    /// <summary>The first value that is not there, or is no finite number in a column of numbers: its line in the file
    /// and its text; <see langword="null"/> when there is none.</summary>
    internal (long Line, string Text)? Gap { get; init; }

    /// <summary>What stands for a value that is not there, beside a dash where there are no words.</summary>
    internal MissingWords Lacking { get; init; } = MissingWords.Usual;

    /// <summary>Which words that people named stand there for one.</summary>
    internal IReadOnlyCollection<string> LackingFound { get; init; } = [];

    /// <summary>How many values are not there.</summary>
    internal long Missing { get; init; }

    /// <summary>The line of the first value that is not there; 0 where all are.</summary>
    internal long FirstMissing { get; init; }

    /// <summary>The first number that is not finite, with its line.</summary>
    internal (long Line, string Text)? Infinite { get; init; }

    /// <summary>How its numbers are written.</summary>
    internal NumberForm Form { get; init; } = NumberForm.Plain;

    /// <summary>Whether its numbers show which decimal mark they have; 5 and 12 do not.</summary>
    internal bool ShowsMark { get; init; }

    /// <summary>The first number that is not written plainly, with its line.</summary>
    internal (long Line, string Text)? Dressed { get; init; }

    /// <summary>How its dates are written; <see langword="null"/> where it is none of dates.</summary>
    internal DateForm? Dates { get; init; }

    /// <summary>The first value that is no date, where those before it are; <see langword="null"/> for none.</summary>
    internal (long Line, string Text)? Undated { get; init; }

    /// <summary>The form of those before it.</summary>
    internal DateForm? UndatedForm { get; init; }

    /// <summary>Whether its times say how far they are from UTC.</summary>
    internal DateZone Zone { get; init; }

    /// <summary>The first time of another zone than UTC, with its line.</summary>
    internal (long Line, string Text)? Shifted { get; init; }

    /// <summary>The first value that is no date in the form that somebody said.</summary>
    internal (long Line, string Text)? Unstamped { get; init; }

    /// <summary>What its numbers seem to count since 1970; <see langword="null"/> for none.</summary>
    internal TimestampUnit? Stamps { get; init; }

    /// <summary>The first whole number that the network's numbers cannot hold.</summary>
    internal (long Line, string Text)? Rounded { get; init; }

    /// <summary>The first number that begins with a 0 before other digits, as codes do.</summary>
    internal (long Line, string Text)? LeadingZero { get; init; }

    /// <summary>Whether it counts the rows.</summary>
    internal bool CountsRows { get; init; }

    /// <summary>How many values are numbers.</summary>
    internal long Numbers { get; init; }

    /// <summary>How many values are words: there, and neither a number nor what stands for a missing one.</summary>
    internal long Words { get; init; }

    /// <summary>How many values are there.</summary>
    internal long Values { get; init; }

    /// <summary>How often each value is there, in the order of their first places; of very many the first ones.</summary>
    internal IReadOnlyDictionary<string, long> Counts { get; init; } = new Dictionary<string, long>();

    /// <summary>Whether <see cref="Counts"/> has all values.</summary>
    internal bool AreCountsWhole { get; init; } = true;

    /// <summary>Whether it holds words of which nearly every row has another, as names of rows and dates do: no
    /// category that comes again, so nothing to learn from.</summary>
    internal bool NamesRows => !IsNumber && Dates is null && Counted > FewRows && Counts.Count > NearlyAll * Counted;

    /// <summary>How many values have several words.</summary>
    internal long Texts { get; init; }

    /// <summary>Whether it holds texts: most values have several words, and most differ.</summary>
    internal bool LooksLikeText => !IsNumber && Dates is null && Texts > Most * Values && Counts.Count > Most * Counted;

    /// <summary>Whether every row has a word of its own.</summary>
    internal bool AllDiffer => Counts.Count == Counted;

    /// <summary>The first words, each with its line.</summary>
    internal IReadOnlyList<(long Line, string Text)> FirstWords { get; init; } = [];

    /// <summary>The column with all its values taken as words.</summary>
    internal TableColumn AsWords => this with { IsNumber = false, Dates = null, Gap = Infinite is null ? Gap : null };

    /// <summary>The column with all its values taken as numbers, where a file says that they are texts, or they are taken for dates; <see langword="null"/> where
    /// they are none.</summary>
    internal TableColumn? AsNumbers => IsNumber ? this
        : (Kind == CellKind.Text || Dates is { IsNumber: true }) && Words == 0 && Numbers > 0 ? this with { IsNumber = true, Dates = null } : null;

    /// <summary>How words of yes and no are read that another table spells otherwise, as <c>TRUE</c> is <c>True</c>; <see langword="null"/> for none.</summary>
    internal IReadOnlyDictionary<string, string>? Spelling { get; init; }

    /// <summary>The column with its words of yes and no spelled as others.</summary>
    /// <param name="words">Those of the table to train on.</param>
    internal TableColumn SpelledAs(IReadOnlyCollection<string> words)
    {
        var spelling = IsNumber || !IsBoolean ? [] : Counts.Keys.Where(own => !words.Contains(own)).ToDictionary(own => own,
            own => words.FirstOrDefault(w => w.Equals(own, StringComparison.OrdinalIgnoreCase)) ?? own);
        return spelling.Count == 0 ? this : this with { Spelling = spelling };
    }

    /// <summary>Whether a value is not there: also a dash, where the column is not one of words.</summary>
    internal bool Lacks(string value) => Lacking.Has(value) || ((IsNumber || Dates is not null) && MissingWords.IsDash(value));

    /// <summary>Where a value stands, in words: a line of a text, else a row.</summary>
    internal string At(long place) => string.Create(CultureInfo.InvariantCulture, $"{(Kind == CellKind.Seen ? "line" : "row")} {place}");

    private long Counted => Counts.Values.Sum();
}
