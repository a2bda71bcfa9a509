namespace MlNetDl.Tasks;

/// <summary>The columns of a graph that gives squared distances to centres, as ML.NET's clustering trainers name and annotate
/// them.</summary>
internal static class ClusterColumns
{
    /// <summary>The nearest centre, and all distances.</summary>
    public static IReadOnlyList<OutputColumn> All { get; } =
        [new NearestColumn("PredictedLabel"), new VectorColumn("Score", "Clustering")];
}
