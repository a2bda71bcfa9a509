namespace MlNetDl.Compression;

/// <summary>Where the values of each index of a dimension lie in a tensor.</summary>
internal static class AxisSpans
{
    /// <summary>All pieces of memory in order, each with its index.</summary>
    public static IEnumerable<(int Index, Range Span)> Of(ValueList<long> dims, int dimension)
    {
        int outer = Product(dims.Take(dimension)), count = (int)dims[dimension], inner = Product(dims.Skip(dimension + 1));
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < count; i++)
            {
                int start = ((o * count) + i) * inner;
                yield return (i, start..(start + inner));
            }
        }
    }

    private static int Product(IEnumerable<long> sizes) => checked((int)sizes.Aggregate(1L, (x, y) => x * y));
}
