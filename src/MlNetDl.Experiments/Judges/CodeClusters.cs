using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Clustering;
using MlNetDl.Configuration;
using MlNetDl.MlNet;
using MlNetDl.Networks;

namespace MlNetDl.Experiments;

/// <summary>How well clusters of codes agree with classes: <c>clusterAccuracy</c> (each cluster matched with one class), <c>clusterPurity</c> and
/// <c>clusterSilhouette</c> of k-means on the codes of test rows.</summary>
public sealed record CodeClusters : Judge
{
    /// <summary>Clusters, 2 or more; <see langword="null"/>, the default, for as many as there are classes.</summary>
    [AtLeast(2)]
    public int? Clusters { get; init; }

    /// <summary>Starts of k-means, of which the best is kept, 1 or more; 10 by default.</summary>
    [AtLeast(1)]
    public int Restarts { get; init; } = 10;

    /// <summary>Whether the rows themselves are clustered and not their codes: the control. No by default.</summary>
    public bool OfRows { get; init; }

    /// <inheritdoc/>
    public override string? ProblemWith(ModelSpec network, DataSource data) =>
        network is NetworkSpec or KMeans ? "clusters codes, which the network does not make."
        : data is CsvData { Label: null } ? "compares with classes, but the data names no label; set data.label, or leave it out."
        : null;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Figures(JudgedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var classes = JudgedModel.ClassesOf(model.Test, "clusters");
        var codes = OfRows ? Rows(model) : model.Codes(model.Test);
        var ml = new MLContext(model.Seed);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, codes[0].Length);
        var data = ml.Data.LoadFromEnumerable(codes.Select(c => new Row { Features = c }), schema);
        var clusters = ml.Clustering.Trainers.KMeansRestarts(Clusters ?? classes.Distinct().Count(), Restarts, "Features").Fit(data)
            .Transform(data).GetColumn<uint>("PredictedLabel").Select(c => (int)c).ToList();
        var report = ClusterReport.Of(codes, clusters, classes);
        var figures = new Dictionary<string, double>
        {
            ["clusterAccuracy"] = report.Match!.Accuracy,
            ["clusterPurity"] = report.Match.Purity,
        };
        if (report.Silhouette is { } silhouette)
        {
            figures["clusterSilhouette"] = silhouette;
        }

        return figures;
    }

    private static List<float[]> Rows(JudgedModel model)
    {
        int width = (int)model.Test.Shape.ElementsPerExample();
        var values = new float[model.Test.Count * width];
        model.Test.CopyTo(0, model.Test.Count, values);
        return [.. values.Chunk(width)];
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];
    }
}
