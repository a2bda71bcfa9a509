using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Clustering;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Networks;

namespace MlNetDl.Experiments;

/// <summary>What codes say of the class of a row: <c>probeAccuracy</c>, the accuracy on test rows of a logistic regression that learns from the codes of
/// training rows (Alain and Bengio 2016, linear probes). A code of a model that is told the class should say nothing of it: then it is near
/// chance. Rows of a class that no training row has count as wrong.</summary>
public sealed record LinearProbe : Judge
{
    /// <summary>Training rows that it learns from, 10 or more; 10,000 by default.</summary>
    [AtLeast(10)]
    public int Rows { get; init; } = 10_000;

    /// <inheritdoc/>
    public override string? ProblemWith(ModelSpec network, DataSource data) =>
        network is NetworkSpec or KMeans ? "judges codes, which the network does not make."
        : data is CsvData { Label: null } ? "compares with classes, but the data names no label; set data.label, or leave it out."
        : null;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Figures(JudgedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var train = JudgedModel.Some(model.Train, Rows);
        var ml = new MLContext(model.Seed);
        IDataView View(Examples rows) => Coded(ml, model.Codes(rows), JudgedModel.ClassesOf(rows, "linearProbe"));
        var fitted = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.NormalizeMeanVariance("Features"))
            .Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new()
            {
                L1Regularization = 0,
                L2Regularization = 1,
                NumberOfThreads = 1,
            }))
            .Fit(View(train));
        var scored = fitted.Append(ml.Transforms.Conversion.MapKeyToValue("Predicted", "PredictedLabel").Fit(fitted.Transform(View(train))))
            .Transform(View(model.Test));
        // Rows of a class that no training row has are wrong whatever is predicted; ML.NET's own figure would leave them out.
        var truth = JudgedModel.ClassesOf(model.Test, "linearProbe");
        return new Dictionary<string, double>
        {
            ["probeAccuracy"] = scored.GetColumn<int>("Predicted").Zip(truth, (a, b) => a == b ? 1.0 : 0).Average(),
        };
    }

    private static IDataView Coded(MLContext ml, IReadOnlyList<float[]> codes, IReadOnlyList<int> classes)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, codes[0].Length);
        return ml.Data.LoadFromEnumerable(codes.Zip(classes, (c, l) => new Row { Features = c, Label = l }), schema);
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public int Label { get; set; }
    }
}
