using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Files;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>A folder with a sub-folder of images for each class; for models that are trained without labels, the images may also lie
/// right in it.</summary>
public sealed record ImageFolderData : ImageData
{
    /// <summary>The folder. Sub-folders that are named like parts are those: <c>train</c>, <c>val</c> (or <c>valid</c>, <c>validation</c>,
    /// <c>dev</c>) and <c>test</c>, in upper or lower case.</summary>
    public required string Folder { get; init; }

    /// <summary>Whether the folder has a test part of its own, such as <c>test</c> beside <c>train</c>.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool HasTestPart => Seen()?.Test is not null;

    /// <inheritdoc/>
    /// <remarks>A folder without a test part of its own would be judged whole, with the images that were trained on; and its name alone does not say which
    /// class means yes.</remarks>
    public override string? TestData => HasTestPart && Positive is null ? Folder : null;

    private protected override (string Key, string Path) Place => ("folder", Folder);

    private protected override bool HasOwnValidation => Seen()?.Validation is not null;

    private protected override ImageData At(string path) => this with { Folder = path };

    private protected override ImageLook Look(LearningTask? task)
    {
        if (File.Exists(Folder))
        {
            throw new InvalidDataException($"data.folder names '{Folder}', which is a file; unpack it where it is packed, and name the folder. A list "
                + "of images is data.imageList.");
        }

        if (!Directory.Exists(Folder))
        {
            throw new DirectoryNotFoundException($"The image folder '{Folder}' does not exist.{MissingFile.Place(Folder)}");
        }

        if (Validation?.Path is { } path && !Directory.Exists(path))
        {
            throw new DirectoryNotFoundException($"data.validation names the folder '{path}', which does not exist.{MissingFile.Place(path)}");
        }

        return new ImageFolderLook(this, task);
    }

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> ProblemsWith(LearningTask? task) => task is not { Label: LabelSet } ? base.ProblemsWith(task)
        : base.ProblemsWith(task).Append(new("folder", "gives an image the one class of its sub-folder, but task: multilabel needs several labels an "
            + "image; name them in a list (data.imageList)."));

    /// <inheritdoc/>
    public override IEnumerable<(string Key, string? Print)> Fingerprint()
    {
        yield return ("folder", DataFingerprint.OfNames(Folder, () => Look(null).Files));
        if (Validation?.Path is { } path)
        {
            yield return ("validation", DataFingerprint.OfNames(path, () => ImageFolder.Images(path)));
        }
    }

    private ImageParts? Seen() => Seen(() => ImageParts.Of(Folder));
}
