using MlNetDl.Training;

namespace MlNetDl.Clustering;

/// <summary>The training of a <see cref="KMeans"/>: one pass that reads the rows, and no optimiser.</summary>
/// <param name="Model">What is found.</param>
internal sealed record KMeansPass(KMeans Model) : StepSpec
{
    /// <inheritdoc/>
    public override int? Epochs => 1;

    /// <inheritdoc/>
    public override TrainingStep Start(StepStart start)
    {
        OnePass.Refuse(start, KMeans.NetworkName, "centres");
        return new KMeansStep(start.Network, Model, start.Options.SeedOrDefault);
    }
}
