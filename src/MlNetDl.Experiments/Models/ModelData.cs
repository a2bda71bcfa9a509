using Microsoft.ML;
using MlNetDl.Data;
using MlNetDl.Images;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>Data for a saved model, as a command line names it: a data set, a folder of images, a table, or an image.</summary>
internal static class ModelData
{
    /// <summary>Whether a name is that of a table's file.</summary>
    public static bool IsTable(string data) => Table.Is(data);

    /// <summary>The test part of a data set, or the images of a folder.</summary>
    /// <param name="manifest">The model's.</param>
    /// <param name="data">The data's name; a folder may have images right in it where the model knows no classes.</param>
    /// <param name="warn">Gets told which images are scaled.</param>
    /// <param name="positive">The class of a folder that means yes, for a task of yes and no; by default that of the training, or the usual words
    /// tell.</param>
    public static Examples Examples(ModelManifest manifest, string data, Action<string>? warn = null, string? positive = null)
    {
        if (Datasets.Find(data) is { } set)
        {
            var testing = set.Load(true);
            OtherRows.Refuse(manifest, testing.Shape, data);
            return testing;
        }

        var (folder, image) = Folder(manifest, data);
        bool needsClasses = manifest.Task is { LearnsFromLabels: true } || manifest.ClassNames.Count > 0;
        if (!needsClasses && !ImageFolder.HasClasses(folder))
        {
            TellScaled(ImageFolder.Images(folder), image, warn);
            return ImageFolder.ReadWithoutClasses(folder, image);
        }

        var known = Known(manifest, folder);
        TellScaled(ImageFolder.List(folder, known).Files.Select(f => f.Path), image, warn);
        var examples = ImageFolder.Read(folder, image, known);
        return manifest.Task is { LearnsFromLabels: true, Label: YesNoLabel } || (manifest.Task is { Label: YesNoLabel } && positive is not null)
            ? YesOrNo(examples, data, Positive(examples, manifest.Label, positive))
            : examples;
    }

    // A folder may lack a class. Words of yes and no are those of the training only where all of the folder's are among them.
    private static ValueList<string>? Known(ModelManifest manifest, string folder) => manifest.ClassNames.Count > 0 ? manifest.ClassNames
        : manifest.Label.YesNoNames is { } words && ImageFolder.Look(folder).Classes.All(c => words.Contains(c.Name)) ? words : null;

    // A folder with other classes than those of the training is asked for its own.
    private static string? Positive(Examples examples, LabelInfo label, string? positive) =>
        positive ?? (label.Positive is { } known && examples.ClassNames.Contains(known) ? known : null);

    private static Examples YesOrNo(Examples examples, string data, string? positive)
    {
        var yes = PositiveClass.Of($"'{data}'", examples.ClassNames, positive, name => $"--positive {name}");
        return examples with
        {
            Targets = ((long[])examples.Targets!).Select(c => examples.ClassNames[(int)c] == yes ? 1f : 0f).ToArray(),
            ClassNames = [examples.ClassNames.First(name => name != yes), yes],
        };
    }

    private static void TellScaled(IEnumerable<string> files, ImageInput image, Action<string>? warn)
    {
        if (warn is not null && ScaledFiles.TextOf(files, image) is { } text)
        {
            warn(text);
        }
    }

    /// <summary>Rows as the model takes them.</summary>
    /// <param name="path">The model <c>.zip</c>.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="data">The data; a folder may have images right in it.</param>
    /// <param name="warn">Gets warnings of data that looks wrong.</param>
    /// <param name="part">The part of a data set, of an experiment's data or of a folder with parts; a table's rows are all taken.</param>
    /// <exception cref="InvalidDataException">The data has rows of another form.</exception>
    public static SeenRows Rows(string path, ModelManifest manifest, NamedData data, Action<string>? warn, DataPart part = DataPart.Test)
    {
        var name = data.Name;
        if (data.Source is { } source)
        {
            return Suited(manifest, $"data of '{name}'", RowsOf(path, source, name, part, warn));
        }

        if (IsTable(name))
        {
            return manifest.Image is null
                ? new TableModel(path, manifest, warn).Features(name)
                    ?? throw new InvalidDataException($"The model '{path}' takes no rows of numbers, so '{name}' does not suit it.")
                : throw new InvalidDataException($"The model '{path}' takes images, but '{name}' is a table.");
        }

        if (Datasets.Find(name) is { } set)
        {
            return Suited(manifest, $"data set '{name}'", set.Load(part == DataPart.Test));
        }

        var (folder, image) = Folder(manifest, name, part);
        if (ImageFolder.Images(folder) is not { Count: > 0 } files)
        {
            throw new InvalidDataException($"'{name}' is a folder without images; expected PNG, JPEG, BMP, GIF or WebP files in it.");
        }

        TellScaled(files, image, warn);
        return new(files.Count, index => Image(files[index], image)) { Classes = Classes(folder, files, manifest) };
    }

