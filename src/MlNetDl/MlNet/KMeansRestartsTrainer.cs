using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
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
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Trainer(new MLContext(seed)).GetOutputSchema(inputSchema);

    internal KMeansResult Run(IReadOnlyList<float[]> rows, long skipped)
    {
        Refuse(rows);
        ClusteringPredictionTransformer<KMeansModelParameters>? best = null;
        double least = double.PositiveInfinity;
        var runs = new List<KMeansRun>();
        for (int i = 0; i < options.Restarts; i++)
        {
            HostAccess.CheckAlive(host);
            // A context of its own: what others drew from the caller's does not count.
            int own = unchecked(seed + i);
            var ml = new MLContext(own);
            var fitted = Trainer(ml).Fit(View(ml, rows));
            double inertia = Distances.Inertia(rows, KMeansResult.CentersOf(fitted));
            runs.Add(new(own, inertia));
            if (best is null || inertia < least)
            {
                (best, least) = (fitted, inertia);
            }
        }

        return new(best!, runs, rows.Count, skipped);
    }

    // One thread: sums of several would depend on chance.
    private KMeansTrainer Trainer(MLContext ml) => ml.Clustering.Trainers.KMeans(new KMeansTrainer.Options
    {
        FeatureColumnName = options.FeatureColumnName,
        NumberOfClusters = options.Clusters,
        MaximumNumberOfIterations = options.MaxIterations,
        InitializationAlgorithm = options.Start,
        NumberOfThreads = 1,
    });

    private IDataView View(MLContext ml, IReadOnlyList<float[]> rows)
    {
        var schema = SchemaDefinition.Create(typeof(FeatureRow));
        var column = schema[nameof(FeatureRow.Features)];
        column.ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Length);
        column.ColumnName = options.FeatureColumnName;
        return ml.Data.LoadFromEnumerable(rows.Select(r => new FeatureRow { Features = r }), schema);
    }

    private void Refuse(IReadOnlyList<float[]> rows)
    {
        var different = new HashSet<UInt128>();
        foreach (var row in rows)
        {
            different.Add(XxHash128.HashToUInt128(MemoryMarshal.AsBytes<float>(row)));
            if (different.Count >= options.Clusters)
            {
                return;
            }
        }

        throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"k-means is to find {options.Clusters} clusters, but the {rows.Count} usable "
            + $"rows have only {different.Count} different values of '{options.FeatureColumnName}'; ask for at most as many clusters."));
    }

    private sealed class FeatureRow
    {
        public float[] Features { get; set; } = [];
    }
}
