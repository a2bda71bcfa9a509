namespace MlNetDl.Tests.Docs;

// The lines between the marks stand in the README, word for word; ReadmeTests makes sure of it, and runs them.
// <example>
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Networks;

public static class ReadmeTokens
{
    public static ITransformer Train(MLContext ml, IDataView reviews) =>   // Text: a string; Label: a bool
        ml.BinaryClassification.Trainers.NeuralNetwork(new NeuralNetworkOptions
        {
            FeatureColumnName = "Text",
            InputShape = Shape.Parse("int64[N, 64]"),   // 64 tokens a text
            Network = new CustomNetwork
            {
                Layers = new Sequential(
                    new Embedding(257, 8) { PaddingIndex = 0 }, new Flatten(), new Linear(32), new ReLU(), new Linear(1)),
            },
            Training = new() { Epochs = 20, BatchSize = 16 },
        }).Fit(reviews);
}
// </example>
