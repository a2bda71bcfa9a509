using static TorchSharp.torch;

namespace MlNetDl.Training.Augmentation;

/// <summary>A random change of training inputs that keeps their labels.</summary>
public abstract record Augmentation
{
    /// <summary>A changed batch.</summary>
    /// <param name="images">float32 [N, C, H, W], pixels 0–255.</param>
    /// <param name="random">Follows from seed, epoch and batch, so that training can be repeated and resumed.</param>
    public abstract Tensor Apply(Tensor images, Random random);

    /// <summary>Refuses settings out of range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is; the message names it, its range and its value.</exception>
    public virtual void Validate()
    {
    }
}
