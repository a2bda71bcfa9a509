using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Tasks;
using MlNetDl.Training;

namespace MlNetDl.Clustering;

/// <summary>K-means: centres so that rows lie close to the nearest one, found without labels by ML.NET's k-means from several starts, of
/// which the best is kept (Lloyd 1982; started by k-means++, Arthur and Vassilvitskii 2007).</summary>
/// <remarks>
/// The saved model adds the columns that ML.NET's own k-means adds: <c>PredictedLabel</c>, the nearest centre as a key, and <c>Score</c>,
/// the squared distances to all centres. Rows stay in memory while it fits. Images are the vectors of their pixels.
/// </remarks>
public sealed record KMeans : ModelSpec
{
    /// <summary>The column of the squared distances, [N, Clusters], and that of the nearest centre.</summary>
    public const string ScoreColumn = "Score", ClusterColumn = "PredictedLabel";

    internal const string NetworkName = "kMeans", DistancesName = "distances", Clustered = "clustered";

    /// <summary>The number of clusters, 1 or more, at most the different rows; 5 by default, as in ML.NET.</summary>
    [AtLeast(1)]
    public int Clusters { get; init; } = 5;

    /// <summary>How often it begins anew from other centres, 1 or more; the run of least inertia is kept. 10 by default: one run often
    /// ends in a poor minimum.</summary>
    [AtLeast(1)]
    public int Restarts { get; init; } = 10;

    /// <summary>Whether each feature is divided by its standard deviation first, so that units do not count; of images each channel. No
    /// by default.</summary>
    public bool Standardize { get; init; }

    /// <inheritdoc/>
    public override StepSpec Step => new KMeansPass(this);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => [ScoreColumn];

    /// <summary>As <see cref="Standardize"/> says: clusters depend on the units of the features.</summary>
    public override bool StandardizesFeatures => Standardize;

    /// <summary>The columns of a clustering.</summary>
    internal override IReadOnlyList<OutputColumn> OutputColumns => ClusterColumns.All;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Network> Networks(ModelContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Input.Type != ElementType.Float32 || context.Input.Dims.Skip(1).Any(d => d.Size is null))
        {
            throw new ShapeException($"kMeans expects float32 features of a known number but got {context.Input}; give a vector or an image.");
        }

        var root = new Sequential(
        [
            .. context.Preprocessing,
            new Flatten(),
            new Tap(Clustered) { Role = TapRole.Output },
            new SquaredDistances(Clusters) { Name = DistancesName },
        ]);
        return new Dictionary<string, Network> { [NetworkName] = new(root, context.Input) };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ModelGraph> Graphs(ModelContext context, IReadOnlyDictionary<string, Network> networks)
    {
        ArgumentNullException.ThrowIfNull(networks);
        var whole = networks[NetworkName];
        return
        [
            new(NetworkName, whole with { Root = new Sequential(((Sequential)whole.Root).Children.Where(l => l is not Tap).ToValueList()) })
            {
                Role = GraphRole.Cluster,
                OutputColumns = new Dictionary<string, string> { [Network.DefaultOutput] = ScoreColumn },
            },
        ];
    }
}
