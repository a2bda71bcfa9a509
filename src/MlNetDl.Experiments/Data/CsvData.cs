using MlNetDl.Configuration;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>A table: a CSV or TSV file with a header row. Columns of numbers and of words are told apart by what
/// is in them.</summary>
public sealed record CsvData : DataSource
{
    /// <summary>The file.</summary>
    public required string Csv { get; init; }

    /// <summary>A second file with the test part; without one, <see cref="TestFraction"/> is held out.</summary>
    public string? TestCsv { get; init; }

    /// <summary>The column to predict; a model that is trained without labels leaves it out. For anomaly detection it says which rows are
    /// strange, for the figures alone: one of the two files may lack it, and its rows count as normal.</summary>
    public string? Label { get; init; }

    /// <summary>Columns that are not features, such as numbers of rows.</summary>
    public ValueList<string> Ignore { get; init; } = [];

    /// <summary>Columns of numbers. Which columns are so is seen from the table; a word in one of these is an error
    /// instead of making the column one of categories.</summary>
    public ValueList<string> Numeric { get; init; } = [];

    /// <summary>Columns of categories although they hold numbers, such as codes: each value is a category of its own,
    /// not a quantity.</summary>
    public ValueList<string> Categorical { get; init; } = [];

    /// <summary>Share held out for the test where there is no second file, above 0 and below 1; a fifth. Each row is
    /// drawn by a number that follows from its position alone, so the share is not met exactly and does not depend on
    /// the training's seed.</summary>
    [Above(0), Below(1)]
    public double TestFraction { get; init; } = 0.2;

    /// <inheritdoc/>
    public override string? TestData => TestCsv;

    /// <inheritdoc/>
    public override DataSource WithFullPaths() => this with { Csv = Full(Csv)!, TestCsv = Full(TestCsv) };

    /// <inheritdoc/>
    public override LoadedData Load(LearningTask? task) => new CsvRows(this, task).Load();

    /// <inheritdoc/>
    public override void Check(LearningTask? task) => Load(task);

    /// <inheritdoc/>
    public override IEnumerable<(string Key, string? Print)> Fingerprint() =>
        [("csv", DataFingerprint.OfFile(Csv)), ("testCsv", DataFingerprint.OfFile(TestCsv))];

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> ProblemsWith(LearningTask? task) =>
        task is { LearnsFromLabels: true } && Label is null ? [new("", "lacks the key 'label': it names the column of the table to predict.")] : [];
}
