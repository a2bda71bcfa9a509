using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Files;
using MlNetDl.Images;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>A folder with a sub-folder of images for each class; for models that are trained without labels, the images may also lie
/// right in it.</summary>
public sealed record ImageFolderData : DataSource
{
    /// <summary>The folder. If it has sub-folders <c>train</c> and <c>test</c>, those are the parts.</summary>
    public required string Folder { get; init; }

    /// <summary>The size and colours that the network takes; 3 × 64 × 64 by default.</summary>
    public ImageInput Image { get; init; } = new(3, 64, 64);

    /// <summary>Share of each class, or of all images, that is held out for the test where the folder has no test part of its own, above 0
    /// and below 1; a fifth. It does not depend on the training's seed.</summary>
    [Above(0), Below(1)]
    public double TestFraction { get; init; } = 0.2;

    /// <summary>Whether the folder has a test part of its own, <c>test</c> beside <c>train</c>.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool HasTestPart => Parts().Test is not null;

    /// <inheritdoc/>
    public override string TestData => Folder;

    /// <inheritdoc/>
    public override DataSource WithFullPaths() => this with { Folder = Full(Folder)! };

    internal override DataSource Beside(PathsBeside beside) => this with { Folder = beside.Of("data.folder", Folder)! };

    /// <inheritdoc/>
    public override LoadedData Load(LearningTask? task)
    {
        var (train, test) = Parts();
        bool hasClasses = task is { LearnsFromLabels: true } || HasClasses(train, test);
        var examples = hasClasses ? ImageFolder.Read(train, Image) : ImageFolder.ReadWithoutClasses(train, Image);
        var (training, held) = test is null ? examples.Split(TestFraction, seed: 0)
            : (examples, hasClasses ? ImageFolder.Read(test, Image, examples.ClassNames) : ImageFolder.ReadWithoutClasses(test, Image));
        string[] doubts = ScaledFiles.TextOf(Files(hasClasses), Image) is { } scaled ? [scaled] : [];
        return new LoadedExamples(task, training, held, Image.Resize) { Doubts = doubts };
    }

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> ProblemsWith(LearningTask? task) => Image switch
    {
        { Channels: not (1 or 3) } => [new("image.channels", $"is {Image.Channels}, but images are grey (1) or have three colours (3).")],
        { Height: < 1 } or { Width: < 1 } => [new("image", $"is {Image.Height}x{Image.Width} pixels, but needs 1 or more each way.")],
        _ => [],
    };

    /// <inheritdoc/>
    public override void Check(LearningTask? task)
    {
        if (!Directory.Exists(Folder))
        {
            throw new DirectoryNotFoundException($"The image folder '{Folder}' does not exist.{MissingFile.Place(Folder)}");
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Key, string? Print)> Fingerprint() =>
        [("folder", DataFingerprint.OfNames(Folder, ImageFiles))];

    private IEnumerable<string> ImageFiles()
    {
        var (train, test) = Parts();
        return Files(HasClasses(train, test));
    }

    private IEnumerable<string> Files(bool hasClasses)
    {
        var (train, test) = Parts();
        return In(train).Concat(test is null ? [] : In(test));

        IEnumerable<string> In(string part) => hasClasses ? ImageFolder.List(part).Files.Select(f => f.Path) : ImageFolder.Images(part);
    }

    private static bool HasClasses(string train, string? test) => ImageFolder.HasClasses(train) && (test is null || ImageFolder.HasClasses(test));

    private (string Train, string? Test) Parts()
    {
        string train = Path.Combine(Folder, "train"), test = Path.Combine(Folder, "test");
        return Directory.Exists(train) && Directory.Exists(test) ? (train, test) : (Folder, null);
    }
}
