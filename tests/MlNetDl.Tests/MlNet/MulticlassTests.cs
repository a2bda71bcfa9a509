using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Data;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Tests.MlNet;

[Collection("torch")]
public sealed class MulticlassTests
{
    internal static NeuralNetworkOptions IrisOptions => new()
    {
        Network = new Mlp { Hidden = [16] },
        Training = new()
        {
            Epochs = 40,
            BatchSize = 16,
            Optimizer = new Adam { LearningRate = 0.01 },
        },
    };

    internal static IDataView Iris(MLContext ml) => ml.Data.LoadFromTextFile(DatasetFolder.Find("tabular/iris.csv"),
        [new("Features", DataKind.Single, 0, 3), new("Label", DataKind.String, 4)], separatorChar: ',', hasHeader: true);

    [Fact]
    public void Learns_iris_in_a_pipeline_and_names_its_classes()
    {
        var ml = new MLContext(seed: 1);
        var data = Iris(ml);
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(IrisOptions))
            .Append(ml.Transforms.Conversion.MapKeyToValue("Species", "PredictedLabel"));
        var split = ml.Data.TrainTestSplit(data, 0.3);
        var model = pipeline.Fit(split.TrainSet);
        var scored = model.Transform(split.TestSet);
        var metrics = ml.MulticlassClassification.Evaluate(scored);
        Assert.InRange(metrics.MacroAccuracy, 0.9, 1);
        Assert.Contains("versicolor", metrics.ConfusionMatrix.GetFormattedConfusionTable(), StringComparison.Ordinal);
        Assert.Subset(new HashSet<string> { "setosa", "versicolor", "virginica" }, scored.GetColumn<string>("Species").ToHashSet());
    }

    [Fact]
    public void A_saved_model_scores_the_same()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(seed: 1);
        var data = Iris(ml);
        var model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(IrisOptions))
            .Fit(data);
        ml.Model.Save(model, data.Schema, folder["model.zip"]);
        var loaded = new MLContext().Model.Load(folder["model.zip"], out var schema);
        Assert.Equal(["Features", "Label"], schema.Select(c => c.Name));
        Assert.Equal(model.Transform(data).GetColumn<float[]>("Score"), loaded.Transform(data).GetColumn<float[]>("Score"));
    }
}
