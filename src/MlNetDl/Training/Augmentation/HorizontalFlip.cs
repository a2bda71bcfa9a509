using static TorchSharp.torch;
using MlNetDl.Configuration;

namespace MlNetDl.Training.Augmentation;

/// <summary>Mirrors each image left to right with a probability. Not for digits or letters: a mirrored 2
/// is no 2.</summary>
public sealed record HorizontalFlip : Augmentation
{
    /// <summary>Probability of a flip, 0 to 1.</summary>
    [AtLeast(0), AtMost(1)]
    public double Probability { get; init; } = 0.5;

    /// <inheritdoc/>
    public override Tensor Apply(Tensor images, Random random)
    {
        var flip = new bool[images.shape[0]];
        for (int i = 0; i < flip.Length; i++)
        {
            flip[i] = random.NextDouble() < Probability;
        }

        return where(tensor(flip, device: images.device).reshape(-1, 1, 1, 1), images.flip(3), images);
    }
}
