using MlNetDl.Configuration;
using MlNetDl.Data;
using static TorchSharp.torch;

namespace MlNetDl.Training.Augmentation;

/// <summary>A random change of training inputs that keeps their labels, or moves them along (boxes
/// with their image).</summary>
public abstract record Augmentation : ICheckedRecord
{
    /// <summary>Changes a batch. By default only the first input changes; an augmentation that moves targets too
    /// overrides this.</summary>
    /// <param name="batch">The first input float32 [N, C, H, W], pixels 0–255, with its targets.</param>
    /// <param name="random">Follows from seed, epoch and batch, so that training can be repeated and resumed.</param>
    public virtual Batch Apply(Batch batch, Random random) =>
        batch with { Inputs = [Apply(batch.Inputs[0], random), .. batch.Inputs.Skip(1)] };

    /// <summary>Changes images.</summary>
    /// <param name="images">float32 [N, C, H, W], pixels 0–255.</param>
    /// <param name="random">Follows from seed, epoch and batch, so that training can be repeated and resumed.</param>
    public abstract Tensor Apply(Tensor images, Random random);

    /// <summary>The problems that declared ranges cannot express, such as rules between members; none by
    /// default.</summary>
    public virtual IEnumerable<RecordProblem> Problems() => [];
}
