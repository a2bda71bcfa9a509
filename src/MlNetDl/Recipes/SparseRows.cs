using static TorchSharp.torch;

namespace MlNetDl.Recipes;

/// <summary>Rows of which most values are 0, such as hashed texts: only the others are kept, each with its place.</summary>
/// <param name="width">Values of a row.</param>
internal sealed class SparseRows(int width)
{
    private const int PieceLength = 1 << 18;
    private readonly List<int[]> places = [];
    private readonly List<float[]> values = [];
    private readonly List<long> ends = [0];

    /// <summary>Bytes of a value that is not 0, with its place.</summary>
    public const int BytesOfValue = sizeof(int) + sizeof(float);

    /// <summary>The number of rows.</summary>
    public int Count => ends.Count - 1;

    /// <summary>Values that are not 0, of all rows.</summary>
    public long Values => ends[^1];

    /// <summary>Adds a row.</summary>
    public void Add(ReadOnlySpan<float> row)
    {
        long end = ends[^1];
        for (int i = 0; i < row.Length; i++)
        {
            if (row[i] == 0)
            {
                continue;
            }

            int at = (int)(end % PieceLength);
            if (at == 0)
            {
                places.Add(new int[PieceLength]);
                values.Add(new float[PieceLength]);
            }

            (places[^1][at], values[^1][at]) = (i, row[i]);
            end++;
        }

        ends.Add(end);
    }

    /// <summary>A row with all its values.</summary>
    /// <param name="row">Its place, from 0.</param>
    /// <param name="all">Gets the values.</param>
    public void CopyTo(int row, Span<float> all)
    {
        all.Clear();
        for (long k = ends[row]; k < ends[row + 1]; k++)
        {
            var (piece, at) = ((int)(k / PieceLength), (int)(k % PieceLength));
            all[places[piece][at]] = values[piece][at];
        }
    }

    /// <summary>Some rows with all their values, float32 [N, width]: the only form that is dense.</summary>
    /// <param name="rows">Their places, from 0.</param>
    /// <param name="device">The device of the tensor.</param>
    public Tensor Dense(ReadOnlySpan<long> rows, Device device)
    {
        long count = 0;
        foreach (long row in rows)
        {
            count += ends[(int)row + 1] - ends[(int)row];
        }

        var (flat, read) = (new long[count], new float[count]);
        int next = 0;
        for (int r = 0; r < rows.Length; r++)
        {
            for (long k = ends[(int)rows[r]]; k < ends[(int)rows[r] + 1]; k++)
            {
                var (piece, at) = ((int)(k / PieceLength), (int)(k % PieceLength));
                (flat[next], read[next++]) = (((long)r * width) + places[piece][at], values[piece][at]);
            }
        }

        var dense = zeros((long)rows.Length * width, device: device);
        return count == 0 ? dense.reshape(rows.Length, width)
            : dense.index_copy_(0, tensor(flat, device: device), tensor(read, device: device)).reshape(rows.Length, width);
    }
}
