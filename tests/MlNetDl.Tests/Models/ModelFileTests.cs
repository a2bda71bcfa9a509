using System.IO.Compression;
using MlNetDl.Files;
using MlNetDl.Models;
using MlNetDl.Onnx;
using MlNetDl.Tests.Onnx;

namespace MlNetDl.Tests.Models;

public sealed class ModelFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_network_is_found_among_other_entries() =>
        Assert.Equal(Nets.Package().ToBytes(), ModelFile.Read(Written(Zip(Entry(Nets.Package().ToBytes())))).ToBytes());

    [Fact]
    public void A_truncated_file_is_one_clear_error_that_names_it()
    {
        var bytes = Zip(Entry(Nets.Package().ToBytes()));
        for (int length = 0; length < bytes.Length; length += 64)
        {
            var path = Written(bytes[..length]);
            Assert.Contains(path, Assert.Throws<ModelFormatException>(() => ModelFile.Read(path)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_changed_byte_is_one_clear_error_or_changes_nothing()
    {
        var package = Nets.Package().ToBytes();
        var bytes = Zip(Entry(package));
        for (int at = 0; at < bytes.Length; at += 3)
        {
            var changed = (byte[])bytes.Clone();
            changed[at] ^= (byte)(1 << (at % 8));
            try
            {
                Assert.Equal(package, ModelFile.Read(Written(changed)).ToBytes());
            }
            catch (ModelFormatException)
            {
            }
        }
    }

    [Fact]
    public void Foreign_and_missing_files_are_told_apart()
    {
        Assert.Throws<ModelFormatException>(() => ModelFile.Read(Written("not a zip at all"u8.ToArray())));
        Assert.Contains(
            "no neural network",
            Assert.Throws<ModelFormatException>(() => ModelFile.Read(Written(Zip([1, 2, 3, 4, 5, 6, 7, 8])))).Message,
            StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => ModelFile.Read(folder["absent.zip"]));
    }

    [Fact]
    public void An_entry_that_is_no_network_is_not_unpacked()
    {
        var path = Written(Zip(new byte[64 << 20]));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ModelFormatException>(() => ModelFile.Read(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static byte[] Entry(byte[] package) => [.. BitConverter.GetBytes(package.Length), .. package];

    // As ML.NET saves a pipeline: compressed entries in folders, each component with its key and its streams.
    private static byte[] Zip(byte[] model)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in ((string, byte[])[])[
                ("TransformerChain/Model.key", [7, 7, 7]),
                ("TransformerChain/Transform_000/Model", model),
            ])
            {
                using var content = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                content.Write(bytes);
            }
        }

        return stream.ToArray();
    }

    private string Written(byte[] bytes)
    {
        File.WriteAllBytes(folder["model.zip"], bytes);
        return folder["model.zip"];
    }
}