    /// <summary>Image files as rows of the model.</summary>
    /// <param name="manifest">The model's.</param>
    /// <param name="files">The files.</param>
    /// <param name="warn">Gets told which images are scaled.</param>
    /// <exception cref="InvalidDataException">The model takes no images.</exception>
    public static SeenRows Images(ModelManifest manifest, IReadOnlyList<string> files, Action<string>? warn)
    {
        var image = manifest.Image ?? throw new InvalidDataException($"'{files[0]}' is to be an image, but the model takes rows of "
            + $"{manifest.Input.ElementsPerExample()} values; name a table by --data, and its rows by their numbers.");
        if (files.FirstOrDefault(f => !File.Exists(f)) is { } missing)
        {
            throw new FileNotFoundException($"The file '{missing}' does not exist.", missing);
        }

        TellScaled(files, image, warn);
        return new(files.Count, index => Image(files[index], image));
    }

    private static Examples RowsOf(string path, DataSource source, string name, DataPart part, Action<string>? warn)
    {
        var ml = new MLContext();
        using var network = NeuralNetworkTransformer.Load(ml, path);
        var loaded = source.Read(null);
        loaded.Tell(warn);
        return loaded.RowsOf(SavedChain.Load(ml, path, out _), network, part)
            ?? throw new InvalidDataException($"The data of '{name}' has no column of features of a known size as the model takes them.");
    }

    private static SeenRows Suited(ModelManifest manifest, string name, Examples examples) =>
        SeenRows.Of(examples) is { } rows && examples.Shape.Dims.Skip(1).SequenceEqual(manifest.Input.Dims.Skip(1))
            ? rows
            : throw new InvalidDataException($"The model takes rows {manifest.Input}, but the {name} has {examples.Shape}; "
                + $"name data of that form, or {(manifest.Image is null ? "a table" : "a folder of images, which are scaled")}.");

    // The folders below tell a told model the classes; null where images lie right in the folder.
    private static List<string>? Classes(string folder, IReadOnlyList<string> files, ModelManifest manifest)
    {
        var places = files.Select(f => Path.GetDirectoryName(Path.GetFullPath(f))!).ToList();
        return manifest.ClassNames.Count > 0 && !places.Contains(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))
            ? [.. places.Select(p => Path.GetFileName(p))]
            : null;
    }

    private static float[] Image(string file, ImageInput image) => Array.ConvertAll(ImageDecoder.Decode(file, image), b => (float)b);

    private static (string Folder, ImageInput Image) Folder(ModelManifest manifest, string data, DataPart part = DataPart.Test)
    {
        if (!Directory.Exists(data))
        {
            var names = string.Join(", ", Datasets.All.Select(d => d.Name));
            throw new FileNotFoundException(
                $"'{data}' is neither a data set ({names}) nor a folder of images nor a table (.csv, .tsv, .parquet, .arrow).", data);
        }

        var image = manifest.Image ?? throw OtherRows.OfImages(manifest, data);
        var parts = ImageParts.Of(data);
        var folder = part == DataPart.Test ? parts.HasParts ? parts.Test : parts.Root : parts.Train;
        return (folder ?? throw new InvalidDataException($"'{data}' has parts, but none to {(part == DataPart.Test ? "test with" : "train on")}; name one of "
            + $"its folders, such as {parts.Train ?? parts.Test ?? parts.Validation}."), image);
    }
}
