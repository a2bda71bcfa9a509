using MlNetDl.Clustering;
using MlNetDl.Generative;
using MlNetDl.Networks;

namespace MlNetDl.Experiments;

/// <summary>Whether each number of a code stands for one factor of the sprites: the scores of <see cref="DisentanglementScorer"/>. Only for models of the
/// data set <c>sprites</c>, whose factors are known.</summary>
public sealed record DisentanglementJudge : Judge
{
    /// <summary>Settings of the scores; those of the published study by default.</summary>
    public DisentanglementOptions Options { get; init; } = new();

    /// <inheritdoc/>
    public override string? ProblemWith(ModelSpec network, DataSource data) =>
        network is NetworkSpec or KMeans or LatentModel { ConditionLabel: not null } || data is not NamedDataset { Dataset: "sprites", Size: null }
            ? "judges codes of sprites, whose factors are known; take data: { dataset: sprites } and a model that encodes, such as network: { type: vae }."
            : null;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Figures(JudgedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return ModelDisentanglement.Of(model.Network, Options, model.Stop).Figures;
    }
}
