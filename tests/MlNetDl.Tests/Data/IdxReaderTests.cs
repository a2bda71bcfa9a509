using System.IO.Compression;
using MlNetDl.Data;

namespace MlNetDl.Tests.Data;

public class IdxReaderTests
{
    private static readonly byte[] TwoByThree = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 10, 20, 30, 40, 50, 60];

    [Theory]
    [InlineData("a.idx")]
    [InlineData("a.gz")]
    public void Reads_plain_and_gzipped(string name)
    {
        using var folder = new TemporaryFolder();
        Write(folder[name], TwoByThree);
        var (data, dims) = IdxReader.Read(folder[name]);
        Assert.Equal([2, 3], dims);
        Assert.Equal([10, 20, 30, 40, 50, 60], data);
    }

    /// <summary>Every proper prefix of a file is an error that names the file.</summary>
    [Theory]
    [InlineData("a.idx")]
    [InlineData("a.gz")]
    public void Cut_off_is_noticed_at_every_length(string name)
    {
        using var folder = new TemporaryFolder();
        for (int length = 0; length < TwoByThree.Length; length++)
        {
            Write(folder[name], TwoByThree[..length]);
            Assert.Contains(
                name,
                Assert.Throws<InvalidDataException>(() => IdxReader.Read(folder[name])).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Cut_off_gzip_is_noticed()
    {
        using var folder = new TemporaryFolder();
        Write(folder["a.gz"], TwoByThree);
        File.WriteAllBytes(folder["b.gz"], File.ReadAllBytes(folder["a.gz"])[..15]);
        Assert.Throws<InvalidDataException>(() => IdxReader.Read(folder["b.gz"]));
    }

    [Fact]
    public void What_is_not_gzip_is_an_error()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.gz"], TwoByThree);
        Assert.Contains(
            "a.gz",
            Assert.Throws<InvalidDataException>(() => IdxReader.Read(folder["a.gz"])).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 13, 1, 0, 0, 0, 1, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 137, 80, 78, 71, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 8, 0 })]
    [InlineData(new byte[] { 0, 0, 8, 200, 0, 0, 0, 1 })]
    [InlineData(new byte[] { 0, 0, 8, 1, 255, 255, 255, 255 })]
    public void Foreign_files_are_refused(byte[] content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.idx"], content);
        Assert.Throws<InvalidDataException>(() => IdxReader.Read(folder["a.idx"]));
    }

    /// <summary>A header of 16 bytes that claims 2^93 or 2 billion elements costs no memory.</summary>
    [Theory]
    [InlineData(new byte[] { 0, 0, 8, 3, 127, 255, 255, 255, 127, 255, 255, 255, 127, 255, 255, 255 })]
    [InlineData(new byte[] { 0, 0, 8, 1, 127, 0, 0, 0 })]
    public void Claimed_sizes_are_not_believed(byte[] content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.idx"], content);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => IdxReader.Read(folder["a.idx"]));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    private static void Write(string path, byte[] content)
    {
        using var file = File.Create(path);
        using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Optimal) : file;
        stream.Write(content);
    }
}
