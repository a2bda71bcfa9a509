using MlNetDl.Training;

namespace MlNetDl.Generative;

/// <summary>The training of a <see cref="Vae"/>: the evidence lower bound rises, so its negative falls.</summary>
internal sealed record ElboTraining(Vae Model) : StepSpec
{
    /// <summary>The loss, the negative bound that it stands for, and both of its parts.</summary>
    public const string Loss = "loss", NegativeElbo = "negativeElbo", Reconstruction = "reconstruction", Divergence = "divergence";

    /// <inheritdoc/>
    public override TrainingStep Start(StepStart start)
    {
        Unused.Refuse(start, "a variational autoencoder");
        return new ElboStep(start, Model);
    }
}
