using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.Experiments;

/// <summary>The categories that a saved chain's one-hot encodings know.</summary>
internal static class KnownWords
{
    // The annotation that only one-hot encoding gives to its output. Features of a text have names for their slots too,
    // but these are no values of the column.
    private const string OneHot = "CategoricalSlotRanges";

    /// <summary>The words by column: of those that are encoded in their own place, one slot a word.</summary>
    /// <param name="output">What comes out of the chain.</param>
    public static IReadOnlyDictionary<string, HashSet<string>> Of(DataViewSchema output)
    {
        var known = new Dictionary<string, HashSet<string>>();
        // Of columns of one name the last is the one that is seen.
        foreach (var column in output.Where(c => !c.IsHidden && c.Type is VectorDataViewType && c.HasSlotNames() && IsOneHot(c)))
        {
            VBuffer<ReadOnlyMemory<char>> names = default;
            column.GetSlotNames(ref names);
            if (names.Length == ((VectorDataViewType)column.Type).Size)
            {
                known[column.Name] = [.. names.DenseValues().Select(n => n.ToString())];
            }
        }

        return known;
    }

    private static bool IsOneHot(DataViewSchema.Column column) => column.Annotations.Schema.GetColumnOrNull(OneHot) is not null;
}
