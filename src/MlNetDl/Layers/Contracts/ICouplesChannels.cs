namespace MlNetDl.Layers.Contracts;

/// <summary>A leaf that says how the channels of its outputs hang on those of its inputs, for structured
/// pruning.</summary>
/// <remarks>Analyses ask by <see cref="ChannelGroups.Couple"/>, which also says what to tell of a leaf that is none. A
/// leaf of one value implements <see cref="ICouplesOneValue"/>. A leaf with weights or settings that depend on the number
/// of channels implements <see cref="INarrowsChannels"/> too.</remarks>
public interface ICouplesChannels
{
    /// <summary>The channels of the running value, then those of what the leaf publishes.</summary>
    /// <param name="inputs">The channels of the running value, then those of the wires; of all branches
    /// for a join.</param>
    /// <param name="shapes">The shapes of the inputs.</param>
    /// <param name="groups">Makes groups of channels and unites them.</param>
    /// <exception cref="NotSupportedException">The leaf cannot say with these settings; the message says
    /// why.</exception>
    IReadOnlyList<Channels> Couple(IReadOnlyList<Channels> inputs, IReadOnlyList<Shape> shapes, ChannelGroups groups);

    /// <summary>Whether a channel that is removed is the same as one that is 0, for all other channels. Yes by default; no
    /// where a channel that is 0 makes something else of it (a sigmoid makes ½) or changes its neighbours (a softmax).
    /// Pruning works in either case, and tells where it is so.</summary>
    bool CutEqualsMask => true;
}

/// <summary>A leaf of one value that says how the channels of its output hang on those of its input.</summary>
public interface ICouplesOneValue : ICouplesChannels
{
    /// <summary>The channels of the output.</summary>
    /// <param name="input">The channels of the input.</param>
    /// <param name="shape">The shape of the input.</param>
    /// <param name="groups">Makes groups of channels and unites them.</param>
    /// <exception cref="NotSupportedException">The leaf cannot say with these settings; the message says
    /// why.</exception>
    Channels Couple(Channels input, Shape shape, ChannelGroups groups);

    /// <inheritdoc/>
    IReadOnlyList<Channels> ICouplesChannels.Couple(IReadOnlyList<Channels> inputs, IReadOnlyList<Shape> shapes, ChannelGroups groups) =>
        [Couple(inputs[0], shapes[0], groups)];
}
