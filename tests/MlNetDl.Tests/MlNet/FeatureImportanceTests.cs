using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Tests.MlNet;

/// <summary>ML.NET's PermutationFeatureImportance: shuffling what the label follows from hurts, shuffling
/// noise does not.</summary>
[Collection("torch")]
public sealed class FeatureImportanceTests
{
    private readonly MLContext ml = new(seed: 1);

    [Fact]
    public void Multiclass_tells_information_from_noise()
    {
        var data = Data();
        var model = ml.MulticlassClassification.Trainers.NeuralNetwork(Options("Class")).Fit(data);
        var importance = ml.MulticlassClassification
            .PermutationFeatureImportance(model, data, "Class", permutationCount: 1)
            .Select(m => m.MicroAccuracy.Mean).ToList();
        AssertSecond(importance);

        // The last transformer of a pipeline, as ML.NET's own samples take it.
        var chain = ml.Transforms.NormalizeMinMax("Features")
            .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(Options("Class")))
            .Fit(data);
        AssertSecond([.. ml.MulticlassClassification
            .PermutationFeatureImportance(chain.LastTransformer, chain.Transform(data), "Class", permutationCount: 1)
            .Select(m => m.MicroAccuracy.Mean)]);
    }

    [Fact]
    public void Binary_tells_information_from_noise()
    {
        var data = Data();
        var model = ml.BinaryClassification.Trainers.NeuralNetwork(Options("Yes")).Fit(data);
        AssertSecond([.. ml.BinaryClassification.PermutationFeatureImportance(model, data, "Yes", permutationCount: 1)
            .Select(m => m.AreaUnderRocCurve.Mean)]);
    }

    // The change of the figure: far below 0 for the informative feature, about 0 for the others.
    private static void AssertSecond(List<double> changes)
    {
        Assert.Equal(3, changes.Count);
        Assert.InRange(changes[1], -1, -0.25);
        Assert.InRange(changes[0], -0.1, 0.1);
        Assert.InRange(changes[2], -0.1, 0.1);
    }

    private static NeuralNetworkOptions Options(string label) => new()
    {
        Network = new Mlp { Hidden = [8] },
        LabelColumnName = label,
        Training = new()
        {
            Epochs = 25,
            BatchSize = 15,
            Optimizer = new Adam { LearningRate = 0.02 },
        },
    };

    private IDataView Data()
    {
        var random = new Random(3);
        var rows = Enumerable.Range(0, 150)
            .Select(i => new Row
            {
                Class = $"c{i % 3}",
                Yes = i % 3 == 2,
                Features = [random.NextSingle(), (i % 3) + (random.NextSingle() / 2), random.NextSingle() * 100],
            })
            .ToList();
        var data = ml.Data.LoadFromEnumerable(rows);
        return ml.Transforms.Conversion.MapValueToKey("Class").Fit(data).Transform(data);
    }

    private sealed class Row
    {
        public string Class { get; set; } = "";

        public bool Yes { get; set; }

        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }
}
