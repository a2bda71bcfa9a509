using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using MlNetDl.Data;

namespace MlNetDl.Clustering;

/// <summary>ML.NET's k-means from several starts, of which the best is kept.</summary>
/// <param name="Clusters">The number of clusters.</param>
/// <param name="Restarts">The number of runs.</param>
/// <param name="Seed">The seed of the first run, from which those of the others follow.</param>
internal sealed record KMeansRuns(int Clusters, int Restarts, int Seed)
{
    /// <summary>The most iterations of a run; before so many, runs end by themselves.</summary>
    public const int Unlimited = 1000;

    private const int RowsPerLook = 1024;

    /// <summary>The most iterations of a run.</summary>
    public int MaxIterations { get; init; } = Unlimited;

    /// <summary>How the first centres are chosen.</summary>
    public KMeansTrainer.InitializationAlgorithm Start { get; init; } = KMeansTrainer.InitializationAlgorithm.KMeansPlusPlus;

    /// <summary>The column that the fitted model reads.</summary>
    public string Column { get; init; } = "Features";

    /// <summary>Called before each run and while it reads rows, which ML.NET's trainer does in each of its iterations: throws where the work was
    /// cancelled. Any thread may call it.</summary>
    public Action CheckAlive { get; init; } = () => { };

    /// <summary>Clusters rows; also tells how each run went.</summary>
    /// <exception cref="ArgumentException">There are fewer different rows than clusters.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public (ClusteringPredictionTransformer<KMeansModelParameters> Best, IReadOnlyList<KMeansRun> Runs) Of(IReadOnlyList<float[]> rows)
    {
        Refuse(rows);
        ClusteringPredictionTransformer<KMeansModelParameters>? best = null;
        double least = double.PositiveInfinity;
        var runs = new List<KMeansRun>();
        for (int i = 0; i < Restarts; i++)
        {
            CheckAlive();
            // A context of its own: what others drew from the caller's does not count.
            // Far apart: runs of neighbouring seeds would share most of their starts.
            int own = i == 0 ? Seed : unchecked((int)SeededOrder.StepSeed(Seed, i));
            var ml = new MLContext(own);
            var fitted = Fit(ml, rows);
            double inertia = Distances.Inertia(rows, CentersOf(fitted));
            runs.Add(new(own, inertia));
            if (best is null || inertia < least)
            {
                (best, least) = (fitted, inertia);
            }
        }

        return (best!, runs);
    }

    /// <summary>The centres of a fitted model.</summary>
    public static IReadOnlyList<float[]> CentersOf(ClusteringPredictionTransformer<KMeansModelParameters> model)
    {
        VBuffer<float>[]? centers = null;
        model.Model.GetClusterCentroids(ref centers, out _);
        return [.. centers.Select(c => c.DenseValues().ToArray())];
    }

    // One thread: sums of several would depend on chance.
    public KMeansTrainer Trainer(MLContext ml) => ml.Clustering.Trainers.KMeans(new KMeansTrainer.Options
    {
        FeatureColumnName = Column,
        NumberOfClusters = Clusters,
        MaximumNumberOfIterations = MaxIterations,
        InitializationAlgorithm = Start,
        NumberOfThreads = 1,
    });

    private ClusteringPredictionTransformer<KMeansModelParameters> Fit(MLContext ml, IReadOnlyList<float[]> rows)
    {
        try
        {
            return Trainer(ml).Fit(View(ml, rows));
        }
        catch (Exception)
        {
            // ML.NET may have wrapped what the rows threw.
            CheckAlive();
            throw;
        }
    }

    private IEnumerable<FeatureRow> Read(IReadOnlyList<float[]> rows)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            if (i % RowsPerLook == 0)
            {
                CheckAlive();
            }

            yield return new() { Features = rows[i] };
        }
    }

    private IDataView View(MLContext ml, IReadOnlyList<float[]> rows)
    {
        var schema = SchemaDefinition.Create(typeof(FeatureRow));
        var column = schema[nameof(FeatureRow.Features)];
        column.ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Length);
        column.ColumnName = Column;
        return ml.Data.LoadFromEnumerable(Read(rows), schema);
    }

    private void Refuse(IReadOnlyList<float[]> rows)
    {
        var different = new HashSet<UInt128>();
        foreach (var row in rows)
        {
            different.Add(XxHash128.HashToUInt128(MemoryMarshal.AsBytes<float>(row)));
            if (different.Count >= Clusters)
            {
                return;
            }
        }

        throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"k-means is to find {Clusters} clusters, but the {rows.Count} usable "
            + $"rows have only {different.Count} different values of '{Column}'; ask for at most as many clusters."));
    }

    private sealed class FeatureRow
    {
        public float[] Features { get; set; } = [];
    }
}
