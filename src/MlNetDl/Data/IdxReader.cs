using System.Buffers.Binary;
using System.IO.Compression;

namespace MlNetDl.Data;

/// <summary>Reads the idx format of MNIST and similar sets, plain or gzipped.</summary>
/// <remarks>Two zero bytes, the element type (8 is unsigned byte), the number of dimensions, then the dimensions as
/// big-endian 32-bit integers, then the elements.</remarks>
public static class IdxReader
{
    /// <summary>The bytes of a file of unsigned bytes, and its dimensions.</summary>
    /// <exception cref="InvalidDataException">The file is not idx, holds another type, or is cut off.</exception>
    public static (byte[] Data, int[] Dims) Read(string path)
    {
        using var file = File.OpenRead(path);
        using Stream stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
            ? new GZipStream(file, CompressionMode.Decompress)
            : file;
        try
        {
            Span<byte> header = stackalloc byte[4];
            stream.ReadExactly(header);
            if (header[0] != 0 || header[1] != 0 || header[2] != 8 || header[3] is 0 or > 4)
            {
                throw new InvalidDataException($"'{path}' is not an idx file of unsigned bytes: it starts with "
                    + $"{System.Convert.ToHexString(header)}, expected 000008 and 1 to 4 dimensions.");
            }

            var dims = new int[header[3]];
            long size = 1;
            for (int i = 0; i < dims.Length; i++)
            {
                stream.ReadExactly(header);
                dims[i] = BinaryPrimitives.ReadInt32BigEndian(header);
                size = dims[i] < 0 || size > Array.MaxLength ? -1 : size * dims[i];
            }

            if (size < 0 || size > Array.MaxLength)
            {
                throw new InvalidDataException($"'{path}' claims dimensions {string.Join(" x ", dims)}, more than fit into memory.");
            }

            return (Content(stream, (int)size), dims);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException($"'{path}' is cut off.", e);
        }
        catch (InvalidDataException e) when (e.Message.Contains("archive", StringComparison.Ordinal))
        {
            throw new InvalidDataException($"'{path}' is not a gzip file, or is damaged: {e.Message}", e);
        }
    }

    // The header only claims a size. So memory grows with the bytes that come.
    private static byte[] Content(Stream stream, int size)
    {
        var data = new byte[Math.Min(size, 1 << 20)];
        int filled = 0;
        while (filled < size)
        {
            if (filled == data.Length)
            {
                Array.Resize(ref data, (int)Math.Min(size, 2L * data.Length));
            }

            int read = stream.Read(data, filled, data.Length - filled);
            if (read <= 0)
            {
                throw new EndOfStreamException();
            }

            filled += read;
        }

        return data;
    }
}
