using MlNetDl.Analysis;

namespace MlNetDl.Compression;

/// <summary>The weights that make each channel.</summary>
internal static class Filters
{
    /// <summary>The output axes of kernels and matrices: of trained weights that decay, which biases and scales do
    /// not.</summary>
    public static IEnumerable<(GroupAxis Axis, WeightArray Weight)> Of(ChannelScoring scoring)
    {
        var parameters = scoring.Coupling.Plan.Parameters.ToDictionary(p => p.Name, p => p.Parameter);
        return scoring.Coupling.Axes
            .Where(a => a.IsOutput && parameters[a.Weight] is { Trainable: true, Decays: true })
            .Select(a => (a, scoring.Weights[a.Weight]));
    }

    /// <summary>Scores by filters: for each weight along a group the mean of a function of its values there, finished by
    /// another function, and the mean of that over the weights.</summary>
    /// <param name="scoring">The network.</param>
    /// <param name="of">The sum over some values.</param>
    /// <param name="finish">What becomes of the mean.</param>
    public static IReadOnlyDictionary<int, double> Mean(ChannelScoring scoring, Func<ReadOnlySpan<float>, double> of, Func<double, double> finish)
    {
        var mean = new GroupMean(scoring);
        foreach (var (axis, weight) in Of(scoring))
        {
            var sums = new Dictionary<int, (double Sum, long Count)>();
            foreach (var (index, span) in AxisSpans.Of(weight.Dims, axis.Dimension))
            {
                int group = axis.Groups[index];
                if (mean.Has(group))
                {
                    var values = weight.Data.AsSpan(span);
                    var (sum, count) = sums.GetValueOrDefault(group);
                    sums[group] = (sum + of(values), count + values.Length);
                }
            }

            foreach (var (group, (sum, count)) in sums)
            {
                mean.Add(group, finish(sum / count));
            }
        }

        return mean.Result;
    }
}

/// <summary>The mean of several values for each group that is scored.</summary>
internal sealed class GroupMean(ChannelScoring scoring)
{
    private readonly Dictionary<int, (double Sum, int Count)> sums = scoring.Groups.ToDictionary(g => g, _ => (0.0, 0));

    /// <summary>The means; 0 where nothing was added.</summary>
    public IReadOnlyDictionary<int, double> Result => sums.ToDictionary(s => s.Key, s => s.Value.Count == 0 ? 0 : s.Value.Sum / s.Value.Count);

    /// <summary>Whether a group is scored.</summary>
    public bool Has(int group) => sums.ContainsKey(group);

    /// <summary>Adds a value, unless the group is not scored.</summary>
    public void Add(int group, double value)
    {
        if (sums.TryGetValue(group, out var sum))
        {
            sums[group] = (sum.Sum + value, sum.Count + 1);
        }
    }

    /// <summary>Refuses cells of which a group got no value.</summary>
    /// <param name="missing">What they lack, and what to do, as the end of a sentence.</param>
    public void RequireAll(string missing) => RequireAll(scoring, sums.Where(s => s.Value.Count > 0).Select(s => s.Key), missing);

    /// <summary>Refuses cells of which a group is not among those that get a value.</summary>
    /// <param name="scoring">The cells.</param>
    /// <param name="groups">The groups that get one.</param>
    /// <param name="missing">What the others lack, and what to do, as the end of a sentence.</param>
    public static void RequireAll(ChannelScoring scoring, IEnumerable<int> groups, string missing)
    {
        var with = groups.ToHashSet();
        var without = scoring.Cells.Where(c => !c.Groups.All(with.Contains)).Select(c => c.Name).ToList();
        if (without.Count > 0)
        {
            throw new ArgumentException($"{string.Join(", ", without)} {missing}");
        }
    }
}
