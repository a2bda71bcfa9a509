namespace MlNetDl.Tests.Docs;

// The lines between the marks stand in the README, word for word; ReadmeTests makes sure of it, and runs them.
// <example>
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.MlNet;
using MlNetDl.Networks;

public static class ReadmeExample
{
    public static double Run(string datasets, string model)
    {
        var ml = new MLContext(seed: 1);
        var train = Load(ml, $"{datasets}/optdigits/optdigits-train.csv");
        var test = Load(ml, $"{datasets}/optdigits/optdigits-test.csv");
        var network = new Mlp { Hidden = [128, 64], Dropout = 0.2 };
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(network, epochs: 20))
            .Append(ml.Transforms.Conversion.MapKeyToValue("Digit", "PredictedLabel"));
        var fitted = pipeline.Fit(train);
        ml.Model.SaveAtomically(fitted, train.Schema, model);
        return ml.MulticlassClassification.Evaluate(fitted.Transform(test)).MicroAccuracy;   // 0.96
    }

    private static IDataView Load(MLContext ml, string path) =>
        ml.Data.LoadFromTextFile(path, [new("Features", DataKind.Single, 0, 63), new("Label", DataKind.Single, 64)], separatorChar: ',');
}
// </example>
