using MlNetDl.Data;
using MlNetDl.Generative;
using MlNetDl.Networks;

namespace MlNetDl.Experiments;

/// <summary>Whether each number of a code stands for one factor of the sprites: the scores of <see cref="DisentanglementScorer"/>. Only for models of the
/// data set <c>sprites</c>, whose factors are known.</summary>
public sealed record DisentanglementJudge : Judge
{
    /// <inheritdoc/>
    public override string? ProblemWith(ModelSpec network) => network is LatentModel { ConditionLabel: null } ? null
        : "judges codes of images; it needs an autoencoder that is told no class.";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Figures(JudgedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Test.Shape is not { Rank: 4 } shape || shape.Size(1) != 1 || shape.Size(2) != Sprites.Side || shape.Size(3) != Sprites.Side)
        {
            throw new InvalidDataException($"judges.disentanglement draws sprites of {Sprites.Side}x{Sprites.Side} pixels, but rows are {model.Test.Shape}; "
                + "name data: { dataset: sprites }.");
        }

        return Of(model.Latent, model.Seed, model.Stop);
    }

    /// <summary>The scores by name.</summary>
    internal static Dictionary<string, double> Of(VaeModel model, int seed, CancellationToken stop)
    {
        var scores = new DisentanglementScorer(
            FactorImages.Sprites,
            (images, _) =>
            {
                stop.ThrowIfCancellationRequested();
                return model.Encode(images).Means;
            },
            new() { Seed = seed }).All();
        return new()
        {
            ["betaVaeScore"] = scores.BetaVae,
            ["factorVaeScore"] = scores.FactorVae,
            ["mutualInformationGap"] = scores.MutualInformationGap,
            ["separatedAttributes"] = scores.SeparatedAttributes,
            ["dciDisentanglement"] = scores.Dci.Disentanglement,
            ["dciCompleteness"] = scores.Dci.Completeness,
        };
    }
}
