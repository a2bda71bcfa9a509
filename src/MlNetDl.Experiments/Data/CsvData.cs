using MlNetDl.Configuration;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>A table: a file of rows, separated by commas, semicolons, tabs, bars or blanks, packed or not, whose columns of numbers, dates and words are told
/// apart by what is in them; or a Parquet or Arrow (Feather) file, whose columns have types.</summary>
public sealed record CsvData : DataSource
{
    /// <summary>The file: <c>.csv</c>, <c>.tsv</c>, <c>.parquet</c>, <c>.arrow</c> and the like. What it is its first bytes tell.</summary>
    public required string Csv { get; init; }

    /// <summary>A second file with the test part; without one, <see cref="TestFraction"/> is held out.</summary>
    public string? TestCsv { get; init; }

    /// <summary>The column to predict; a model that is trained without labels leaves it out. For anomaly detection it says which rows are
    /// strange, for the figures alone: one of the two files may lack it, and its rows count as normal.</summary>
    public string? Label { get; init; }

    /// <summary>For <c>task: multilabel</c>, the columns of the labels, each of which says for a row whether it has the label: 1 or 0, or yes or no. Without
    /// them, <see cref="Label"/> names one column with all labels of a row, such as <c>drama|comedy</c>.</summary>
    public ValueList<string> Labels { get; init; } = [];

    /// <summary>For <c>task: multilabel</c>, what stands between the labels of a row in the column <see cref="Label"/>; <c>|</c> by default. Blanks around
    /// labels do not count, and an empty field is a row without labels.</summary>
    public string? LabelSeparator { get; init; }

    /// <summary>Columns that are not features, such as numbers of rows.</summary>
    public ValueList<string> Ignore { get; init; } = [];

    /// <summary>Columns of numbers. Which columns are so is seen from the table; a word in one of these is an error
    /// instead of making the column one of categories.</summary>
    public ValueList<string> Numeric { get; init; } = [];

    /// <summary>Columns of categories although they hold numbers, such as codes: each value is a category of its own,
    /// not a quantity.</summary>
    public ValueList<string> Categorical { get; init; } = [];

    /// <summary>Columns of texts: their words and parts of words are counted and become features. By default columns in which most values have four words or
    /// more, and differ, are taken for texts; in <see cref="Categorical"/> they are none.</summary>
    public ValueList<string> Text { get; init; } = [];

    /// <summary>Whether the first row has the names of the columns. By default it is seen; where it looks like data, you are asked. Without names, columns are
    /// <c>column1</c> and so on.</summary>
    public bool? Header { get; init; }

    /// <summary>What stands between fields, such as <c>;</c>, <c>|</c>, a tab or a blank (any number of them). By default it is seen.</summary>
    public string? Separator { get; init; }

    /// <summary>What stands before the decimals of numbers, <c>.</c> or <c>,</c>. By default it is seen from the numbers; where they are in doubt, as 1,234 is,
    /// you are asked.</summary>
    public string? Decimal { get; init; }

    /// <summary>Which number comes first in dates such as 03/04/2025. By default it is seen from the dates; where they are in doubt, you are asked.</summary>
    public DateOrder? Dates { get; init; }

    /// <summary>Columns of numbers that count since the beginning of 1970, and what they count, such as seconds: they become dates, in UTC. None by default; a
    /// warning names columns that look so.</summary>
    public OrderedDictionary<string, TimestampUnit>? Timestamps { get; init; }

    /// <summary>The encoding of the files, such as <c>windows-1252</c>. By default it is seen: UTF-8, UTF-16, or Windows-1252 where bytes are no
    /// UTF-8.</summary>
    public string? Encoding { get; init; }

    /// <summary>What becomes of missing values: empty fields, and words such as <c>NA</c>, <c>NaN</c>, <c>null</c>, <c>?</c> and <c>-</c>. They are refused by
    /// default, but for words, where they are a category of their own.</summary>
    public MissingValues Missing { get; init; }

