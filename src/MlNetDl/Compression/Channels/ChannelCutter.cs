using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Compression;

/// <summary>Removes channels from a network: layers become narrower, and weights are cut to fit.</summary>
public static class ChannelCutter
{
    /// <summary>The network without some groups of channels. Its weights keep their names, and it trains, saves and exports
    /// as any other network.</summary>
    /// <param name="coupling">How the network's channels hang together.</param>
    /// <param name="weights">The network's weights; they stay as they are.</param>
    /// <param name="groups">The groups that go, of <see cref="ChannelCoupling.Cells"/>.</param>
    /// <exception cref="ArgumentException">A group is fixed, or a layer would be left without channels or weights.</exception>
    /// <exception cref="InvalidDataException">The weights are of another network.</exception>
    /// <exception cref="ComponentException">A layer does not become what it says of its axes; nothing was cut.</exception>
    public static (Network Network, Weights Weights) Cut(ChannelCoupling coupling, Weights weights, IReadOnlySet<int> groups)
    {
        ArgumentNullException.ThrowIfNull(coupling);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(groups);
        weights.Check(coupling.Plan);
        var network = Narrow(coupling, groups);
        var axes = coupling.Axes.ToLookup(a => a.Weight);
        return (network, new(weights.Select(w => Sliced(w, axes[w.Name], groups))));
    }

    /// <summary>The tree without those groups.</summary>
    internal static Network Narrow(ChannelCoupling coupling, IReadOnlySet<int> groups)
    {
        Check(coupling, groups);
        var steps = coupling.Plan.Steps.ToDictionary(s => s.Path);
        var network = coupling.Plan.Network;
        var narrow = new Network(
            LayerTree.Map(network.Root, (place, leaf) => Narrowed(coupling, steps[place.Path], groups)),
            network.Inputs.Index().Select(i => i.Item with { Shape = Narrowed(i.Item.Shape, coupling.Stay(i.Index, groups).Count) })
                .ToValueList());
        foreach (var (before, after) in coupling.Plan.Steps.Zip(narrow.Plan().Steps))
        {
            CheckKept(coupling, before, after, groups);
        }

        return narrow;
    }

    private static void Check(ChannelCoupling coupling, IReadOnlySet<int> groups)
    {
        if (groups.Any(coupling.IsFixed))
        {
            throw new ArgumentException("Channels that are fixed cannot be removed; take groups of the coupling's cells.", nameof(groups));
        }

        foreach (var step in coupling.Plan.Steps)
        {
            if (step.Outputs.Any(o => coupling.GroupsOf(o).All(groups.Contains)))
            {
                throw new ArgumentException($"{step.Path} would be left without channels; let one of them stay.", nameof(groups));
            }
        }

        if (EmptyWeight(coupling, groups) is { } empty)
        {
            throw new ArgumentException($"{empty.Weight} would be left without values; let channels stay that it connects.", nameof(groups));
        }
    }

    /// <summary>A weight of which nothing would stay, although channels do: connections whose ends all go.</summary>
    internal static (string Weight, int Dimension)? EmptyWeight(ChannelCoupling coupling, IReadOnlySet<int> groups) =>
        coupling.Axes.GroupBy(a => (a.Weight, a.Dimension)).FirstOrDefault(on => Staying([.. on], groups).Length == 0)?.Key;

    private static Leaf Narrowed(ChannelCoupling coupling, PlanStep step, IReadOnlySet<int> groups)
    {
        if (step.Leaf is not INarrowsChannels leaf)
        {
            return step.Leaf;
        }

        var cut = new ChannelCut(
            step.Inputs.Select(i => coupling.Stay(i, groups)).ToValueList(),
            step.Outputs.Select(o => coupling.Stay(o, groups)).ToValueList(),
            step.InputShapes);
        bool isWhole = step.InputShapes.Zip(cut.Inputs).Concat(step.OutputShapes.Zip(cut.Outputs))
            .All(v => ChannelGroups.CountOf(v.First) == v.Second.Count);
        return isWhole ? step.Leaf : LeafCode.Of(step.Leaf, nameof(leaf.Narrow), step.Path, () => leaf.Narrow(cut));
    }

    private static Shape Narrowed(Shape shape, int channels) =>
        ChannelGroups.DimensionOf(shape) is { } dimension && shape[dimension].Size is not null ? shape.With(dimension, channels) : shape;

    // What a leaf says of itself with fewer channels must be what its axes leave.
    private static void CheckKept(ChannelCoupling coupling, PlanStep before, PlanStep after, IReadOnlySet<int> groups)
    {
        var axes = coupling.AxesOf(before).ToLookup(a => a.Weight);
        var left = before.Parameters.Select(p => $"{p.Name} {Dims(p.Dims, axes[$"{before.WeightsName}.{p.Name}"], groups)}").ToList();
        var asked = after.Parameters.Select(p => $"{p.Name} {p.Dims}").ToList();
        if (!left.SequenceEqual(asked))
        {
            Refuse($"asks for the weights {string.Join(", ", asked)}, but its axes leave {string.Join(", ", left)}");
        }

        var stay = before.Outputs.Select(o => coupling.Stay(o, groups).Count).ToList();
        if (!stay.SequenceEqual(after.OutputShapes.Select(ChannelGroups.CountOf)))
        {
            Refuse($"makes {after.OutputShapes}, but [{string.Join(", ", stay)}] channels stay");
        }

        void Refuse(string what) => throw new ComponentException(
            before.Leaf,
            nameof(INarrowsChannels.Narrow),
            $"with fewer channels it {what}; let {nameof(INarrowsChannels)} name the axes that follow the channels.",
            before.Path);
    }

    private static ValueList<long> Dims(ValueList<long> dims, IEnumerable<GroupAxis> axes, IReadOnlySet<int> groups)
    {
        var cut = dims.ToArray();
        foreach (var on in axes.GroupBy(a => a.Dimension))
        {
            cut[on.Key] = Staying([.. on], groups).Length;
        }

        return [.. cut];
    }

    private static WeightArray Sliced(WeightArray weight, IEnumerable<GroupAxis> axes, IReadOnlySet<int> groups)
    {
        var (dims, data) = (weight.Dims.ToArray(), weight.Data);
        foreach (var on in axes.GroupBy(a => a.Dimension))
        {
            var stay = Staying([.. on], groups);
            if (stay.Length < dims[on.Key])
            {
                data = Sliced(data, dims, on.Key, stay);
                dims[on.Key] = stay.Length;
            }
        }

        return ReferenceEquals(data, weight.Data) ? weight : new(weight.Name, [.. dims], data);
    }

    private static float[] Sliced(float[] data, long[] dims, int dimension, int[] stay)
    {
        int outer = (int)dims.Take(dimension).Aggregate(1L, (x, y) => x * y), count = (int)dims[dimension], inner = 1;
        foreach (long size in dims.Skip(dimension + 1))
        {
            inner *= (int)size;
        }

        var cut = new float[outer * stay.Length * inner];
        for (int o = 0; o < outer; o++)
        {
            for (int k = 0; k < stay.Length; k++)
            {
                data.AsSpan(((o * count) + stay[k]) * inner, inner).CopyTo(cut.AsSpan(((o * stay.Length) + k) * inner));
            }
        }

        return cut;
    }

    // An index stays where its channel stays on every axis of the dimension.
    private static int[] Staying(IReadOnlyList<GroupAxis> on, IReadOnlySet<int> groups) =>
        [.. Enumerable.Range(0, on[0].Groups.Length).Where(i => on.All(a => !groups.Contains(a.Groups[i])))];
}
