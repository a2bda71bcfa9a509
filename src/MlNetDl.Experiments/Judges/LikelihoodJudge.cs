using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Generative;
using MlNetDl.Networks;

namespace MlNetDl.Experiments;

/// <summary>How likely test rows are to a variational autoencoder, by importance sampling:
/// <c>negativeLogLikelihood</c>, <c>negativeElbo</c> and <c>activeUnits</c>.</summary>
public sealed record LikelihoodJudge : Judge
{
    /// <summary>Codes that are drawn for each row, from 1 to 100,000; 200 by default. The figure falls as they grow: say how many there were.</summary>
    [AtLeast(1), AtMost(100_000)]
    public int Samples { get; init; } = 200;

    /// <summary>So many rows of the test part; <see langword="null"/>, the default, for all.</summary>
    [AtLeast(1)]
    public int? Rows { get; init; }

    /// <inheritdoc/>
    public override string? ProblemWith(ModelSpec network, DataSource data) =>
        network is Vae ? null : "tells likelihoods, which only a variational autoencoder has.";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Figures(JudgedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var rows = Rows is { } most ? JudgedModel.Some(model.Test, most) : model.Test;
        var found = model.Variational.Likelihood(rows, Samples, model.Seed, model.Stop);
        return new Dictionary<string, double>
        {
            ["negativeLogLikelihood"] = found.NegativeLogLikelihood,
            ["negativeElbo"] = found.NegativeElbo,
            ["activeUnits"] = found.ActiveUnits,
        };
    }
}
