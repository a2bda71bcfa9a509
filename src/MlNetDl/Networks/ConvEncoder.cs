using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Networks;

/// <summary>Convolutions of stride 2, each halving the image: 4×4 kernels with an activation, and no pooling (as in DCGAN's discriminator and most
/// convolutional autoencoders, without batch normalisation).</summary>
public sealed record ConvEncoder : NetworkSpec
{
    /// <summary>Output channels of each convolution; 32 and 64 by default, which make 7×7 of 28×28.</summary>
    [AtLeast(1)]
    public ValueList<int> Channels { get; init; } = [32, 64];

    /// <summary>The activation behind each layer.</summary>
    public Activation Activation { get; init; }

    /// <summary>Width of a fully connected layer behind the convolutions; <see langword="null"/>, the default, for none.</summary>
    [AtLeast(1)]
    public int? Hidden { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> Problems() =>
        Channels.Count == 0 ? [new("channels", "is empty, but there must be one convolution or more; name its channels, as in [32, 64].")] : [];

    /// <inheritdoc/>
    public override Shape UsualInput => Shape.Image(1, 28, 28);

    /// <inheritdoc/>
    public override Layer Backbone(Shape input) => new Sequential(
    [
        .. Channels.SelectMany((c, i) => (Layer[])[new Conv2d(c, 4, Stride: 2, Padding: 1) { Name = $"conv{i + 1}" }, Activation.Layer()]),
        new Flatten(),
        .. Hidden is { } width ? [new Linear(width) { Name = "hidden" }, Activation.Layer()] : (Layer[])[],
    ]);
}
