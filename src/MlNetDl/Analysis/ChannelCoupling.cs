using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Analysis;

/// <summary>A layer whose channels no pruning removes.</summary>
/// <param name="Path">Where it stands.</param>
/// <param name="Type">What it is.</param>
/// <param name="Reason">Why, as a sentence.</param>
public sealed record UncutLayer(string Path, string Type, string Reason);

/// <summary>Groups of channels that stand in the same places: the output of a layer, or of all layers that a residual sum
/// ties to each other. Shares of channels are shares of a cell.</summary>
/// <param name="Layers">The paths of the layers with weights along these channels, in order of execution.</param>
/// <param name="Groups">The groups, to be compared with <see cref="ChannelCoupling.GroupsOf"/>.</param>
public sealed record ChannelCell(ValueList<string> Layers, ValueList<int> Groups)
{
    /// <summary>The path of the first layer.</summary>
    public string Name => Layers[0];
}

/// <summary>An axis of a weight with the group of each of its indices.</summary>
/// <param name="Weight">The weight's full name.</param>
/// <param name="Dimension">The dimension of the weight.</param>
/// <param name="Groups">For each index its group.</param>
/// <param name="IsOutput">Whether the channels are of an output of the leaf.</param>
/// <param name="Channels">For each index its channel.</param>
internal sealed record GroupAxis(string Weight, int Dimension, int[] Groups, bool IsOutput, ValueList<int> Channels);

/// <summary>How the channels of a whole network hang together: which go only together, which cannot go, and which axes of
/// weights go with them.</summary>
/// <remarks>
/// Leaves say it of themselves (<see cref="ICouplesChannels"/>, <see cref="INarrowsChannels"/>). Weights that several
/// layers share unite the channels of these layers. Channels of the network's inputs and outputs are fixed, those of
/// auxiliary heads and of outputs that only training needs too. So are those of a leaf that does not say how they hang
/// together (<see cref="Uncut"/>), and the rest can be pruned.
/// </remarks>
public sealed class ChannelCoupling
{
    private readonly ChannelGroups groups;
    private readonly ChannelWalk walk;

    private ChannelCoupling(Plan plan, ChannelWalk walk)
    {
        (Plan, this.walk, groups) = (plan, walk, walk.Groups);
        Cells = ChannelCells.Of(this);
    }

    /// <summary>The network.</summary>
    public Plan Plan { get; }

    /// <summary>The channels that can be pruned, in order of execution.</summary>
    public IReadOnlyList<ChannelCell> Cells { get; }

    /// <summary>The leaves whose channels are fixed because of what they do not say, in order of execution.</summary>
    public IReadOnlyList<UncutLayer> Uncut => walk.Uncut;

    /// <summary>Finds out how the channels of a network hang together.</summary>
    /// <param name="plan">The network's plan.</param>
    /// <param name="endsAreFixed">Whether channels of inputs and outputs are fixed, as they are for everyone who uses the
    /// network. Without, a part of a network is looked at by itself.</param>
    /// <exception cref="ComponentException">A leaf's code failed, or says what cannot be.</exception>
    public static ChannelCoupling Of(Plan plan, bool endsAreFixed = true)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new(plan, ChannelWalk.Of(plan, endsAreFixed));
    }

    /// <summary>The group of each channel of a value. Channels with one group number go together.</summary>
    /// <param name="slot">The slot of the plan.</param>
    public IReadOnlyList<int> GroupsOf(int slot) => [.. walk.Slots[slot].Groups.Select(groups.Find)];

    /// <summary>Whether the channels of a group cannot be removed.</summary>
    public bool IsFixed(int group) => walk.IsFixed(group);

    /// <summary>The axes of weights that run along channels, those of shared weights once.</summary>
    internal IEnumerable<GroupAxis> Axes =>
        walk.Axes.DistinctBy(a => (a.Axis.Weight, a.Axis.Dimension, a.Number, a.Axis.IsOutput)).Select(a => Found(a.Axis));

    /// <summary>The axes of one step.</summary>
    internal IEnumerable<GroupAxis> AxesOf(PlanStep step) => walk.Axes.Where(a => ReferenceEquals(a.Step, step)).Select(a => Found(a.Axis));

    /// <summary>The places of the channels of a value that stay.</summary>
    internal ValueList<int> Stay(int slot, IReadOnlySet<int> gone) =>
        walk.Slots[slot].Groups.Index().Where(g => !gone.Contains(groups.Find(g.Item))).Select(g => g.Index).ToValueList();

    private GroupAxis Found(GroupAxis axis) => axis with { Groups = [.. axis.Groups.Select(groups.Find)] };
}
