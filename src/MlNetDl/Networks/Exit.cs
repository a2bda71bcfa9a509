using MlNetDl.Configuration;

namespace MlNetDl.Networks;

/// <summary>An exit of an <see cref="EarlyExit"/>: where it stands, and what it computes.</summary>
/// <remarks>Behind images its head is a mean over each channel and a linear layer, behind vectors a linear layer. It costs next to
/// nothing, but early features need more: <see cref="Channels"/> and <see cref="Hidden"/> give it a convolution and a hidden
/// layer.</remarks>
public sealed record Exit
{
    /// <summary>The layer behind which it stands, by its path such as <c>stage1</c> or <c>stage2/0</c>; or an auxiliary head that the
    /// network has, by its name such as <c>aux1</c> of GoogLeNet, which then becomes the exit.</summary>
    public required string After { get; init; }

    /// <summary>Output channels of a 3×3 convolution of stride 2 with batch normalisation before the head, 1 or more; 0, the default,
    /// for none. Only behind images.</summary>
    [AtLeast(0)]
    public int Channels { get; init; }

    /// <summary>Units of a hidden layer with ReLU, 1 or more; 0, the default, for none.</summary>
    [AtLeast(0)]
    public int Hidden { get; init; }

    /// <summary>The weight of its loss beside that of the last output, which is 1; 0 or more. 1 by default, so that all exits count
    /// alike. An auxiliary head of the network has its own.</summary>
    [AtLeast(0)]
    public double LossWeight { get; init; } = 1;

    /// <summary>Below it (entropy) or above it (confidence) a row leaves; 0 to 1. <see langword="null"/>, the default, lets none leave
    /// until a stage chooses one on validation rows.</summary>
    [AtLeast(0), AtMost(1)]
    public double? Threshold { get; init; }
}
