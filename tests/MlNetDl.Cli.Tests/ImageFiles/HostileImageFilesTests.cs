using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using MlNetDl.Experiments;
using MlNetDl.Tests.Images;
using SkiaSharp;

namespace MlNetDl.Cli.Tests.ImageFiles;

/// <summary>Folders with one file as people have it among good ones: it is read, or left out and counted, or refused by name.</summary>
public sealed class HostileImageFilesTests : IDisposable
{
    private const string Unknown = "the format is unknown or the file is damaged; expected PNG, JPEG, BMP, GIF or WebP.";
    private static readonly Dictionary<string, (Func<byte[]> Bytes, string? Problem)> Files = new()
    {
        ["sixteen-bits.png"] = (() => Png.Encode(4, 4, 2, 16, Noise(96)), null),
        ["palette.png"] = (() => Png.Encode(4, 4, 3, 8, [.. Noise(16).Select(n => (byte)(n % 2))], [1, 2, 3, 200, 210, 220]), null),
        ["alpha.png"] = (() => Png.Encode(4, 4, 6, 8, Noise(64)), null),
        ["grey-alpha.png"] = (() => Pictures.GreyAlpha16Png, null),
        ["interlaced.png"] = (() => Pictures.InterlacedRgba16Png, null),
        ["one-bit.png"] = (() => Pictures.OneBitPng, null),
        ["one-pixel.png"] = (() => Png.Encode(1, 1, 2, 8, [1, 2, 3]), null),
        ["30000x1.png"] = (() => Png.Encode(30000, 1, 0, 8, Noise(30000)), null),
        ["1x30000.png"] = (() => Png.Encode(1, 30000, 0, 8, Noise(30000)), null),
        ["cmyk.jpg"] = (() => Pictures.CmykJpeg, null),
        ["progressive.jpeg"] = (() => Pictures.ProgressiveJpeg, null),
        ["turned.JPG"] = (Turned, null),
        ["grey.jpe"] = (() => Pictures.GreyJpeg, null),
        ["photo.jfif"] = (Jpeg, null),
        ["a.webp"] = (() => Pictures.WebP, null),
        ["a.BMP"] = (() => Pictures.PaletteBmp, null),
        ["a.gif"] = (() => Pictures.TransparentGif, null),
        ["a.ico"] = (Icon, null),
        ["jpeg-that-is-called.png"] = (Jpeg, null),
        ["png-that-is-called.Jpg"] = (() => Png.Encode(4, 4, 0, 8, Noise(16)), null),
        ["a name with  spaces, #1 (copy) & 100%.png"] = (() => Png.Encode(4, 4, 0, 8, Noise(16)), null),
        ["Ünïcödé-猫-🐈.png"] = (() => Png.Encode(4, 4, 0, 8, Noise(16)), null),
        [new string('x', 240) + ".png"] = (() => Png.Encode(4, 4, 0, 8, Noise(16)), null),
        ["cut.png"] = (() => Png.Encode(64, 64, 0, 8, Noise(4096))[..2000], "the file is damaged or cut off (IncompleteInput)."),
        ["cut.jpg"] = (() => Jpeg()[..400], "the file is damaged or cut off (IncompleteInput)."),
        ["cut-in-its-head.png"] = (() => Png.Encode(4, 4, 0, 8, Noise(16))[..20], Unknown),
        ["nothing.png"] = (() => [], "the file is empty."),
        ["text.png"] = (() => "This is no image."u8.ToArray(), Unknown),
        ["page.jpg"] = (() => "<!DOCTYPE html><title>404 Not Found</title>"u8.ToArray(), Unknown),
        ["pointer.png"] = (() => "version https://git-lfs.github.com/spec/v1"u8.ToArray(), Unknown),
        ["zeros.png"] = (() => new byte[5000], Unknown),
        ["bomb.png"] = (() => Bomb(30_000, 30_000), "it claims 30000 x 30000 pixels; at most 268435456 are read."),
        ["photo.tif.png"] = (() => [.. "II*\0"u8, .. Noise(100)], Unknown),
    };

    private readonly PictureFolder folder = new PictureFolder().WithTwo();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Read { get; } = new(Files.Where(f => f.Value.Problem is null).Select(f => f.Key));

    public static TheoryData<string> Unread { get; } = new(Files.Where(f => f.Value.Problem is not null).Select(f => f.Key));