    /// <summary>The same for single columns, by their names; none by default.</summary>
    public OrderedDictionary<string, MissingValues>? MissingIn { get; init; }

    /// <summary>Further words for missing values, in every column, such as <c>unknown</c> or <c>-999</c>; in upper or lower case, and a number however it is
    /// written. The model keeps them.</summary>
    public ValueList<TableWord> MissingWords { get; init; } = [];

    /// <summary>Further words for missing values of single columns, by their names; none by default.</summary>
    public OrderedDictionary<string, ValueList<TableWord>>? MissingWordsIn { get; init; }

    /// <summary>The label that means yes, for a task of yes and no; by default the usual ones: true, yes, y, t, positive and 1.</summary>
    public string? Positive { get; init; }

    /// <summary>Share held out for the test where there is no second file, above 0 and below 1; a fifth. It is met exactly, and as well as can be within each
    /// class; which rows it has does not depend on the training's seed.</summary>
    [Above(0), Below(1)]
    public double TestFraction { get; init; } = 0.2;

    /// <inheritdoc/>
    public override string? TestData => TestCsv;

    /// <inheritdoc/>
    protected override bool TakesValidationPath => true;

    /// <inheritdoc/>
    public override DataSource WithFullPaths() => this with
    {
        Csv = Full(Csv)!,
        TestCsv = Full(TestCsv),
        Validation = FullValidation,
    };

    internal override DataSource Beside(PathsBeside beside) =>
        this with { Csv = beside.Of("data.csv", Csv)!, TestCsv = beside.Of("data.testCsv", TestCsv), Validation = ValidationBeside(beside) };

    /// <inheritdoc/>
    public override LoadedData Load(LearningTask? task) => new CsvRows(this, task).Load();

    /// <inheritdoc/>
    public override void Check(LearningTask? task) => Load(task);

    /// <inheritdoc/>
    public override IEnumerable<(string Key, string? Print)> Fingerprint() =>
        [("csv", DataFingerprint.OfFile(Csv)), ("testCsv", DataFingerprint.OfFile(TestCsv)), ("validation", DataFingerprint.OfFile(Validation?.Path))];

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> ProblemsWith(LearningTask? task)
    {
        if (task is { LearnsFromLabels: true } && Label is null && Labels.Count == 0)
        {
            yield return new("", "lacks the key 'label': it names the column of the table to predict.");
        }

        foreach (var problem in RowLabels.ProblemsOf(task, Label, Labels, LabelSeparator))
        {
            yield return problem;
        }

        foreach (var problem in TableOptions.ProblemsOf(Separator, Decimal))
        {
            yield return problem;
        }
    }

    /// <summary>The saved model that takes the rows, and how its own were written; <see langword="null"/> where a model is yet to be trained.</summary>
    internal (TrainedTable Form, TableNeeds Needs, ValueList<string> Labels)? Model { get; init; }

    /// <summary>What is said of the form of both files.</summary>
    internal TableOptions Options => Model is var (form, _, _) ? form.Hint(Said) : Said;

    /// <summary>The further words for missing values of a single column.</summary>
    internal IEnumerable<string> WordsIn(string column) => MissingWordsIn?.GetValueOrDefault(column)?.Select(w => w.Text) ?? [];

    private TableOptions Said => new()
    {
        Header = Header,
        Separator = Separator?.FirstOrDefault(),
        Decimal = Decimal?.FirstOrDefault(),
        Dates = Dates,
        Encoding = Encoding,
        Ignored = LabelSeparator is not null && Label is not null ? [.. Ignore, Label] : Ignore,
        NumberDates = name => Timestamps is { } columns && columns.TryGetValue(name, out var unit) ? DateForm.Of(unit) : null,
        Lacking = name => Experiments.MissingWords.With([.. MissingWords.Select(w => w.Text), .. WordsIn(name)]),
    };
}
