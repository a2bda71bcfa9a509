using System.Buffers;
using System.Text;

namespace MlNetDl.Experiments;

/// <summary>Sees whether bytes are UTF-8: how many letters of several bytes there are, and how many places that are none.</summary>
internal sealed class Utf8Look
{
    private const int LongestLetter = 4;

    /// <summary>How many letters of several bytes there are.</summary>
    public long Letters { get; private set; }

    /// <summary>How many places are no UTF-8.</summary>
    public long Bad { get; private set; }

    /// <summary>The first of them: its line, the letter in it, from 1, and its byte.</summary>
    public (long Line, long Column, byte Value) First { get; private set; }

    /// <summary>Whether it is UTF-8 with damaged places, and not another encoding: in another one, bytes are hardly ever letters of UTF-8 by chance.</summary>
    public bool IsDamaged => Bad > 0 && Letters > Bad;

    /// <summary>Reads all bytes.</summary>
    /// <param name="bytes">The bytes behind those of <paramref name="block"/>.</param>
    /// <param name="block">Holds the first bytes, and takes the next ones.</param>
    /// <param name="count">How many it holds.</param>
    public static Utf8Look At(Stream bytes, byte[] block, int count)
    {
        var look = new Utf8Look();
        long line = 1, column = 1;
        while (count > 0)
        {
            int kept = look.Take(block.AsSpan(0, count), ref line, ref column, isLast: false);
            block.AsSpan(count - kept, kept).CopyTo(block);
            int read = bytes.Read(block, kept, block.Length - kept);
            count = kept + read;
            if (read == 0)
            {
                look.Take(block.AsSpan(0, count), ref line, ref column, isLast: true);
                return look;
            }
        }

        return look;
    }

    // How many bytes at the end are the beginning of a letter.
    private int Take(ReadOnlySpan<byte> bytes, ref long line, ref long column, bool isLast)
    {
        while (bytes.Length > 0)
        {
            int plain = Ascii.IsValid(bytes) ? bytes.Length : bytes.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            int lines = bytes[..plain].Count((byte)'\n');
            column = lines == 0 ? column + plain : plain - bytes[..plain].LastIndexOf((byte)'\n');
            line += lines;
            bytes = bytes[plain..];
            if (bytes.Length == 0)
            {
                return 0;
            }

            var status = Rune.DecodeFromUtf8(bytes, out _, out int used);
            if (status == OperationStatus.NeedMoreData && !isLast && bytes.Length < LongestLetter)
            {
                return bytes.Length;
            }

            if (status == OperationStatus.Done)
            {
                Letters++;
            }
            else if (Bad++ == 0)
            {
                First = (line, column, bytes[0]);
            }

            column++;
            bytes = bytes[used..];
        }

        return 0;
    }
}
