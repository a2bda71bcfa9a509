using System.Collections;

namespace MlNetDl.Experiments;

/// <summary>Some rows of a table.</summary>
/// <param name="chosen">Which, by their numbers; more rows than there are.</param>
/// <param name="isIn">Whether the chosen ones, or the others.</param>
internal sealed class RowPart(BitArray chosen, bool isIn)
{
    /// <summary>How many rows it has.</summary>
    public int Count => chosen.Cast<bool>().Count(c => c == isIn);

    /// <summary>Those rows.</summary>
    public IEnumerable<TableRecord> Of(IEnumerable<TableRecord> rows) => rows.Where((_, number) => number < chosen.Length && chosen[number] == isIn);

    /// <summary>Draws rows for a test: an exact share, and of each class as many as its size says.</summary>
    /// <param name="classes">The class of each row; one for all, where there are none.</param>
    /// <param name="share">The share of the test.</param>
    /// <param name="seed">The draw follows from it.</param>
    public static (RowPart Train, RowPart Test) Split(IReadOnlyList<string> classes, double share, int seed)
    {
        // Classes of one row are one together: a part has what the other lacks in any case.
        var sizes = classes.CountBy(c => c).ToDictionary();
        var groups = classes.Index().GroupBy(c => sizes[c.Item] == 1 ? null : c.Item, c => c.Index).Select(g => g.ToArray()).ToList();
        var wanted = groups.ConvertAll(g => g.Length * share);
        // Whole rows of each class, and the rest to those that lost most. A class keeps a row to train on.
        int[] counts = [.. wanted.Select((w, i) => Math.Min((int)w, groups[i].Length - 1))];
        int all = (int)Math.Round(classes.Count * share, MidpointRounding.AwayFromZero);
        int sum = counts.Sum();
        foreach (var i in Enumerable.Range(0, groups.Count).OrderByDescending(i => wanted[i] - counts[i]).ThenByDescending(i => groups[i].Length))
        {
            if (sum < all && counts[i] < groups[i].Length - 1)
            {
                counts[i]++;
                sum++;
            }
        }

        var (chosen, random) = (new BitArray(classes.Count), new Random(seed));
        foreach (var (rows, count) in groups.Zip(counts))
        {
            random.Shuffle(rows);
            foreach (int row in rows.AsSpan(0, count))
            {
                chosen[row] = true;
            }
        }

        return (new(chosen, false), new(chosen, true));
    }
}
