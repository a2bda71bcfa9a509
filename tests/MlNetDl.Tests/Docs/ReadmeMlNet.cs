namespace MlNetDl.Tests.Docs;

// The lines between the marks stand in docs/mlnet.md, word for word; ReadmeTests makes sure of it, and runs them.
// <example>
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Networks;

public static class ReadmeMlNet
{
    // Photo: the bytes of an image's file; Weight, Size: a Single; Text: a string; Good: a bool; Prices: two Single
    public static (double Importance, double Recall, double R2) Run(MLContext ml, IDataView data)
    {
        // As any trainer of ML.NET: in a chain, with a delegate for what differs from the defaults.
        var pipeline = ml.Transforms.Concatenate("Features", "Weight", "Size")
            .AppendCacheCheckpoint(ml)
            .Append(ml.BinaryClassification.Trainers.NeuralNetwork(o =>
            {
                o.LabelColumnName = "Good";
                o.Training = o.Training with { Epochs = 30, BatchSize = 16 };
            }));
        ITransformer model = pipeline.Fit(data);

        // Which features matter, by name: shuffled three times, scored in batches.
        var scored = model.Transform(data);
        var importance = ml.BinaryClassification.PermutationFeatureImportanceNonCalibrated(model, scored, "Good", permutationCount: 3);

        // Yes above a probability of 0.2: fewer rows are missed. It is saved with the model.
        var careful = model.WithThreshold(0.2).Transform(data);
        var yes = careful.GetColumn<bool>("PredictedLabel").Zip(careful.GetColumn<bool>("Good")).ToList();
        double recall = (double)yes.Count(r => r.First && r.Second) / yes.Count(r => r.Second);

        // A photo, a row of a table and a text as three inputs of one network, which predicts two values.
        var options = new NeuralNetworkOptions
        {
            FeatureColumns =
            {
                ["photo"] = new("Photo") { Image = new(3, 8, 8) },
                ["table"] = "Features",
                ["text"] = new("Text") { Shape = Shape.Parse("int64[N, 8]") },
            },
            LabelColumnName = "Prices",
            Network = new CustomNetwork
            {
                Layers = new Sequential(
                    new Branches(
                        new Concat(),
                        new Sequential(new Read("photo"), new Conv2d(4, 3), new ReLU(), new Flatten()),
                        new Read("table"),
                        new Sequential(new Read("text"), new Embedding(257, 4), new Flatten())),
                    new Linear(16), new ReLU(), new Linear(2)),
            },
            Training = new() { Epochs = 60, BatchSize = 16 },
        };
        var prices = ml.Regression.Trainers.NeuralNetwork(options).Fit(scored).Transform(scored);
        return (importance["Weight"].Accuracy.Mean, recall, ml.Regression.EvaluateMany(prices, "Prices").RSquared);
    }
}
// </example>
