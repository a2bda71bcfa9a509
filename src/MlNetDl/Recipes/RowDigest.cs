using System.IO.Hashing;
using System.Runtime.InteropServices;
using MlNetDl.Data;

namespace MlNetDl.Recipes;

/// <summary>A digest of rows in the order in which they came, so that a training continues only on the data it began with. Not for secrets:
/// whoever wants two sets of one digest can make them.</summary>
/// <remarks>XXH3 reads several gigabytes a second, a fraction of what taking mean and deviation of the same row costs.</remarks>
internal sealed class RowDigest
{
    private readonly XxHash128 hash = new();

    // All rows of a set are of one width, so what is hashed says where a row ends.
    public void Add(Row row)
    {
        hash.Append(MemoryMarshal.AsBytes(row.Features.Span));
        hash.Append(MemoryMarshal.AsBytes(row.Targets.Span));
        float weight = row.Weight;
        hash.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<float>(in weight)));
    }

    /// <summary>The digest of the rows so far.</summary>
    public override string ToString() => Convert.ToHexStringLower(hash.GetCurrentHash());
}
