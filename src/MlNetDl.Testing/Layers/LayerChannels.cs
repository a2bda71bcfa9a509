using MlNetDl.Layers.Contracts;

namespace MlNetDl.Testing;

/// <summary>How the channels of a leaf's values hang on those of its inputs.</summary>
internal static class LayerChannels
{
    public static void Check(LayerSample sample)
    {
        if (new LayerCase(sample).Subject is not Leaf leaf)
        {
            return;
        }

        var groups = new ChannelGroups();
        Channels[] inputs = [.. sample.Inputs.Select(s => groups.Fresh(Of(s)))];
        var shapes = leaf is PublishingLeaf several ? several.OutputShapes(sample.Inputs) : [leaf.OutputShape(sample.Inputs)];
        var change = $"[{string.Join(", ", sample.Inputs.Select(Of))}] channels in, [{string.Join(", ", shapes.Select(Of))}] out";
        Expect.True(leaf is ICouplesChannels, $"{change}, but {leaf.GetType().Name} does not say how they hang together. {Advice(leaf)}");
        var coupled = groups.Couple(leaf, inputs, sample.Inputs);
        Expect.Equal(shapes.Count, coupled.Count, "values whose channels it tells");
        foreach (var (shape, channels) in shapes.Zip(coupled))
        {
            Expect.Equal(Of(shape), channels.Groups.Count, $"channels of {shape} by Couple ({change}; {Advice(leaf)})");
        }
    }

    private static string Advice(Leaf leaf) => $"Let it implement {(leaf is UnaryLeaf ? nameof(ICouplesOneValue) : nameof(ICouplesChannels))}"
        + ": Couple gives groups.Fresh(n) for n channels that it makes anew, and the input's where channel i stays channel i. A layer "
        + $"that is never pruned leaves the fact out: Without(LayerContract.{nameof(LayerContract.Coupling)}, because: …).";

    // Of tokens one, of sequences and vectors the last dimension, of images the second.
    private static int Of(Shape shape) =>
        (shape.Rank == 2 && shape.Type == ElementType.Int64) || shape.Rank < 2 ? 1 : shape.Rank == 3 ? shape.Size(2) : shape.Size(1);
}
