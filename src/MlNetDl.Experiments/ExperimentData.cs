using MlNetDl.Configuration;
using MlNetDl.Images;

namespace MlNetDl.Experiments;

/// <summary>Where an experiment's data comes from: a named data set, a folder of images, or a table. One of the three is given.</summary>
public sealed record ExperimentData : ICheckedRecord
{
    /// <summary>A named data set, such as <c>mnist</c>; <c>mldl list datasets</c> shows them.</summary>
    public string? Dataset { get; init; }

    /// <summary>A folder with a sub-folder of images for each class. If it has sub-folders <c>train</c> and <c>test</c>, those are the parts.</summary>
    public string? Folder { get; init; }

    /// <summary>A CSV or TSV file with a header row.</summary>
    public string? Csv { get; init; }

    /// <summary>For a table, a second file with the test part; without one, <see cref="TestFraction"/> is held out.</summary>
    public string? TestCsv { get; init; }

    /// <summary>For a table, the column to predict; a model that is trained without labels leaves it out.</summary>
    public string? Label { get; init; }

    /// <summary>For a table, columns that are not features, such as numbers of rows.</summary>
    public ValueList<string> Ignore { get; init; } = [];

    /// <summary>For a table, columns of numbers. Which columns are so is seen from the table; a word in one of these is an error instead of
    /// making the column one of categories.</summary>
    public ValueList<string> Numeric { get; init; } = [];

    /// <summary>For a table, columns of categories although they hold numbers, such as codes: each value is a category of its own, not a quantity.</summary>
    public ValueList<string> Categorical { get; init; } = [];

    /// <summary>Share held out for the test where the data has no test part of its own, above 0 and below 1; a fifth. Of a folder it is
    /// that share of each class. Of a table each row is drawn by a
    /// number that follows from its position alone, so the share is not met exactly; neither depends on the training's seed.</summary>
    [Above(0), Below(1)]
    public double TestFraction { get; init; } = 0.2;

    /// <summary>For a folder, the size and colours that the network takes; 3 × 64 × 64 by default.</summary>
    public ImageInput Image { get; init; } = new(3, 64, 64);

    /// <inheritdoc/>
    public IEnumerable<RecordProblem> Problems() =>
        new[] { Dataset, Folder, Csv }.Count(s => s is not null) == 1 ? [] : [new("", "needs exactly one of dataset, folder and csv.")];
}
