using static TorchSharp.torch;
using MlNetDl.Configuration;

namespace MlNetDl.Training.Augmentation;

/// <summary>Shifts each image a little: pads it with zeros on all sides and cuts out a window of the old size at a
/// random place (Krizhevsky 2012; 4 pixels for CIFAR).</summary>
public sealed record RandomCrop : Augmentation
{
    /// <summary>Pixels of padding on each side, 1 or more; the largest shift.</summary>
    [AtLeast(1)]
    public int Padding { get; init; } = 4;

    /// <inheritdoc/>
    public override Tensor Apply(Tensor images, Random random)
    {
        long height = images.shape[2], width = images.shape[3];
        var padded = nn.functional.pad(images, [Padding, Padding, Padding, Padding]);
        return cat([.. Enumerable.Range(0, (int)images.shape[0]).Select(i => padded.narrow(0, i, 1)
            .narrow(2, random.Next((2 * Padding) + 1), height).narrow(3, random.Next((2 * Padding) + 1), width))]);
    }
}
