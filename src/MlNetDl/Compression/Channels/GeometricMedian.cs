using MlNetDl.Analysis;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>The mean distance of a channel's filter to the other filters of its layer: what lies near the geometric median
/// can be said by the others (He et al. 2019, arXiv:1811.00250). Where several layers make the channel, the mean over
/// them.</summary>
/// <remarks>Distances are divided by the root of the number of weights, so that kernels of different sizes
/// compare.</remarks>
public sealed record GeometricMedian : ChannelScore
{
    /// <inheritdoc/>
    public override IReadOnlyDictionary<int, double> Of(ChannelScoring scoring)
    {
        ArgumentNullException.ThrowIfNull(scoring);
        var mean = new GroupMean(scoring);
        foreach (var (axis, weight) in Filters.Of(scoring))
        {
            var ends = scoring.Coupling.Axes.FirstOrDefault(a => !a.IsOutput && a.Weight == axis.Weight && a.Dimension == axis.Dimension);
            foreach (var cell in scoring.Cells.Where(c => axis.Groups.Any(c.Groups.Contains)))
            {
                foreach (var (group, distance) in cell.Groups.Zip(Distances(Rows(axis, ends, weight, cell))))
                {
                    mean.Add(group, distance);
                }
            }
        }

        return mean.Result;
    }

    // One row of weights a group. A connection stands at the place of its input map, others one after the other.
    private static float[][] Rows(GroupAxis axis, GroupAxis? ends, WeightArray weight, ChannelCell cell)
    {
        var spans = AxisSpans.Of(weight.Dims, axis.Dimension).ToList();
        int inner = spans[0].Span.End.Value;
        var (counts, rows) = (new Dictionary<int, int>(), cell.Groups.ToDictionary(g => g, _ => new SortedDictionary<int, Range>()));
        foreach (var (index, span) in spans)
        {
            int group = axis.Groups[index];
            if (rows.TryGetValue(group, out var row))
            {
                int place = counts[group] = counts.GetValueOrDefault(group, -1) + 1;
                row[ends is null ? place : ends.Channels[index]] = span;
            }
        }

        int width = rows.Values.Max(r => r.Keys.DefaultIfEmpty(-1).Max()) + 1;
        return [.. cell.Groups.Select(group =>
        {
            var row = new float[width * inner];
            foreach (var (place, span) in rows[group])
            {
                weight.Data.AsSpan(span).CopyTo(row.AsSpan(place * inner));
            }

            return row;
        })];
    }

    private static float[] Distances(float[][] rows)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var all = tensor(rows.SelectMany(r => r).ToArray()).reshape(rows.Length, rows[0].Length);
        return cdist(all, all).mean([1]).Div(Math.Sqrt(rows[0].Length)).data<float>().ToArray();
    }
}
