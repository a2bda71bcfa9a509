using MlNetDl.Generative;
using MlNetDl.Networks;

namespace MlNetDl.Experiments;

/// <summary>How far what is made of a row's code is from the row: <c>squaredError</c>, the mean over test rows and values, on the scale of the
/// training, as its figure of that name.</summary>
public sealed record ReconstructionJudge : Judge
{
    /// <inheritdoc/>
    public override string? ProblemWith(ModelSpec network, DataSource data) => network is LatentModel ? null
        : "compares rows with what their codes make, so it needs an autoencoder.";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Figures(JudgedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new Dictionary<string, double> { ["squaredError"] = model.Latent.SquaredErrors(model.Test, model.Stop).Average() };
    }
}
