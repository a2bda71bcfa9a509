using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Networks;

namespace MlNetDl.Tests.Docs;

public static class ReadmeExample
{
    public static double Run(string datasets, string path)
    {
        // <example>
        var ml = new MLContext(seed: 1);
        TextLoader.Column[] columns = [new("Features", DataKind.Single, 0, 63), new("Label", DataKind.Single, 64)];
        var train = ml.Data.LoadFromTextFile($"{datasets}/optdigits/optdigits-train.csv", columns, separatorChar: ',');
        var test = ml.Data.LoadFromTextFile($"{datasets}/optdigits/optdigits-test.csv", columns, separatorChar: ',');
        var network = new Mlp { Hidden = [128, 64], Dropout = 0.2 };
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(network, epochs: 20));
        var model = pipeline.Fit(train);
        ml.Model.SaveAtomically(model, train.Schema, path);
        double accuracy = ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy;   // 0.96
        // </example>
        return accuracy;
    }
}
