using MlNetDl.Data;
using MlNetDl.Metrics;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;

namespace MlNetDl.Clustering;

/// <summary>Reads all rows, lets ML.NET find the centres, and fills the network with them.</summary>
/// <remarks>One step draws the whole epoch, so no checkpoint can lie between rows.</remarks>
internal sealed class KMeansStep : TrainingStep
{
    private const string Loss = "loss", Inertia = "inertia", Silhouette = "silhouette";
    private readonly TorchNetwork network;
    private readonly KMeans model;
    private readonly int seed;
    private readonly Tensor centers;
    private readonly Tensor sizes;
    private readonly Tensor runs;
    private double[] sums = new double[3];

    /// <summary>Owns the network from then on.</summary>
    /// <param name="network">Its network.</param>
    /// <param name="model">What is found.</param>
    /// <param name="seed">The seed of the first run.</param>
    public KMeansStep(TorchNetwork network, KMeans model, int seed)
    {
        (this.network, this.model, this.seed) = (network, model, seed);
        centers = network.Tensors.Single(t => t.Name == $"{KMeans.DistancesName}.centers").Tensor;
        sizes = zeros(model.Clusters, ScalarType.Int64, CPU).DetachFromDisposeScope();
        runs = zeros([model.Restarts, 2], ScalarType.Float64, CPU).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, TorchNetwork> Networks => new Dictionary<string, TorchNetwork> { [KMeans.NetworkName] = network };

    /// <inheritdoc/>
    public override IReadOnlyList<OptimizerRun> Optimizers => [];

    /// <inheritdoc/>
    public override IEnumerable<(string Name, Tensor Tensor)> State => [("sizes", sizes), ("runs", runs)];

    /// <inheritdoc/>
    public override IReadOnlyList<Figure> Figures => [new(Loss, Goal.Minimize), new(Inertia, Goal.Minimize), .. OfSeveral];

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> RunningMetrics =>
        sums[1] == 0 ? new Dictionary<string, double>() : Named(sums[0], (long)sums[1], sums[2]);

    /// <inheritdoc/>
    public override double[] RunningSums
    {
        get => [.. sums];
        set => sums = [.. value];
    }

    /// <inheritdoc/>
    public override StepResult Run(IBatchSource batches, StepPosition at)
    {
        ArgumentNullException.ThrowIfNull(batches);
        using var none = no_grad();
        var rows = Rows(AllOf(batches));
        var (best, all) = new KMeansRuns(model.Clusters, model.Restarts, seed) { CheckAlive = Stop.ThrowIfCancellationRequested }.Of(rows);
        var found = KMeansRuns.CentersOf(best);
        centers.copy_(tensor(found.SelectMany(c => c).ToArray()).reshape(centers.shape));
        runs.copy_(tensor(all.SelectMany(r => new[] { r.Seed, r.Inertia }).ToArray()).reshape(runs.shape));
        var nearest = Distances.Nearest(rows, found);
        sizes.copy_(tensor(Enumerable.Range(0, model.Clusters).Select(c => (long)nearest.Count(n => n == c)).ToArray()));
        sums = [all.Min(r => r.Inertia), rows.Count, SilhouetteOf(rows, nearest)];
        return new(sums[0] / rows.Count, rows.Count);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Evaluate(IEnumerable<Batch> batches)
    {
        using var none = no_grad();
        var rows = Rows(batches);
        var found = centers.cpu().data<float>().ToArray().Chunk((int)centers.shape[1]).ToArray();
        return Named(Distances.Inertia(rows, found), rows.Count, SilhouetteOf(rows, Distances.Nearest(rows, found)));
    }

    /// <inheritdoc/>
    public override TrainedModel Finished(TrainedModel model) => model with
    {
        Assets = new Dictionary<string, byte[]>(model.Assets)
        {
            [KMeansReport.Asset] = new KMeansReport
            {
                Sizes = [.. sizes.data<long>().ToArray()],
                Runs = [.. runs.data<double>().ToArray().Chunk(2).Select(r => new KMeansRun((int)r[0], r[1]))],
                Silhouette = this.model.Clusters < 2 ? null : sums[2],
            }.ToJson(),
        },
    };

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        sizes.Dispose();
        runs.Dispose();
        base.Dispose(disposing);
    }

    private static IEnumerable<Batch> AllOf(IBatchSource batches)
    {
        while (batches.Next() is { } batch)
        {
            yield return batch;
        }
    }

    // As the centres see them: standardised where that was asked for.
    private List<float[]> Rows(IEnumerable<Batch> batches)
    {
        var rows = new List<float[]>();
        using var each = batches.GetEnumerator();
        while (true)
        {
            using var scope = NewDisposeScope();
            if (!each.MoveNext())
            {
                return rows;
            }

            Stop.ThrowIfCancellationRequested();

            if (each.Current.Weights is not null)
            {
                throw new ArgumentException("ML.NET's k-means counts all rows alike, but the examples have weights; leave their column out.");
            }

            var values = network.Forward(each.Current.Inputs[0])[KMeans.Clustered].cpu().contiguous();
            rows.AddRange(values.data<float>().ToArray().Chunk((int)values.shape[1]));
        }
    }

    // One cluster has no silhouette; several of which only one has rows have that of no structure.
    private Figure[] OfSeveral => model.Clusters > 1 ? [new(Silhouette, Goal.Maximize)] : [];

    private static double SilhouetteOf(IReadOnlyList<float[]> rows, IReadOnlyList<int> clusters) =>
        ClusterReport.SampledSilhouette(rows, clusters).Silhouette ?? 0;

    private Dictionary<string, double> Named(double inertia, long rows, double silhouette)
    {
        var figures = new Dictionary<string, double> { [Loss] = inertia / rows, [Inertia] = inertia };
        foreach (var figure in OfSeveral)
        {
            figures[figure.Name] = silhouette;
        }

        return figures;
    }
}
