using MlNetDl.Data;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>What a folder of images has, part by part, before an image is opened.</summary>
internal sealed class ImageFolderLook : ImageLook
{
    private const int Named = 3;
    private readonly ImageParts parts;

    /// <summary>Looks.</summary>
    /// <param name="source">The folder, and what is said of it.</param>
    /// <param name="task">What is learnt.</param>
    /// <exception cref="InvalidDataException">A part has no images, or not the folders that the task needs.</exception>
    public ImageFolderLook(ImageFolderData source, LearningTask? task)
    {
        parts = ImageParts.Of(source.Folder);
        var train = parts.Train ?? throw NothingToTrainOn();
        var validation = source.Validation is { } said ? said.Path : parts.Validation;
        var contents = new[] { train, validation, parts.Test }.Select(f => f is null ? null : ImageFolder.Look(f)).ToList();
        var there = contents.OfType<ImageFolderContent>().ToList();
        if (there.Find(c => c.Images.Count == 0) is { } bare && parts.HasParts)
        {
            throw new InvalidDataException($"The part '{bare.Folder}' has no images{(bare.Unread.Count > 0 ? " of a kind that is read" : "")}; put some "
                + "into it, or remove the folder.");
        }

        bool hasClasses = task is { LearnsFromLabels: true } || there.TrueForAll(c => c.HasClasses);
        Train = Part(contents[0]!, hasClasses);
        Validation = contents[1] is { } validating ? Part(validating, hasClasses) : null;
        Test = contents[2] is { } testing ? Part(testing, hasClasses) : null;
        var whole = ImageFolder.Look(source.Folder);
        var empty = there.SelectMany(c => c.EmptyFolders.Select(f => Path.Combine(c.Folder, f)));
        Notes = [.. Said(source), .. ImageNotes.LeftOut(whole, hasClasses ? [.. empty] : [])];
        Warnings = [.. ImageNotes.Missed(whole, Files.ToHashSet()), .. hasClasses ? there.SelectMany(Nested) : []];
    }

    public override ImagePart Train { get; }

    public override ImagePart? Validation { get; }

    public override ImagePart? Test { get; }

    public override IReadOnlyList<string> Notes { get; }

    public override IReadOnlyList<string> Warnings { get; }

    private InvalidDataException NothingToTrainOn()
    {
        var there = parts is { Test: not null, Validation: not null } ? "a test and a validation part"
            : parts.Test is not null ? "a test part" : "a validation part";
        return new($"'{parts.Root}' has {there}, but no folder 'train' to train on; add one, or name the folder with the classes itself, such as "
            + $"data.folder: {parts.Test ?? parts.Validation}.");
    }

    private static ImagePart Part(ImageFolderContent content, bool hasClasses)
    {
        if (!hasClasses)
        {
            return new(content.Folder, content.Unlabelled(), null);
        }

        var (files, classes) = content.Labelled();
        if (content.Beside.Count > 0 && content.Classes.Count == 1)
        {
            // One folder beside images is hardly a class.
            ImageFolder.List(content.Folder);
        }

        MustNotHoldSameFolders(content);
        return new(content.Folder, [.. files.Select(f => f.Path)], [.. files.Select(f => classes[f.Class])]);
    }

    private IEnumerable<string> Said(ImageFolderData source)
    {
        if (parts.Root != source.Folder)
        {
            yield return $"'{parts.Root}' is taken, which holds all images of '{source.Folder}'";
        }

        if (Validation is not null)
        {
            yield return $"validation part: '{Validation.Place}'";
        }

        if (parts.HasParts && Test is null)
        {
            yield return string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"no test part: {source.TestFraction:0.##} of the part to train on is held out for the test");
        }
    }

    // Images of a class may lie deeper: all of them count.
    private static IEnumerable<string> Nested(ImageFolderContent content)
    {
        var nested = content.Classes.Where(c => HoldsFoldersOnly(content, c)).ToList();
        return nested.Count == 0 ? [] : [$"{Some(nested.Select(c => c.Name))} in '{content.Folder}' {(nested.Count == 1 ? "holds" : "hold")} folders "
            + $"only, such as '{FolderIn(content, nested[0])}': their images are taken for images of the class '{nested[0].Name}'"
            + $"{(nested.Count == 1 ? "" : " and so on")}."];
    }

    private static string Some(IEnumerable<string> names) =>
        string.Join(", ", names.Take(Named).Select(n => $"'{n}'")) + (names.Skip(Named).Any() ? ", …" : "");

    private static void MustNotHoldSameFolders(ImageFolderContent content)
    {
        if (content.Classes.Count < 2 || !content.Classes.All(c => HoldsFoldersOnly(content, c)))
        {
            return;
        }

        var common = content.Classes.Select(c => FoldersIn(content, c)).Aggregate((a, b) => [.. a.Intersect(b)]);
        if (common.Count > 1)
        {
            throw new InvalidDataException($"The folders of '{content.Folder}' ({Some(content.Classes.Select(c => c.Name))}) hold no images but the same "
                + $"folders ({Some(common.Order(StringComparer.Ordinal))}): which of both are the classes? Put images right into folders of classes; or "
                + $"name one of the folders, such as data.folder: {Path.Combine(content.Folder, content.Classes[0].Name)}.");
        }
    }

    private static bool HoldsFoldersOnly(ImageFolderContent content, ImageClass one) =>
        one.Files.All(f => Path.GetDirectoryName(f) != Path.Combine(content.Folder, one.Name));

    private static HashSet<string> FoldersIn(ImageFolderContent content, ImageClass one) =>
        [.. one.Files.Select(f => Path.GetRelativePath(Path.Combine(content.Folder, one.Name), f).Split(Path.DirectorySeparatorChar)[0])];

    private static string FolderIn(ImageFolderContent content, ImageClass one) => Path.Combine(one.Name, FoldersIn(content, one).First());
}
