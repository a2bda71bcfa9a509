using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Generative;
using MlNetDl.Metrics;
using MlNetDl.Networks;
using MlNetDl.Search.Statistics;

namespace MlNetDl.Experiments;

/// <summary>Whether a model finds rows of other data less likely than those of its own: <c>outlierAuc</c>, the chance that of one of each the other is told,
/// 0.5 for none. A variational autoencoder judges by its bound (or likelihood), another one by its reconstruction error.</summary>
/// <remarks>Simple images may well be likelier than those that were learned (Nalisnick et al. 2018, arXiv:1810.09136): values below 0.5 are no
/// mistake.</remarks>
public sealed record Outliers : Judge
{
    /// <summary>The other data; its test part is taken.</summary>
    public required DataSource Data { get; init; }

    /// <summary>Rows of each part, 10 or more; 5,000 by default.</summary>
    [AtLeast(10)]
    public int Rows { get; init; } = 5000;

    /// <summary>Codes that are drawn for each row, 1 or more; 1 by default, which is the bound.</summary>
    [AtLeast(1)]
    public int Samples { get; init; } = 1;

    /// <inheritdoc/>
    public override string? ProblemWith(ModelSpec network, DataSource data) =>
        network is not LatentModel { ConditionLabel: null } ? "judges autoencoders that are told no class: other data has other classes."
        : Data is CsvData ? "compares with images or vectors of a data set or folder, but its data is a table."
        : null;

    /// <inheritdoc/>
    public override Judge WithFullPaths() => this with { Data = Data.Located() };

    /// <inheritdoc/>
    public override IEnumerable<(string Key, string? Print)> Fingerprint() => DataFingerprint.Of(Data).Select(p => ($"data.{p.Key}", (string?)p.Value));

    /// <inheritdoc/>
    public override void Check() => Data.Question(null);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Figures(JudgedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var other = Data.Read(null).RowsOf(DataPart.Test)
            ?? throw new InvalidDataException("judges.outliers reads images or vectors of a data set or folder; name one in its data.");
        if (other.Shape != model.Test.Shape)
        {
            throw new InvalidDataException($"judges.outliers compares rows {model.Test.Shape} with rows {other.Shape}; name data of the same form.");
        }

        double[] own = Scores(model, model.Test), strange = Scores(model, other);
        if (own.Concat(strange).FirstOrDefault(s => !double.IsFinite(s), 0) is not 0)
        {
            throw new InvalidDataException("judges.outliers found rows whose score is no finite number; look at the ranges of both data sets' values.");
        }

        return new Dictionary<string, double> { ["outlierAuc"] = Area(own, strange) };
    }

    /// <summary>The chance that a number of the second list is greater than one of the first; ties count half.</summary>
    internal static double Area(IReadOnlyList<double> low, IReadOnlyList<double> high) => (EffectSize.CliffsDelta(high, low).Value + 1) / 2;

    private double[] Scores(JudgedModel model, Examples rows)
    {
        var some = JudgedModel.Some(rows, Rows);
        return model.Latent is VaeModel vae
            ? vae.NegativeLogLikelihoods(some, Samples, model.Seed, model.Stop)
            : [.. model.Latent.SquaredErrors(some, model.Stop)];
    }
}
