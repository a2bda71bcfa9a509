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

    [Fact]
    public void A_model_of_any_type_tells_features_by_name_and_the_same_seed_the_same()
    {
        using var folder = new TemporaryFolder();
        var data = ml.Transforms.Concatenate("Features", "A", "B", "C").Fit(Data()).Transform(Data());
        ITransformer multiclass = ml.Transforms.NormalizeMinMax("Features")
            .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(Options("Class")))
            .Append(ml.Transforms.Conversion.MapKeyToValue("Name", "PredictedLabel"))
            .Fit(data);
        ITransformer binary = ml.BinaryClassification.Trainers.NeuralNetwork(Options("Yes")).Fit(data);
        ITransformer regression = ml.Regression.Trainers.NeuralNetwork(Options("B")).Fit(data);
        ml.Model.SaveAtomically(multiclass, data.Schema, folder["model.zip"]);
        var loaded = ml.Model.Load(folder["model.zip"], out _);

        var first = Multiclass(multiclass, 3);
        AssertSecond([.. Names.Select(n => first[n])]);
        Assert.Equal(first, Multiclass(loaded, 3));
        Assert.NotEqual(first, Multiclass(loaded, 4));
        var yes = ml.BinaryClassification.PermutationFeatureImportanceNonCalibrated(binary, data, "Yes", permutationCount: 3);
        AssertSecond([.. Names.Select(n => yes[n].Accuracy.Mean)]);
        Assert.All(yes.Values, v => Assert.Equal(3, v.Accuracy.Count));
        var value = ml.Regression.PermutationFeatureImportance(regression, data, "B", permutationCount: 2);
        Assert.InRange(value["B"].RSquared.Mean, -4, -0.5);
        Assert.InRange(value["A"].RSquared.Mean, -0.2, 0.2);

        Dictionary<string, double> Multiclass(ITransformer model, int seed)
        {
            var seeded = new MLContext(seed);
            return seeded.MulticlassClassification
                .PermutationFeatureImportance(model, model.Transform(data), "Class", permutationCount: 3)
                .ToDictionary(p => p.Key, p => p.Value.MicroAccuracy.Mean);
        }
    }

    private static readonly string[] Names = ["A", "B", "C"];

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
        rows.ForEach(r => (r.A, r.B, r.C) = (r.Features[0], r.Features[1], r.Features[2]));
        var data = ml.Data.LoadFromEnumerable(rows);
        return ml.Transforms.Conversion.MapValueToKey("Class").Fit(data).Transform(data);
    }

    private sealed class Row
    {
        public string Class { get; set; } = "";

        public bool Yes { get; set; }

        public float A { get; set; }

        public float B { get; set; }

        public float C { get; set; }

        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }
}
