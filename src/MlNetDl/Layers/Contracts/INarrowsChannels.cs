using MlNetDl.Configuration;

namespace MlNetDl.Layers.Contracts;

/// <summary>A leaf whose weights or settings depend on the number of its channels: it says which axes of its weights run
/// along channels, and how it looks with fewer of them.</summary>
/// <remarks>
/// Structured pruning cuts the weights by the axes: an index of a dimension stays where its channel stays, for every
/// axis on that dimension. A leaf that is the same for any number of channels, as an activation is, needs no such
/// interface. How channels hang together says <see cref="ICouplesChannels"/>, which such a leaf implements too.
/// </remarks>
public interface INarrowsChannels
{
    /// <summary>The axes of weights that run along channels of the outputs; setting these rows to 0 makes a channel 0. None
    /// by default. Weights of a channel that passes through (the scale of a normalisation) count here.</summary>
    /// <param name="inputs">The shapes of the inputs.</param>
    IReadOnlyList<ChannelAxis> OutputAxes(IReadOnlyList<Shape> inputs) => [];

    /// <summary>The axes of weights that run along channels of the inputs; none by default.</summary>
    /// <param name="inputs">The shapes of the inputs.</param>
    IReadOnlyList<ChannelAxis> InputAxes(IReadOnlyList<Shape> inputs) => [];

    /// <summary>The leaf with the channels that stay; by default the leaf itself, which is then the same for any number of
    /// channels.</summary>
    /// <param name="cut">The channels that stay, at least one of each value.</param>
    Leaf Narrow(ChannelCut cut) => (Leaf)this;
}

/// <summary>An axis of a weight that runs along channels.</summary>
/// <param name="Parameter">The weight's name within the leaf, such as <c>weight</c>.</param>
/// <param name="Dimension">The dimension of the weight, from 0.</param>
/// <param name="Channels">For each index of that dimension its channel. Where an index stands for several channels that
/// go together, it is any of them.</param>
public sealed record ChannelAxis(string Parameter, [property: AtLeast(0)] int Dimension, ValueList<int> Channels)
{
    /// <summary>The value whose channels they are: the place among the inputs or the outputs; 0, the running value, by
    /// default.</summary>
    public int Value { get; init; }

    /// <summary>An axis on which index i is channel i.</summary>
    /// <param name="parameter">The weight's name within the leaf.</param>
    /// <param name="dimension">The dimension of the weight, from 0.</param>
    /// <param name="channels">How many channels there are.</param>
    public static ChannelAxis Along(string parameter, int dimension, int channels) =>
        new(parameter, dimension, Enumerable.Range(0, channels).ToValueList());
}

/// <summary>The channels of a leaf that stay.</summary>
/// <param name="Inputs">For each input the channels that stay, ascending, by their numbers before the cut.</param>
/// <param name="Outputs">For each output the channels that stay.</param>
/// <param name="Shapes">The shapes of the inputs before the cut.</param>
public sealed record ChannelCut(ValueList<ValueList<int>> Inputs, ValueList<ValueList<int>> Outputs, ValueList<Shape> Shapes)
{
    /// <summary>How many channels of the running input stay.</summary>
    public int In => Inputs[0].Count;

    /// <summary>How many channels of the running output stay.</summary>
    public int Out => Outputs[0].Count;

    /// <summary>The values of those channels of the running input that stay; a single value is for all and stays.</summary>
    internal ValueList<float> Of(ValueList<float> values) => values.Count == 1 ? values : Inputs[0].Select(i => values[i]).ToValueList();

    /// <summary>An initializer for the narrowed leaf: fixed values are of the dimensions before, so they are left out.</summary>
    internal static Initializer? Of(Initializer? init) => init is FixedInit ? null : init;
}
