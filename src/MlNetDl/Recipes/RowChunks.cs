using System.Numerics.Tensors;

namespace MlNetDl.Recipes;

/// <summary>Collects values row by row, in pieces of their final type, and joins them once.</summary>
/// <param name="element">The type of a value: <see cref="byte"/> (pixels), <see cref="float"/> or <see
/// cref="long"/>.</param>
/// <param name="width">Values of a row.</param>
/// <param name="chunkRows">Rows of a piece.</param>
internal sealed class RowChunks(Type element, int width, int chunkRows)
{
    private readonly List<Array> chunks = [];
    private long count;

    /// <summary>Bytes of a row.</summary>
    public int RowBytes => width * (element == typeof(byte) ? sizeof(byte) : element == typeof(float) ? sizeof(float) : sizeof(long));

    /// <summary>Whether one array can hold so many rows.</summary>
    public bool Holds(long rows) => rows * width <= Array.MaxLength;

    public void Add(ReadOnlySpan<float> row)
    {
        int at = (int)(count++ % chunkRows);
        if (at == 0)
        {
            chunks.Add(Array.CreateInstance(element, checked(chunkRows * width)));
        }

        switch (chunks[^1])
        {
            case byte[] bytes:
                TensorPrimitives.ConvertTruncating<float, byte>(row, bytes.AsSpan(at * width, width));
                break;
            case long[] integers:
                TensorPrimitives.ConvertTruncating<float, long>(row, integers.AsSpan(at * width, width));
                break;
            default:
                row.CopyTo(((float[])chunks[^1]).AsSpan(at * width));
                break;
        }
    }

    /// <summary>All rows in one array. Ask once: the memory passes to the caller.</summary>
    public Array Joined()
    {
        var all = Array.CreateInstance(element, count * width);
        for (int i = 0; i < chunks.Count; i++)
        {
            long start = (long)i * chunkRows * width;
            Array.Copy(chunks[i], 0, all, start, Math.Min((long)chunkRows * width, all.LongLength - start));
            chunks[i] = Array.Empty<byte>();
        }

        return all;
    }

    /// <summary>Drops the rows.</summary>
    public void Clear()
    {
        chunks.Clear();
        chunks.Capacity = 0;
        count = 0;
    }
}
