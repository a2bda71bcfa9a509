namespace MlNetDl.Tests.Docs;

// The lines between the marks stand in docs/compression.md, word for word; ReadmeTests makes sure of it, and runs them.
// <example>
using Microsoft.ML;
using MlNetDl.Compression;
using MlNetDl.MlNet;
using MlNetDl.Networks;

public static class ReadmeCompression
{
    public static CompressionLedger Run(MLContext ml, IDataView train, IDataView test)   // Features: a vector; Label: a key
    {
        var trainers = ml.MulticlassClassification.Trainers;
        var large = trainers.NeuralNetwork(new Mlp { Hidden = [64] }, epochs: 8).Fit(train);

        // A small network that learns from the large one, and loses half of its units.
        var taught = trainers.NeuralNetwork(new Mlp { Hidden = [16] }, epochs: 8)
            .Distilled(large, new() { Temperature = 4, Alpha = 0.9 })
            .Pruned(new FilterPruning { Amount = 0.5, FineTune = new() { Epochs = 2 } })
            .Fit(train);

        // In 8-bit integers, their ranges measured on training rows.
        var rounded = ml.Compression().Quantize(large, train, new Int8 { Rows = 200 });

        // The same stages on a model that is fitted already.
        var pruned = ml.Compression().Prune(large, train, new FilterPruning { Amount = 0.75, FineTune = new() { Epochs = 2 } });

        return ml.Compression().Compare([("large", large), ("taught", taught), ("pruned", pruned), ("rounded", rounded)], test);
    }
}
// </example>
