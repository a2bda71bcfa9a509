using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace MlNetDl.Experiments;

/// <summary>The text of a table's file: unpacked, and in the encoding that it has.</summary>
internal sealed class TableText
{
    // The encoding of Excel and Windows in the Americas and western Europe; Latin-1 is its subset but for control characters.
    private const int Windows = 1252;

    private const int Block = 1 << 16;

    private readonly string path;

    private TableText(string path, Encoding encoding, string? note) => (this.path, Encoding, Note) = (path, encoding, note);

    /// <summary>The encoding.</summary>
    public Encoding Encoding { get; }

    /// <summary>What is said of the encoding where it is not UTF-8, or was guessed.</summary>
    public string? Note { get; }

    /// <summary>The text of a file.</summary>
    /// <param name="path">The file: plain, gzip, or a zip of one file.</param>
    /// <param name="options">Its encoding's name, if one is said. Else it is seen from the bytes: a mark, UTF-16 without one, UTF-8, or Windows-1252 where
    /// hardly any bytes are letters of UTF-8.</param>
    /// <exception cref="InvalidDataException">It is no text, or UTF-8 with damaged places; or there is no such encoding.</exception>
    public static TableText Of(string path, TableOptions options)
    {
        MustBeWhole(path);
        if (options.Encoding is { } encoding)
        {
            return new(path, Named(encoding, options), null);
        }

        using var bytes = Unpacked(path);
        var first = new byte[Block];
        int count = bytes.ReadAtLeast(first, Block, throwOnEndOfStream: false);
        var start = first.AsSpan(0, count);
        Refuse(path, start);
        var mark = Marked(start);
        if (mark is { } marked and not UTF8Encoding)
        {
            return new(path, marked, marked.WebName.ToUpperInvariant());
        }

        if (start.Contains((byte)0))
        {
            return WithoutMark(path, start) is { } wide ? new(path, wide, $"{wide.WebName.ToUpperInvariant()} without a mark")
                : throw new InvalidDataException($"'{path}' has zero bytes, so it is no text; give a table as CSV, Parquet or Arrow.");
        }

        var look = Utf8Look.At(bytes, first, count);
        var (line, column, value) = look.First;
        if (look.IsDamaged || (mark is not null && look.Bad > 0))
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"'{path}', line {line}, letter {column}: the byte {value:X2} is no UTF-8, but the rest of the file is ({look.Bad:N0} such ")
                + $"{(look.Bad == 1 ? "place" : "places")}). Mend the file; or say which encoding it has: {options.Say("encoding", "windows-1252")}.");
        }

        return look.Bad > 0
            ? new(path, CodePagesEncodingProvider.Instance.GetEncoding(Windows)!, string.Create(
                CultureInfo.InvariantCulture,
                $"taken for Windows-1252, as line {line} is no UTF-8 ({options.Say("encoding")} says otherwise)"))
            : new(path, mark ?? new UTF8Encoding(false, throwOnInvalidBytes: true), null);
    }

    /// <summary>Reads it from the beginning.</summary>
    public TextReader Open() => new StreamReader(Unpacked(path), Encoding, detectEncodingFromByteOrderMarks: true);

    private static Stream Unpacked(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, Block, FileOptions.SequentialScan);
        Span<byte> magic = stackalloc byte[4];
        int read = file.ReadAtLeast(magic, 4, throwOnEndOfStream: false);
        file.Position = 0;
        if (read >= 2 && magic is [0x1F, 0x8B, ..])
        {
            return new GZipStream(file, CompressionMode.Decompress);
        }

        if (read < 4 || magic is not [(byte)'P', (byte)'K', 3, 4])
        {
            return file;
        }

        ZipArchive archive;
        try
        {
            archive = new(file, ZipArchiveMode.Read);
        }
        catch (InvalidDataException e)
        {
            file.Dispose();
            throw new InvalidDataException($"'{path}' begins as a zip, but is damaged or cut off.", e);
        }

        if (archive.Entries.Any(e => e.FullName.StartsWith("xl/", StringComparison.Ordinal)))
        {
            archive.Dispose();
            throw new InvalidDataException($"'{path}' is an Excel workbook; save the sheet as CSV.");
        }

        var entries = archive.Entries.Where(e => e.Length > 0 && !e.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal)).ToList();
        if (entries is [var entry])
        {
            return new Owning(entry.Open(), archive);
        }

        archive.Dispose();
        var some = string.Join(", ", entries.Take(5).Select(e => e.FullName));
        throw new InvalidDataException($"'{path}' is a zip of {entries.Count} files ({some}), but a table is one; unpack it and name the file.");
    }

    // A gzip that is cut off ends without a word; its last four bytes tell how long it was.
    private static void MustBeWhole(string path)
    {
        using var unpacked = Unpacked(path);
        if (unpacked is not GZipStream)
        {
            return;
        }

        var block = new byte[Block];
        uint length = 0;
        try
        {
            for (int read; (read = unpacked.Read(block)) > 0;)
            {
                length = unchecked(length + (uint)read);
            }

            using var file = File.OpenRead(path);
            file.Seek(Math.Max(0, file.Length - sizeof(uint)), SeekOrigin.Begin);
            file.ReadExactly(block, 0, sizeof(uint));
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new InvalidDataException($"'{path}' begins as a gzip, but is damaged: copy it again.", e);
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(block) != length)
        {
            throw new InvalidDataException($"'{path}' ends in the middle of its packed data, or is several packed files in one: copy it again, or unpack it.");
        }
    }

    private static void Refuse(string path, ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("%PDF"u8) || start is [0xD0, 0xCF, 0x11, 0xE0, ..])
        {
            throw new InvalidDataException($"'{path}' is a {(start[0] == '%' ? "PDF" : "document of Office")}; give a table as CSV.");
        }

        if (TypedTable.FormOf(start) is { } typed)
        {
            throw new InvalidDataException($"'{path}' holds a packed {typed} file; unpack it.");
        }
    }

    private static Encoding? Marked(ReadOnlySpan<byte> start) => start switch
    {
        [0xEF, 0xBB, 0xBF, ..] => new UTF8Encoding(true, throwOnInvalidBytes: true),
        [0xFF, 0xFE, 0, 0, ..] => new UTF32Encoding(false, true, true),
        [0xFF, 0xFE, ..] => new UnicodeEncoding(false, true, true),
        [0xFE, 0xFF, ..] => new UnicodeEncoding(true, true, true),
        _ => null,
    };

    // Text of mostly Latin letters has a zero in every other byte.
    private static UnicodeEncoding? WithoutMark(string path, ReadOnlySpan<byte> start)
    {
        int even = 0, odd = 0;
        for (int i = 0; i < start.Length; i++)
        {
            if (start[i] == 0)
            {
                _ = i % 2 == 0 ? even++ : odd++;
            }
        }

        return odd > start.Length / 4 && even == 0 ? new(false, false, true) : even > start.Length / 4 && odd == 0 ? new(true, false, true) : null;
    }

    private static Encoding Named(string name, TableOptions options)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
                ?? Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"{options.Say("encoding", name)} names no encoding; take one such as utf-8, utf-16 or windows-1252.", e);
        }
    }

    // The entry's stream does not close its archive.
    private sealed class Owning(Stream inner, ZipArchive archive) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override int Read(Span<byte> buffer) => inner.Read(buffer);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
                archive.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