    [Theory]
    [MemberData(nameof(Read))]
    public void What_can_be_decoded_is_read_whatever_it_is_called(string name)
    {
        folder.Write($"photos/cat/{name}", Files[name].Bytes());
        Assert.StartsWith("9 examples to train on, 2 to test with\n  2 classes: cat 5, dog 4", folder.Said(folder.Data()), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Unread))]
    public void What_cannot_be_decoded_is_refused_by_name_or_left_out_and_counted(string name)
    {
        var (bytes, problem) = Files[name];
        folder.Write($"photos/cat/{name}", bytes());
        Assert.Equal(
            $"Image 'photos/cat/{name}': {problem} Mend or remove what is listed, or write data.badFiles: skip to leave it out.",
                folder.Refused(folder.Data()));
        var said = folder.Said(folder.Data() with { BadFiles = BadFiles.Skip });
        Assert.StartsWith("8 examples to train on, 2 to test with\n  2 classes: cat 4, dog 4", said, StringComparison.Ordinal);
        Assert.Contains($"warning: 1 image that cannot be read is left out: 'photos/cat/{name}' ({problem!.TrimEnd('.')}).", said, StringComparison.Ordinal);
    }

    [Fact]
    public void All_images_that_cannot_be_read_are_listed_at_once_those_of_all_parts()
    {
        folder.WithTwo("parts/train").WithTwo("parts/val").WithTwo("parts/test").Write("parts/val/cat/x.png", []).Write("parts/test/dog/y.png", []);
        Assert.Equal(
            "2 images cannot be read:\n  parts/val/cat/x.png: the file is empty.\n  parts/test/dog/y.png: the file is empty.\n"
                + "Mend or remove what is listed, or write data.badFiles: skip to leave it out.",
            folder.Refused(folder.Data("parts")));
        for (int i = 0; i < 30; i++)
        {
            folder.Write($"photos/cat/bad{i:00}.png", []);
        }

        var message = folder.Refused(folder.Data());
        Assert.StartsWith("30 images cannot be read:\n  photos/cat/bad00.png: the file is empty.\n", message, StringComparison.Ordinal);
        Assert.Contains("bad19.png", message, StringComparison.Ordinal);
        Assert.DoesNotContain("bad20.png", message, StringComparison.Ordinal);
        Assert.Contains("\n  and 10 more.\n", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_of_which_no_image_can_be_read_is_refused_although_bad_files_are_skipped()
    {
        folder.Write("bad/cat/1.png", []).Write("bad/dog/1.png", []);
        Assert.Equal("None of the images in 'bad' can be read.", folder.Refused(folder.Data("bad") with { BadFiles = BadFiles.Skip }));
    }

    /// <summary>A link whose target is gone, and a file that nobody may read, where the test is not run by someone who may read all.</summary>
    [Fact]
    public void Files_that_cannot_be_opened_are_named()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.CreateSymbolicLink(folder["photos/cat/link.png"], folder["gone.png"]);
        Assert.Contains("Image 'photos/cat/link.png': the file cannot be read: it does not exist, or is a link to one that does not.",
            folder.Refused(folder.Data()), StringComparison.Ordinal);
        File.Delete(folder["photos/cat/link.png"]);
        File.SetUnixFileMode(folder["photos/cat/0.png"], UnixFileMode.None);
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Contains("Image 'photos/cat/0.png': the file cannot be read: ", folder.Refused(folder.Data()), StringComparison.Ordinal);
        }

        File.SetUnixFileMode(folder["photos/cat/0.png"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static byte[] Noise(int count)
    {
        var noise = new byte[count];
        new Random(count).NextBytes(noise);
        return noise;
    }

    private static byte[] Jpeg()
    {
        using var bitmap = new SKBitmap(32, 16);
        Marshal.Copy(Noise(bitmap.ByteCount), 0, bitmap.GetPixels(), bitmap.ByteCount);
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        return data.ToArray();
    }

    // To be turned by a quarter, as EXIF says it.
    private static byte[] Turned()
    {
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0,
        ];
        return [.. Jpeg()[..2], .. exif, .. Jpeg()[2..]];
    }

    private static byte[] Icon()
    {
        var png = Png.Encode(4, 4, 2, 8, Noise(48));
        var head = new byte[22];
        (head[2], head[4], head[6], head[7], head[10], head[12]) = (1, 1, 4, 4, 1, 32);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(14), png.Length);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(18), 22);
        return [.. head, .. png];
    }

    // A head that claims very many pixels, with a valid checksum.
    private static byte[] Bomb(int width, int height)
    {
        var png = Png.Encode(4, 4, 2, 8, Noise(48));
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc32.HashToUInt32(png.AsSpan(12, 17)));
        Assert.Equal("IHDR", Encoding.ASCII.GetString(png, 12, 4));
        return png;
    }
}
