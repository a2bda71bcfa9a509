using System.IO.Compression;
using Microsoft.ML;
using MlNetDl.MlNet;
using MlNetDl.Networks;

namespace MlNetDl.Tests.MlNet;

/// <summary>Files of equal models are equal, byte by byte.</summary>
[Collection("torch")]
public sealed class ReproducibleFilesTests
{
    [Fact]
    public void The_same_training_saves_the_same_bytes_whenever_it_is_saved()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in (string[])["a", "b"])
        {
            var ml = new MLContext(seed: 1);
            var data = MulticlassTests.Iris(ml);
            var trainer = ml.MulticlassClassification.Trainers.NeuralNetwork(new NeuralNetworkOptions
            {
                Network = new Mlp { Hidden = [4] },
                Training = new() { Epochs = 2, Threads = 1 },
            });
            var model = ml.Transforms.Conversion.MapValueToKey("Label")
                .Append(trainer)
                .Append(ml.Transforms.Conversion.MapKeyToValue("Species", "PredictedLabel"))
                .Fit(data);
            ml.Model.SaveAtomically(model, data.Schema, folder[$"{name}.zip"]);
            model.OfType<NeuralNetworkTransformer>().Single().ExportOnnx(folder[$"{name}.onnx"]);
        }

        Assert.Equal(File.ReadAllBytes(folder["a.onnx"]), File.ReadAllBytes(folder["b.onnx"]));
        Assert.Equal(File.ReadAllBytes(folder["a.zip"]), File.ReadAllBytes(folder["b.zip"]));
        using var zip = ZipFile.OpenRead(folder["a.zip"]);
        Assert.All(zip.Entries, e => Assert.Equal(new DateTime(1980, 1, 1), e.LastWriteTime.DateTime));
        Assert.Equal(["Features", "Label", "Score", "PredictedLabel", "Species"], Columns(folder["a.zip"]));
    }

    private static IEnumerable<string> Columns(string model)
    {
        var ml = new MLContext();
        return ml.Model.Load(model, out var schema).GetOutputSchema(schema).Where(c => !c.IsHidden).Select(c => c.Name);
    }
}
