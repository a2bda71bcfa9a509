using System.Globalization;
using System.Text.RegularExpressions;
using MlNetDl.Data;
using MlNetDl.Images;

namespace MlNetDl.Experiments;

/// <summary>An experiment for a folder of images, or a data set.</summary>
internal static class StarterImages
{
    // A few images tell the size of all.
    private const int Looked = 50;
    private const int Small = 32, Usual = 64;
    private const string Sizes = "larger ones see more and take longer; resize: crop keeps proportions";

    /// <summary>For a named data set.</summary>
    public static Starter OfSet(string name)
    {
        var examples = Datasets.Find(name)!.Load(false);
        return new()
        {
            Name = name,
            Task = examples.Targets is long[]? "multiclass" : "binary",
            Why = "as the data set's labels are",
            Data = [("dataset", StarterText.Quoted(name), ""), ("# take", "1000", "only the first training examples, to try things")],
            Network = examples.Shape.Rank == 4 ? LeNet() : Mlp(),
            Rows = examples.Count,
            AreImages = true,
        };
    }

    /// <summary>For a folder.</summary>
    public static Starter OfFolder(string folder)
    {
        var images = new ImageFolderData { Folder = folder };
        var train = ImageParts.Of(folder).Train ?? folder;
        if (!ImageFolder.HasClasses(train))
        {
            throw new InvalidDataException($"'{train}' has no classes: a sub-folder of images is expected for each, such as {Path.Combine(train, "cats")} and "
                + $"{Path.Combine(train, "dogs")}, and no images beside these.");
        }

        var (files, classes) = ImageFolder.List(train);
        if (classes.Count < 2)
        {
            throw new InvalidDataException($"'{train}' has one class alone ('{classes[0]}'); a classification needs two sub-folders or more.");
        }

        int side = Side([.. files.Select(f => f.Path)]);
        bool small = side <= Small;
        int size = small ? side : Usual;
        var fewest = files.CountBy(f => f.Class).MinBy(c => c.Value);
        return new()
        {
            Name = NameOf(folder),
            Task = "multiclass",
            Why = string.Create(
                CultureInfo.InvariantCulture,
                $"{classes.Count} sub-folders are classes; '{classes[fewest.Key]}' has the fewest images, {fewest.Value:N0}"),
            Data =
            [
                ("folder", StarterText.Quoted(folder),
                    string.Create(CultureInfo.InvariantCulture, $"{files.Count:N0} images{(images.HasTestPart ? " in train" : "")}")),
                ("image", string.Create(CultureInfo.InvariantCulture, $"{{ channels: 3, height: {size}, width: {size}, resize: stretch }}"),
                    small ? "their own size" : $"most have {side} pixels; {Sizes}"),
                .. images.HasTestPart ? [] : new[] { ("testFraction", "0.2", "of each class, held out for the test") },
            ],
            Network = small ? LeNet() : [("type", "resNet18", "for photos; cifarResNet is smaller and faster")],
            Training = small ? [] : [("augmentations", "[horizontalFlip]", "leave it out where left and right matter")],
            Rows = files.Count,
            AreImages = true,
            HasValidation = images.HasValidationPart,
        };
    }

    /// <summary>The name of an experiment by that of its data.</summary>
    public static string NameOf(string path)
    {
        var own = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        var name = Regex.Replace(own.ToLowerInvariant(), "[^a-z0-9]+", "-");
        return name.Trim('-') is { Length: > 0 } made ? made : "my-data";
    }

    private static (string Key, string Value, string Comment)[] LeNet() => [("type", "leNet5", "for small images"), ("activation", "relu", "")];

    private static (string Key, string Value, string Comment)[] Mlp() => [("type", "mlp", ""), ("hidden", "[64, 64]", "")];

    // The usual size of the shorter side. A damaged image is no reason to stop here: the run says what is wrong.
    private static int Side(string[] files)
    {
        var sides = new List<int>();
        foreach (var file in files.Where((_, i) => i % Math.Max(1, files.Length / Looked) == 0))
        {
            try
            {
                var head = ImageDecoder.HeadOf(file);
                sides.Add(Math.Min(head.Width, head.Height));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }
        }

        return sides.Count == 0 ? Usual : sides.Order().ElementAt(sides.Count / 2);
    }
}
