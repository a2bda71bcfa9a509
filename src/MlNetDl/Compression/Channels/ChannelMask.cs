using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Compression;

/// <summary>The other form of removing channels: the network stays as it is, and their weights become 0.</summary>
public static class ChannelMask
{
    /// <summary>The weights with all that makes some groups of channels set to 0: kernels, biases, scales and shifts.
    /// Running statistics and fixed numbers stay.</summary>
    /// <param name="coupling">How the network's channels hang together.</param>
    /// <param name="weights">The network's weights; they stay as they are.</param>
    /// <param name="groups">The groups.</param>
    /// <returns>Weights with which the network computes the same as the one without these channels, unless
    /// <see cref="Differences"/> names a layer.</returns>
    public static Weights Of(ChannelCoupling coupling, Weights weights, IReadOnlySet<int> groups)
    {
        ArgumentNullException.ThrowIfNull(coupling);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(groups);
        weights.Check(coupling.Plan);
        var trained = coupling.Plan.Parameters.Where(p => p.Parameter.Trainable).Select(p => p.Name).ToHashSet();
        var axes = coupling.Axes.Where(a => a.IsOutput && trained.Contains(a.Weight)).ToLookup(a => a.Weight);
        return new(weights.Select(w => axes[w.Name].Aggregate(w, (masked, axis) => Masked(masked, axis, groups))));
    }

    /// <summary>The paths of the layers behind which a network without these channels computes something else than one in
    /// which they are 0, in order of execution. Neither is wrong: the cut network has fewer neighbours, shares or
    /// constants, to which a training after it adapts.</summary>
    /// <param name="coupling">How the network's channels hang together.</param>
    /// <param name="groups">The groups.</param>
    public static IReadOnlyList<string> Differences(ChannelCoupling coupling, IReadOnlySet<int> groups)
    {
        ArgumentNullException.ThrowIfNull(coupling);
        ArgumentNullException.ThrowIfNull(groups);
        return [.. coupling.Plan.Steps
            .Where(s => s.Leaf is ICouplesChannels { CutEqualsMask: false } && s.Inputs.Any(i => coupling.GroupsOf(i).Any(groups.Contains)))
            .Select(s => s.Path)];
    }

    private static WeightArray Masked(WeightArray weight, GroupAxis axis, IReadOnlySet<int> groups)
    {
        var data = (float[])weight.Data.Clone();
        foreach (var (index, span) in AxisSpans.Of(weight.Dims, axis.Dimension))
        {
            if (groups.Contains(axis.Groups[index]))
            {
                data.AsSpan(span).Clear();
            }
        }

        return weight with { Data = data };
    }
}
