using System.Collections.Concurrent;
using MlNetDl.Configuration;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>A list of image files: a table with a column of paths and one of labels, which are classes, yes and no, numbers, or several labels an
/// image.</summary>
public sealed record ImageListData : ImageData
{
    // A sweep asks for each of many experiments on the same list, and reading a long one takes a while.
    private static readonly ConcurrentDictionary<(ImageListData List, DateTime Written), bool> KnownValidation = [];

    /// <summary>The list: a table as <see cref="CsvData"/> takes it, with a header or without. Its paths count from its own folder.</summary>
    public required string ImageList { get; init; }

    /// <summary>The column of paths. By default one that is called so (<c>path</c>, <c>file</c>, <c>image</c> and the like), else the first
    /// one whose values end as image files do.</summary>
    public string? PathColumn { get; init; }

    /// <summary>The column of labels; a model that is trained without labels needs none. By default one that is called so (<c>label</c>,
    /// <c>class</c>, <c>target</c>), else the only one that is left.</summary>
    public string? Label { get; init; }

    /// <summary>For <c>task: multilabel</c>, the columns of the labels, each of which says for an image whether it has the label: 1 or 0, or yes or no. Without
    /// them, <see cref="Label"/> is one column with all labels of an image, such as <c>cat|dog</c>.</summary>
    public ValueList<string> Labels { get; init; } = [];

    /// <summary>For <c>task: multilabel</c>, what stands between the labels of an image in the column <see cref="Label"/>; <c>|</c> by default.</summary>
    public string? LabelSeparator { get; init; }

    /// <summary>The column that says which part an image belongs to: <c>train</c>, <c>val</c> or <c>test</c>, in upper or lower case. By default one
    /// that is called <c>split</c>, <c>part</c> or <c>subset</c>, if there is one.</summary>
    public string? Split { get; init; }

    /// <summary>Whether the first row has the names of the columns. By default it has, unless it names an image.</summary>
    public bool? Header { get; init; }

    /// <summary>What stands between fields. By default it is seen.</summary>
    public string? Separator { get; init; }

    /// <summary>What stands before the decimals of numbers, <c>.</c> or <c>,</c>. By default it is seen, or asked for.</summary>
    public string? Decimal { get; init; }

    /// <summary>The encoding of the list. By default it is seen.</summary>
    public string? Encoding { get; init; }

    private protected override (string Key, string Path) Place => ("imageList", ImageList);

    private protected override bool HasOwnValidation => File.Exists(ImageList)
        && KnownValidation.GetOrAdd((this, File.GetLastWriteTimeUtc(ImageList)), key => Seen(key.List.WithoutLabels)?.Validation is not null);

    private protected override ImageData At(string path) => this with { ImageList = path };

    private protected override ImageLook Look(LearningTask? task) => new ImageListLook(this, task);

    // Nobody knows the task where files and parts are asked for, and it decides which labels may be.
    private ImageListLook WithoutLabels() => new(this, task: null, readsLabels: false);

    /// <inheritdoc/>
    public override IEnumerable<(string Key, string? Print)> Fingerprint() =>
    [
        ("imageList", DataFingerprint.OfFile(ImageList)),
        ("images", DataFingerprint.OfNames(Path.GetDirectoryName(Path.GetFullPath(ImageList))!, () => WithoutLabels().Files.Where(File.Exists))),
        ("validation", DataFingerprint.OfFile(Validation?.Path)),
    ];

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> ProblemsWith(LearningTask? task) =>
        base.ProblemsWith(task).Concat(TableOptions.ProblemsOf(Separator, Decimal)).Concat(RowLabels.ProblemsOf(task, Label, Labels, LabelSeparator));

    /// <summary>What is said of the form of the list. What other columns than those of labels mean is not asked.</summary>
    internal TableOptions Options => new()
    {
        Header = Header,
        Separator = Separator?.FirstOrDefault(),
        Decimal = Decimal?.FirstOrDefault(),
        Encoding = Encoding,
        LikelyDates = DateOrder.DayFirst,
    };
}
