using System.Globalization;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Data;

/// <summary>A named data set with a fixed training and test part.</summary>
/// <param name="Name">Its name in configurations.</param>
/// <param name="Description">A description in one sentence.</param>
/// <param name="Load">Reads the training part, or the test part when <see langword="true"/>.</param>
public sealed record Dataset(string Name, string Description, Func<bool, Examples> Load);

/// <summary>The data sets that configurations can name. A host may add its own.</summary>
public static class Datasets
{
    private static readonly Dictionary<string, Dataset> Known = new(StringComparer.OrdinalIgnoreCase);

    private static readonly ValueList<string> Digits =
        Enumerable.Range(0, 10).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToValueList();

    /// <summary>The labels of Fashion-MNIST (Xiao, Rasul and Vollgraf 2017, arXiv:1708.07747, table 2).</summary>
    private static readonly ValueList<string> Clothes =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    static Datasets()
    {
        Register(new(
            "fashionMnist",
            "Pictures of clothes in ten classes, 28x28 grey: 60,000 for training and 10,000 for testing.",
            test => Idx("fashion-mnist", test ? "t10k" : "train", Clothes)));
        Register(new(
            "mnist",
            "Handwritten digits, 28x28 grey: 60,000 for training and 10,000 for testing.",
            test => Idx("mnist", test ? "t10k" : "train", Digits)));
        Register(new("optdigits", "Handwritten digits, 8x8 grey: 3,823 for training and 1,797 for testing, by other writers.", Optdigits));
        Register(new(
            "sprites",
            "Squares, ellipses and hearts of known size, angle and place, 32x32 grey: 80,000 for training and 12,160 for testing.",
            Sprites.Load));
        Register(new("xor", "The four rows of exclusive or; training and test part are the same.", _ => Xor()));
    }

    /// <summary>All data sets, in the order of their names.</summary>
    public static IReadOnlyList<Dataset> All
    {
        get
        {
            lock (Known)
            {
                return [.. Known.Values.OrderBy(d => d.Name, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Adds or replaces a data set.</summary>
    public static void Register(Dataset dataset)
    {
        lock (Known)
        {
            Known[dataset.Name] = dataset;
        }
    }

    /// <summary>The data set of that name, in any case; <see langword="null"/> when there is none.</summary>
    public static Dataset? Find(string name)
    {
        lock (Known)
        {
            return Known.GetValueOrDefault(name);
        }
    }

    private static Examples Idx(string folder, string part, ValueList<string> classes)
    {
        var (images, dims) = IdxReader.Read(DatasetFolder.Find($"{folder}/{part}-images-idx3-ubyte.gz"));
        var (labels, _) = IdxReader.Read(DatasetFolder.Find($"{folder}/{part}-labels-idx1-ubyte.gz"));
        if (dims.Length != 3 || labels.Length != dims[0])
        {
            throw new InvalidDataException($"Data set '{folder}': {dims[0]} images but {labels.Length} labels.");
        }

        return new(
            Shape.Image(1, dims[1], dims[2]), images, labels.Select(l => (long)l).ToArray())
        { ClassNames = classes };
    }

    private static Examples Optdigits(bool test)
    {
        var rows = File.ReadLines(DatasetFolder.Find($"optdigits/optdigits-{(test ? "test" : "train")}.csv"))
            .Select(line => line.Split(',').Select(v => byte.Parse(v, CultureInfo.InvariantCulture)).ToArray()).ToList();
        return new(
            Shape.Image(1, 8, 8),
            rows.SelectMany(r => r.Take(64)).ToArray(),
            rows.Select(r => (long)r[64]).ToArray())
        { ClassNames = Digits };
    }

    private static Examples Xor() => new(Shape.Vector(2), new float[] { 0, 0, 0, 1, 1, 0, 1, 1 }, new float[] { 0, 1, 1, 0 });
}
