namespace MlNetDl.Layers.Contracts;

/// <summary>The channels of a value: for each its group. Channels of one group are kept or removed together
/// by structured pruning.</summary>
/// <param name="Groups">One group id a channel (a feature for a vector), to be looked up with
/// <see cref="ChannelGroups.Find"/>.</param>
public sealed record Channels(ValueList<int> Groups);

/// <summary>Groups of channels that must be pruned together: a union–find.</summary>
/// <remarks>A convolution makes fresh groups; a residual sum unites those of its branches; a concatenation puts them
/// one after the other.</remarks>
public sealed class ChannelGroups
{
    private readonly List<int> parents = [];

    /// <summary>As many channels, each in a group of its own.</summary>
    public Channels Fresh(int count)
    {
        int first = parents.Count;
        parents.AddRange(Enumerable.Range(first, count));
        return new(Enumerable.Range(first, count).ToValueList());
    }

    /// <summary>The representative of a group.</summary>
    public int Find(int group)
    {
        while (parents[group] != group)
        {
            group = parents[group] = parents[parents[group]];
        }

        return group;
    }

    /// <summary>Unites two values' groups, channel by channel.</summary>
    /// <exception cref="ArgumentException">They have different numbers of channels.</exception>
    public Channels Unite(Channels first, Channels second)
    {
        if (first.Groups.Count != second.Groups.Count)
        {
            throw new ArgumentException($"Cannot couple {first.Groups.Count} channels with {second.Groups.Count}.");
        }

        foreach (var (a, b) in first.Groups.Zip(second.Groups))
        {
            parents[Find(b)] = Find(a);
        }

        return first;
    }

    /// <summary>The channels of a leaf's outputs: of the running value, then of the values that it publishes.</summary>
    /// <param name="leaf">The leaf.</param>
    /// <param name="inputs">The channels of its inputs, in their order.</param>
    /// <param name="shapes">The shapes of its inputs.</param>
    /// <exception cref="NotSupportedException">The leaf does not say, or cannot with its settings.</exception>
    public IReadOnlyList<Channels> Couple(Leaf leaf, IReadOnlyList<Channels> inputs, IReadOnlyList<Shape> shapes)
    {
        if (leaf is not ICouplesChannels coupling)
        {
            throw new NotSupportedException(Untold(leaf));
        }

        return LeafCode.Of(leaf, nameof(Couple), "", () => coupling.Couple(inputs, shapes, this));
    }

    /// <summary>What to tell of a leaf that does not say how its channels hang together.</summary>
    internal static string Untold(Leaf leaf) => $"{leaf.GetType().Name} does not say how its channels hang together, so they cannot be "
        + $"pruned; let it implement {(leaf is UnaryLeaf ? nameof(ICouplesOneValue) : nameof(ICouplesChannels))}.";

    /// <summary>How many groups were made so far; the next one has this number.</summary>
    internal int Count => parents.Count;

    /// <summary>The channels of a shape: of tokens one, of sequences the last dimension, of others the second; 1 where that
    /// has no known size.</summary>
    internal static int CountOf(Shape shape) => DimensionOf(shape) is { } dimension ? (int)(shape[dimension].Size ?? 1) : 1;

    /// <summary>The dimension along which a shape's channels lie; <see langword="null"/> where it has none.</summary>
    internal static int? DimensionOf(Shape shape) => shape switch
    {
        { Rank: 2, Type: ElementType.Int64 } or { Rank: < 2 } => null,
        { Rank: 3 } => 2,
        _ => 1,
    };
}
