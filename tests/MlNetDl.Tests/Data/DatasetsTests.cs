using System.Security.Cryptography;
using System.Text.RegularExpressions;
using MlNetDl.Data;

namespace MlNetDl.Tests.Data;

public partial class DatasetsTests
{
    /// <summary>Mean and deviation of MNIST's training pixels as published everywhere: 0.1307 and 0.3081.</summary>
    [Fact]
    public void Mnist_is_the_standard_set()
    {
        var train = Datasets.Find("MNIST")!.Load(false);
        var test = Datasets.Find("mnist")!.Load(true);
        Assert.Equal((60000, 10000), (train.Count, test.Count));
        Assert.Equal([5, 0, 4, 1, 9], ((long[])train.Targets!)[..5]);
        Assert.Equal([7, 2, 1, 0, 4], ((long[])test.Targets!)[..5]);
        var pixels = (byte[])train.Features;
        double mean = pixels.Average(p => p / 255.0), square = pixels.Average(p => p / 255.0 * (p / 255.0));
        Assert.Equal(0.1307, mean, 4);
        Assert.Equal(0.3081, Math.Sqrt(square - (mean * mean)), 4);
    }

    /// <summary>Mean and deviation of the training pixels as published: 0.2860 and 0.3530; the classes are of one size.</summary>
    [Fact]
    public void Fashion_mnist_is_the_standard_set()
    {
        var (train, test) = (Datasets.Find("fashionMnist")!.Load(false), Datasets.Find("fashionMnist")!.Load(true));
        Assert.Equal((60000, 10000), (train.Count, test.Count));
        Assert.Equal(("Ankle boot", "T-shirt/top"), (NameOf(train, 0), NameOf(train, 1)));
        Assert.All(((long[])test.Targets!).CountBy(t => t), c => Assert.Equal(1000, c.Value));
        var pixels = (byte[])train.Features;
        double mean = pixels.Average(p => p / 255.0), square = pixels.Average(p => p / 255.0 * (p / 255.0));
        Assert.Equal(0.2860, mean, 4);
        Assert.Equal(0.3530, Math.Sqrt(square - (mean * mean)), 4);

        static string NameOf(Examples examples, int row) => examples.ClassNames![(int)((long[])examples.Targets!)[row]];
    }

    [Fact]
    public void Optdigits_has_its_published_counts()
    {
        var (train, test) = (Datasets.Find("optdigits")!.Load(false), Datasets.Find("optdigits")!.Load(true));
        Assert.Equal((3823, 1797), (train.Count, test.Count));
        Assert.Equal(16, ((byte[])train.Features).Max());
        Assert.Equal(
            [178, 182, 177, 183, 181, 182, 181, 179, 174, 180],
            Enumerable.Range(0, 10).Select(d => ((long[])test.Targets!).Count(t => t == d)));
    }

    [Fact]
    public void A_host_can_add_its_own()
    {
        Datasets.Register(new("twoRows", "", _ => Datasets.Find("xor")!.Load(false).Take(2)));
        Assert.Equal(2, Datasets.Find("TWOROWS")!.Load(false).Count);
        Assert.Null(Datasets.Find("threeRows"));
    }

    [Fact]
    public void Missing_data_say_what_to_do()
    {
        var e = Assert.Throws<FileNotFoundException>(() => DatasetFolder.Find("nothing/of/the/kind"));
        Assert.Contains("nothing/of/the/kind", e.Message, StringComparison.Ordinal);
        Assert.Contains(DatasetFolder.Variable, e.Message, StringComparison.Ordinal);
    }

    /// <summary>The files are those that their README describes, and every folder is in the catalog.</summary>
    [Fact]
    public void Every_file_has_its_recorded_checksum()
    {
        var root = Path.Combine(ChildProcess.Repository, "datasets");
        var catalog = File.ReadAllText(Path.Combine(root, "README.md"));
        foreach (var folder in Directory.GetDirectories(root))
        {
            Assert.Contains($"| `{Path.GetFileName(folder)}` |", catalog, StringComparison.Ordinal);
            var readme = File.ReadAllText(Path.Combine(folder, "README.md"));
            Assert.Contains("**Licence:**", readme, StringComparison.Ordinal);
            Assert.Contains("**Provenance:**", readme, StringComparison.Ordinal);
            var recorded = Row().Matches(readme).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
            var actual = Directory.GetFiles(folder).Where(f => !f.EndsWith("README.md", StringComparison.Ordinal))
                .ToDictionary(f => Path.GetFileName(f), f => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(f))));
            Assert.Equal(recorded.OrderBy(p => p.Key, StringComparer.Ordinal), actual.OrderBy(p => p.Key, StringComparer.Ordinal));
        }
    }

    [GeneratedRegex(@"\| (\S+) \| \d+ \| `([0-9a-f]{64})` \|")]
    private static partial Regex Row();
}
