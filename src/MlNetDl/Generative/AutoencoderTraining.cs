using MlNetDl.Training;

namespace MlNetDl.Generative;

/// <summary>The training of an <see cref="Autoencoder"/>: the error of reconstructions falls.</summary>
internal sealed record AutoencoderTraining(Autoencoder Model) : StepSpec
{
    /// <inheritdoc/>
    public override TrainingStep Start(StepStart start)
    {
        Unused.Refuse(start, "an autoencoder");
        return new AutoencoderStep(start, Model);
    }
}
