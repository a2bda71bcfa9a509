using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MlNetDl.Clustering;
using MlNetDl.Configuration;
using MlNetDl.MlNet.Internals;

namespace MlNetDl.MlNet;

/// <summary>ML.NET's k-means from several starts, of which the best is kept: that of least inertia.</summary>
/// <remarks>
/// Made by <c>ml.Clustering.Trainers.KMeansRestarts(…)</c>. Features are read once and stay in memory while it fits. Rows with a missing or
/// infinite feature are left out. The same seed and data give the same model, whatever was computed before in the context; the first runs
/// of more restarts are those of fewer.
/// </remarks>
public sealed class KMeansRestartsTrainer : IEstimator<ClusteringPredictionTransformer<KMeansModelParameters>>
{
    private readonly IHostEnvironment host;
    private readonly KMeansRestartsOptions options;
    private readonly int seed;

    internal KMeansRestartsTrainer(IHostEnvironment environment, KMeansRestartsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.FeatureColumnName);
        RecordCheck.Require(options, "options");
        (host, this.options) = (environment, options);
        seed = options.Seed ?? HostAccess.Seed(environment) ?? 1;
    }

    /// <summary>Clusters the rows of <paramref name="input"/>.</summary>
    /// <exception cref="ArgumentException">The column of features is absent or of the wrong type, or there are fewer different rows than
    /// clusters.</exception>
    public ClusteringPredictionTransformer<KMeansModelParameters> Fit(IDataView input) => Run(input).Model;

    /// <summary>Clusters the rows of <paramref name="input"/>, and tells how each run went.</summary>
    /// <exception cref="ArgumentException">The column of features is absent or of the wrong type, or there are fewer different rows than
    /// clusters.</exception>
    public KMeansResult Run(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var (rows, skipped) = ClusterRows.Features(input, options.FeatureColumnName);
        return Run(rows, skipped);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Runs.Trainer(new MLContext(seed)).GetOutputSchema(inputSchema);

    internal KMeansResult Run(IReadOnlyList<float[]> rows, long skipped)
    {
        var (best, runs) = Runs.Of(rows);
        return new(best, runs, rows.Count, skipped);
    }

    private KMeansRuns Runs => new(options.Clusters, options.Restarts, seed)
    {
        MaxIterations = options.MaxIterations,
        Start = options.Start,
        Column = options.FeatureColumnName,
        CheckAlive = () => HostAccess.CheckAlive(host),
    };
}
