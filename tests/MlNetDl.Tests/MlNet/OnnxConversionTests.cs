using Microsoft.ML;
using MlNetDl.MlNet;
using MlNetDl.Networks;

namespace MlNetDl.Tests.MlNet;

/// <summary>ML.NET's exporter of ONNX never leaves a network out of a chain in silence.</summary>
[Collection("torch")]
public sealed class OnnxConversionTests
{
    [Fact]
    public void A_chain_with_a_network_is_refused_and_the_parts_before_it_are_written()
    {
        var ml = new MLContext(1);
        var data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(i => new Row { A = i % 5, B = i, Class = i % 2 == 0 ? "even" : "odd" }));
        var before = ml.Transforms.Concatenate("Features", "A", "B").Append(ml.Transforms.NormalizeMinMax("Features"))
            .Append(ml.Transforms.Conversion.MapValueToKey("Label", "Class")).Fit(data);
        var options = new NeuralNetworkOptions { Network = new Mlp { Hidden = [4] }, Training = new() { Epochs = 1 } };
        var network = ml.MulticlassClassification.Trainers.NeuralNetwork(options).Fit(before.Transform(data));
        foreach (var chain in new ITransformer[]
        {
            before.Append(network),
            before.Append(network).Append(ml.Transforms.Conversion.MapKeyToValue("Predicted", "PredictedLabel").Fit(network.Transform(before.Transform(data)))),
        })
        {
            using var stream = new MemoryStream();
            var refused = Assert.ThrowsAny<Exception>(() => ml.Model.ConvertToOnnx(chain, data, stream));
            Assert.Contains("model.ExportOnnx", refused.Message, StringComparison.Ordinal);
            Assert.Equal(0, stream.Length);
        }

        using var written = new MemoryStream();
        ml.Model.ConvertToOnnx(before, data, written);
        Assert.True(written.Length > 0);
    }

    private sealed class Row
    {
        public float A { get; set; }

        public float B { get; set; }

        public string Class { get; set; } = "";
    }
}
