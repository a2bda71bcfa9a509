using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MlNetDl.Files;
using MlNetDl.Models;
using MlNetDl.Onnx;
using MlNetDl.Tasks;
using MlNetDl.Tests.Onnx;

namespace MlNetDl.Tests.Models;

public sealed partial class ModelPackageTests
{
    [Fact]
    public void What_is_read_equals_what_was_written_and_writes_the_same_bytes()
    {
        var package = Nets.Package();
        var bytes = package.ToBytes();
        var read = ModelPackage.Read(bytes);
        Assert.Equal(bytes, read.ToBytes());
        AssertSame(package, read);
        Assert.Equal(package.Manifest.ClassNames, read.Manifest.ClassNames);
        Assert.Equal(7, read.Manifest.Networks["network"].GetProperty("width").GetInt32());
    }

    [Fact]
    public void All_weights_come_back_the_auxiliary_heads_included()
    {
        var read = ModelPackage.Read(Nets.Package().ToBytes()).ReadWeights();
        read.Check(Nets.Heads.Plan());
        Assert.All(Nets.Weights(Nets.Heads), w => Assert.Equal(w.Data, read[w.Name].Data));
    }

    [Fact]
    public void The_plain_onnx_carries_class_names_and_the_input()
    {
        var package = Nets.Package();
        var metadata = OnnxReader.ReadMetadata(package.ToOnnx());
        Assert.Equal(package.Manifest.ClassNames, JsonSerializer.Deserialize<string[]>(metadata["mlnetdl.classNames"])!);
        Assert.Equal("[N, 4]", metadata["mlnetdl.input"]);
        using var model = new OnnxModel(package.ToOnnx());
        Assert.Equal([2, 3], model.Run(new Dictionary<string, OnnxTensor> { ["input"] = new([2, 4], new float[8]) })["output"].Dims);
    }

    [Fact]
    public void A_truncated_package_is_one_clear_error()
    {
        var bytes = Nets.Package().ToBytes();
        for (int length = 0; length < bytes.Length; length += 64)
        {
            Assert.Throws<ModelFormatException>(() => ModelPackage.Read(bytes[..length]));
        }
    }

    [Fact]
    public void A_changed_byte_is_an_error_or_changes_nothing()
    {
        var package = Nets.Package();
        var bytes = package.ToBytes();
        int refused = 0;
        for (int at = 0; at < bytes.Length; at++)
        {
            var changed = (byte[])bytes.Clone();
            changed[at] ^= (byte)(1 << (at % 8));
            try
            {
                AssertSame(package, ModelPackage.Read(changed));
            }
            catch (ModelFormatException)
            {
                refused++;
            }
        }

        // What is not content (time stamps, versions of the zip tool) may differ.
        Assert.InRange(refused, bytes.Length * 0.7, bytes.Length);
    }

