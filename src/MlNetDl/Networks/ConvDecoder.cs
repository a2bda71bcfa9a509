using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Networks;

/// <summary>Transposed convolutions of stride 2 that make an image of a code, each doubling it: 4×4 kernels, which cover all places alike (as in
/// DCGAN's generator, without batch normalisation). The mirror of <see cref="ConvEncoder"/>.</summary>
/// <remarks>As the decoder of a model it makes images of the model's size. By itself it begins with maps of 7×7, and a linear layer follows.</remarks>
public sealed record ConvDecoder : NetworkSpec
{
    private const int Side = 7;

    /// <summary>Input channels of each transposed convolution; 64 and 32 by default, which make 28×28 of 7×7. The last one makes the image's
    /// channels.</summary>
    [AtLeast(1)]
    public ValueList<int> Channels { get; init; } = [64, 32];

    /// <summary>The activation before each layer but the first.</summary>
    public Activation Activation { get; init; }

    /// <summary>Width of a fully connected layer before all others; <see langword="null"/>, the default, for none.</summary>
    [AtLeast(1)]
    public int? Hidden { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> Problems() =>
        Channels.Count == 0 ? [new("channels", "is empty, but there must be one convolution or more; name its channels, as in [32, 64].")] : [];

    /// <inheritdoc/>
    public override Shape UsualInput => Shape.Vector(20);

    /// <inheritdoc/>
    public override Layer Backbone(Shape input) => Layers(Side, Side, Channels[^1]);

    /// <summary>The layers that make the values of an image, [N, C·H·W], of a code.</summary>
    /// <param name="code">Shape of the code, [N, D].</param>
    /// <param name="row">Shape of the images, [N, C, H, W].</param>
    /// <exception cref="ShapeException">Rows are no images, or their sides cannot be halved so often.</exception>
    internal Layer For(Shape code, Shape row)
    {
        int times = 1 << Channels.Count;
        if (row.Rank != 4 || row.Size(2) % times != 0 || row.Size(3) % times != 0)
        {
            throw new ShapeException($"convDecoder doubles an image {Channels.Count} times, so it makes images [N, C, H, W] whose sides are multiples of "
                + $"{times}, but rows are {row}; take fewer channels, or scale the images (data.size, or data.image of a folder).");
        }

        return Layers(row.Size(2) / times, row.Size(3) / times, row.Size(1));
    }

    private Sequential Layers(int height, int width, int made) => new(
    [
        .. Hidden is { } hidden ? [new Linear(hidden) { Name = "hidden" }, Activation.Layer()] : (Layer[])[],
        new Linear(Channels[0] * height * width) { Name = "start" },
        Activation.Layer(),
        new Unflatten(Channels[0], height, width),
        .. Channels.Skip(1).Append(made).SelectMany((c, i) => (Layer[])[
            new ConvTranspose2d(c, 4, Stride: 2, Padding: 1) { Name = $"up{i + 1}" },
            .. i + 1 < Channels.Count ? [Activation.Layer()] : (Layer[])[],
        ]),
        new Flatten(),
    ]);
}
