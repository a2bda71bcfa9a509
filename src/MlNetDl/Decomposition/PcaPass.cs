using MlNetDl.Training;

namespace MlNetDl.Decomposition;

/// <summary>The training of a <see cref="Pca"/>: one pass over the data, and no optimiser.</summary>
/// <param name="Model">What is found.</param>
internal sealed record PcaPass(Pca Model) : StepSpec
{
    /// <inheritdoc/>
    public override int? Epochs => 1;

    /// <inheritdoc/>
    public override TrainingStep Start(StepStart start)
    {
        OnePass.Refuse(start, Pca.NetworkName, "components");
        return new PcaStep(start.Network, Model, start.Options.SetEpochs);
    }
}
