using MlNetDl.Layers.Contracts;

namespace MlNetDl.Training;

/// <summary>A <see cref="TrainingStep"/> whose networks make new rows, so that a <see cref="Callback"/> can show how these get better: an
/// autoencoder, a GAN, a diffusion model.</summary>
/// <remarks>A callback asks in <see cref="Callback.Starting"/>: <c>step as IMakesSamples</c>.</remarks>
public interface IMakesSamples
{
    /// <summary>The shape of the rows, [N, …].</summary>
    Shape SampleShape { get; }

    /// <summary>The value of white, above 0, where rows are images; black is 0.</summary>
    double SamplePeak { get; }

    /// <summary>Makes rows with the weights as they are now, in evaluation mode and without gradients.</summary>
    /// <remarks>It leaves the training as it would be without: the modes of networks, gradients, and torch's generator.</remarks>
    /// <param name="count">How many, 1 or more.</param>
    /// <param name="seed">What the noise follows from: the same seed gives the same noise in every epoch.</param>
    /// <returns>Values in the units of the features, row-major.</returns>
    float[] MakeSamples(int count, int seed);
}
