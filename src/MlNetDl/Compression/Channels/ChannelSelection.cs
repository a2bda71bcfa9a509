using MlNetDl.Analysis;
using MlNetDl.Configuration;

namespace MlNetDl.Compression;

/// <summary>Says which channels go: those with the lowest scores. At least one stays in each cell, so no layer is ever
/// empty.</summary>
public sealed record ChannelSelection
{
    /// <summary>Where the lowest scores are looked for; each cell by itself by default. Over all cells, scores are divided by
    /// the mean of their cell, because layers differ in scale.</summary>
    public PruningScope Scope { get; init; } = PruningScope.Layer;

    /// <summary>What stays in a cell is a multiple of this, 1 or more, at least the number itself; a cell that is not larger
    /// stays whole. 1 by default; processors like 8 or 16.</summary>
    [AtLeast(1)]
    public int Multiple { get; init; } = 1;

    /// <summary>Chooses the groups of channels that go.</summary>
    /// <param name="coupling">How the network's channels hang together.</param>
    /// <param name="cells">The cells that may lose channels.</param>
    /// <param name="scores">The score of each of their groups; the lowest go.</param>
    /// <param name="amount">The share of the groups that goes, 0 to 1, of each cell or of all, rounded to whole groups. At 1 as
    /// few stay as may.</param>
    /// <param name="original">By the layers of a cell, how many groups it had before earlier rounds; the share is of these.
    /// Cells that are not there have as many as now. Several cells may begin with the same layer.</param>
    /// <returns>The groups that go; none where rounding leaves none.</returns>
    public IReadOnlySet<int> Choose(
        ChannelCoupling coupling,
        IReadOnlyList<ChannelCell> cells,
        IReadOnlyDictionary<int, double> scores,
        double amount,
        IReadOnlyDictionary<ValueList<string>, int>? original = null)
    {
        ArgumentNullException.ThrowIfNull(coupling);
        ArgumentNullException.ThrowIfNull(cells);
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentOutOfRangeException.ThrowIfLessThan(amount, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(amount, 1);
        var stay = Scope == PruningScope.Layer
            ? [.. cells.Select(c => Of(c) - Share(Of(c), amount))]
            : GlobalStay(cells, scores, amount, Of);
        var gone = new HashSet<int>();
        foreach (var (cell, count) in cells.Zip(stay))
        {
            gone.UnionWith(cell.Groups.OrderBy(g => scores[g]).Take(cell.Groups.Count - Rounded(count, cell.Groups.Count)));
        }

        KeepWeights(coupling, gone, scores);
        return gone;

        int Of(ChannelCell cell) => Math.Max(cell.Groups.Count, original?.GetValueOrDefault(cell.Layers) ?? 0);
    }

    // How many stay in each cell where the lowest of all go.
    private int[] GlobalStay(
        IReadOnlyList<ChannelCell> cells, IReadOnlyDictionary<int, double> scores, double amount, Func<ChannelCell, int> original)
    {
        int[] stay = [.. cells.Select(c => c.Groups.Count)], least = [.. stay.Select(n => Math.Min(n, Multiple))];
        int all = cells.Sum(original), left = Share(all, amount) - (all - stay.Sum());
        var order = cells.Index().SelectMany(c =>
        {
            double mean = c.Item.Groups.Average(g => scores[g]);
            return c.Item.Groups.Select(g => (Cell: c.Index, Score: mean == 0 ? 0 : scores[g] / mean));
        }).OrderBy(g => g.Score).Select(g => g.Cell);
        foreach (int cell in order)
        {
            if (left > 0 && stay[cell] > least[cell])
            {
                (stay[cell], left) = (stay[cell] - 1, left - 1);
            }
        }

        return stay;
    }

    // Half a group stays.
    private static int Share(int count, double amount) => (int)Math.Ceiling((count * amount) - 0.5 - 1e-9);

    private int Rounded(int stay, int count)
    {
        if (stay >= count)
        {
            return count;
        }

        int rounded = Math.Max(Multiple, (int)Math.Round(stay / (double)Multiple, MidpointRounding.AwayFromZero) * Multiple);
        return Math.Min(rounded, count);
    }

    // Connections of which each loses an end: the best one stays.
    private static void KeepWeights(ChannelCoupling coupling, HashSet<int> gone, IReadOnlyDictionary<int, double> scores)
    {
        while (ChannelCutter.EmptyWeight(coupling, gone) is { } on)
        {
            var axes = coupling.Axes.Where(a => (a.Weight, a.Dimension) == on).ToList();
            var best = Enumerable.Range(0, axes[0].Groups.Length)
                .Select(i => axes.Select(a => a.Groups[i]).Where(gone.Contains).ToList())
                .OrderBy(ends => ends.Count).ThenByDescending(ends => ends.Sum(g => scores[g])).First();
            gone.ExceptWith(best);
        }
    }
}