    [Fact]
    public void A_forged_manifest_with_the_right_checksum_reads_or_is_one_clear_error()
    {
        var package = Nets.Package();
        var (json, graph, random) = (package.Manifest.ToJson(), package.Graphs[ModelPackage.MainGraph], new Random(4));
        for (int i = 0; i < 2000; i++)
        {
            var forged = (byte[])json.Clone();
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                forged[random.Next(forged.Length)] = (byte)random.Next(32, 127);
            }

            _ = Record.Exception(() => ModelPackage.Read(Sealed(("manifest.json", forged), ("graphs/model", graph))))
                    is { } e
                ? Assert.IsType<ModelFormatException>(e)
                : null;
        }
    }

    [Fact]
    public void Random_bytes_are_one_clear_error()
    {
        var random = new Random(3);
        for (int i = 0; i < 500; i++)
        {
            var bytes = new byte[random.Next(2000)];
            random.NextBytes(bytes);
            Assert.Throws<ModelFormatException>(() => ModelPackage.Read(bytes));
            Assert.Throws<ModelFormatException>(() => OnnxReader.ReadWeights(bytes));
        }
    }

    [Fact]
    public void A_damaged_onnx_reads_or_is_one_clear_error()
    {
        var bytes = OnnxWriter.Write(Nets.Image, Nets.Weights(Nets.Image));
        for (int at = 0; at < bytes.Length; at++)
        {
            var changed = (byte[])bytes.Clone();
            changed[at] ^= (byte)(1 << (at % 8));
            foreach (var damaged in (byte[][])[changed, bytes[..at]])
            {
                _ = Record.Exception(() => OnnxReader.ReadWeights(damaged)) is { } e ? Assert.IsType<ModelFormatException>(e) : null;
            }
        }
    }

    [Fact]
    public void Another_zip_is_told_from_a_package() =>
        Assert.Throws<ModelFormatException>(() => ModelPackage.Read(Zip(("readme.txt", "hello"u8.ToArray()))));

    [Fact]
    public void A_compression_bomb_is_refused_before_it_is_unpacked()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var bomb = Zip(CompressionLevel.SmallestSize, ("manifest.json", new byte[64 << 20]));
        long made = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ModelFormatException>(() => ModelPackage.Read(bomb));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - made, 0, 1 << 20);
        Assert.True(made - before > 64 << 20);
    }

    [Fact]
    public void A_newer_format_names_both_versions()
    {
        var newer = Nets.Package().Manifest with { Format = 99, LibraryVersion = "9.8.7" };
        var message = Assert.Throws<ModelFormatException>(() => ModelPackage.Read(With(newer).ToBytes())).Message;
        Assert.Contains("99", message, StringComparison.Ordinal);
        Assert.Contains($"up to {ModelManifest.CurrentFormat}", message, StringComparison.Ordinal);
        Assert.Contains("9.8.7", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Members_that_a_later_version_adds_are_ignored()
    {
        var json = Encoding.UTF8.GetString(Nets.Package().Manifest.ToJson());
        Assert.Equal(3, ModelManifest.FromJson(Encoding.UTF8.GetBytes(json.Insert(1, "\"addedLater\":{\"a\":[1]},"))).Outputs);
    }

    [Fact]
    public void Members_that_an_earlier_version_did_not_write_have_their_defaults()
    {
        var manifest = ModelManifest.FromJson("""{"format":1,"task":"multiclass","featureColumn":"F","input":"[N, 4]","outputs":3}"""u8);
        Assert.Equal(("Label", "unknown"), (manifest.LabelColumn, manifest.LibraryVersion));
        Assert.Equal(["0", "1", "2"], manifest.ClassNames);
        manifest.Check();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"task":"multiclass","featureColumn":null,"input":"[N, 4]","outputs":3}""")]
    [InlineData("""{"task":"multiclass","featureColumn":"F","input":"four","outputs":3}""")]
    [InlineData("""{"task":"divination","featureColumn":"F","input":"[N, 4]","outputs":3}""")]
    [InlineData("""{"task":"multiclass","featureColumn":"F","input":"[N, 4]","outputs":3,"classNames":null}""")]
    public void A_manifest_that_lacks_or_twists_something_is_one_clear_error(string json) =>
        Assert.Throws<ModelFormatException>(() => ModelManifest.FromJson(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("""{"format":1,"task":"multiclass","featureColumn":"F","input":"[N, 4]","outputs":0}""")]
    [InlineData("""{"format":1,"task":"multiclass","featureColumn":"F","input":"[N, 4]","outputs":2000000000}""")]
    [InlineData("""{"format":1,"task":"multiclass","featureColumn":"F","input":"[N]","outputs":3}""")]
    [InlineData("""{"format":1,"task":"multiclass","featureColumn":"F","input":"[N, 0]","outputs":3}""")]
    [InlineData(
        """{"format":1,"task":"multiclass","featureColumn":"F","input":"[N, 9223372036854775807, 9223372036854775807]","outputs":3}""")]
    [InlineData("""{"format":1,"task":"multiclass","featureColumn":"F","input":"[N, 4]","outputs":3,"classNames":["a"]}""")]
    [InlineData(
        """{"format":1,"task":"multiclass","featureColumn":"F","input":"[N, 1, 2, 2]","outputs":3,"image":{"channels":3,"height":2,"width":2}}""")]
    [InlineData("""{"format":1,"task":77,"featureColumn":"F","input":"[N, 4]","outputs":3}""")]
    public void A_manifest_whose_sizes_cannot_be_is_refused_before_a_host_allocates_by_them(string json) =>
        Assert.Contains(
            "manifest",
            Assert.Throws<ModelFormatException>(() => ModelPackage.Read(Sealed(
                ("manifest.json", Encoding.UTF8.GetBytes(json)),
                ("graphs/model", Nets.Package().Graphs[ModelPackage.MainGraph])))).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("2x2/a.weight", 12)]
    [InlineData("2x2/a.weight", 15)]
    [InlineData("9223372036854775807x9223372036854775807x4/a.weight", 16)]
    [InlineData("0x9223372036854775807/a.weight", 4)]
    [InlineData("-1/a.weight", 4)]
    [InlineData("twox2/a.weight", 16)]
    [InlineData("a.weight", 4)]
    public void A_training_weight_that_lies_about_its_size_is_refused(string entry, int bytes)
    {
        var package = Nets.Package();
        Assert.Throws<ModelFormatException>(() => ModelPackage.Read(Sealed(
            ("manifest.json", package.Manifest.ToJson()),
            ("graphs/model", package.Graphs[ModelPackage.MainGraph]),
            ($"weights/{entry}", new byte[bytes]))));
    }

    [Fact]
    public void An_entry_added_or_left_out_is_noticed()
    {
        var package = Nets.Package();
        (string, byte[]) manifest = ("manifest.json", package.Manifest.ToJson()),
            graph = ("graphs/model", package.Graphs[ModelPackage.MainGraph]),
            contents = Contents(manifest, graph);
        Assert.Single(ModelPackage.Read(Zip(manifest, graph, contents)).Graphs);
        Assert.Throws<ModelFormatException>(() => ModelPackage.Read(Zip(manifest, graph, contents, ("assets/extra", [1]))));
        Assert.Throws<ModelFormatException>(() => ModelPackage.Read(Zip(manifest, contents)));
        Assert.Throws<ModelFormatException>(() => ModelPackage.Read(Zip(manifest, graph, graph, contents)));
        Assert.Throws<ModelFormatException>(() => ModelPackage.Read(Zip(manifest, graph)));
        Assert.Throws<ModelFormatException>(() => ModelPackage.Read(Sealed(manifest)));
        Assert.Throws<ModelFormatException>(() => ModelPackage.Read(Sealed(graph)));
    }

    private static ModelPackage With(ModelManifest manifest)
    {
        var package = Nets.Package();
        return new() { Manifest = manifest, Graphs = package.Graphs };
    }

    private static void AssertSame(ModelPackage expected, ModelPackage got)
    {
        Assert.Equal(expected.Manifest.ToJson(), got.Manifest.ToJson());
        Assert.Equal(expected.Graphs, got.Graphs);
        Assert.Equal(expected.Assets, got.Assets);
        Assert.Equal(expected.TrainingWeights.Select(w => (w.Name, w.Dims)), got.TrainingWeights.Select(w => (w.Name, w.Dims)));
        Assert.Equal(expected.TrainingWeights.Select(w => w.Data), got.TrainingWeights.Select(w => w.Data));
    }

    private static byte[] Sealed(params ReadOnlySpan<(string Name, byte[] Bytes)> entries) => Zip([.. entries, Contents(entries)]);

    private static (string Name, byte[] Bytes) Contents(params ReadOnlySpan<(string Name, byte[] Bytes)> entries) => (
        "contents.json",
        JsonSerializer.SerializeToUtf8Bytes(
            entries.ToArray().ToDictionary(e => e.Name, e => Convert.ToHexStringLower(SHA256.HashData(e.Bytes)))));

    private static byte[] Zip(params ReadOnlySpan<(string Name, byte[] Bytes)> entries) => Zip(CompressionLevel.NoCompression, entries);

    private static byte[] Zip(CompressionLevel level, params ReadOnlySpan<(string Name, byte[] Bytes)> entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.Comment = entries.ToArray()
                .Where(e => e.Name == "contents.json")
                .Select(e => Convert.ToHexStringLower(SHA256.HashData(e.Bytes)))
                .FirstOrDefault("");
            foreach (var (name, bytes) in entries)
            {
                using var content = zip.CreateEntry(name, level).Open();
                content.Write(bytes);
            }
        }

        return stream.ToArray();
    }
}
