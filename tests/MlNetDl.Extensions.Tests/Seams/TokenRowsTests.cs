using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Onnx;
using MlNetDl.Tasks;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Seams;

/// <summary>Rows of tokens through ML.NET, from outside: a text column, and a vector of whole numbers
/// of unknown size.</summary>
public sealed class TokenRowsTests
{
    private static readonly Network Network = new(
        new Sequential(new Embedding(257, 4) { PaddingIndex = 0 }, new SeamSumOverTime(), new Linear(3), new Softmax()),
        [new("tokens", Shape.Tokens())]);

    private static readonly Words[] Rows = [new("yes"), new("a longer text, überlang"), new(""), new("no")];

    [Theory]
    [InlineData("Text")]
    [InlineData("Numbers")]
    public void Rows_of_different_length_score_in_a_batch_as_each_by_itself(string column)
    {
        var ml = new MLContext(1);
        var view = ml.Data.LoadFromEnumerable(Rows);
        var batch = NeuralNetworkTransformer.Of(ml, Package(column)).Transform(view);
        var single = NeuralNetworkTransformer.Of(ml, Package(column), options: new() { BatchSize = 1 }).Transform(view);
        Assert.Equal(Expected(), Values(batch), (a, b) => a.Zip(b).All(p => Math.Abs(p.First - p.Second) < 1e-5));
        Assert.Equal(Values(single), Values(batch), (a, b) => a.Zip(b).All(p => Math.Abs(p.First - p.Second) < 1e-6));
    }

    [Theory]
    [InlineData("Text")]
    [InlineData("Numbers")]
    public void A_saved_model_scores_the_same_also_one_by_one(string column)
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        ml.Model.Save(NeuralNetworkTransformer.Of(ml, Package(column)), null, folder["model.zip"]);
        var loaded = ml.Model.Load(folder["model.zip"], out _);
        using var engine = ml.Model.CreatePredictionEngine<Words, Scored>(loaded);
        foreach (var (row, expected) in Rows.Zip(Expected()))
        {
            var scored = engine.Predict(row);
            Assert.All(scored.Score.Zip(expected), p => Assert.Equal(p.Second, p.First, 1e-5));
            Assert.Equal((uint)Array.IndexOf(expected, expected.Max()) + 1, scored.PredictedLabel);
        }
    }

    private static float[][] Values(IDataView view) => [.. view.GetColumn<float[]>("Score")];

    private static float[][] Expected()
    {
        using var session = TorchSession.Enter(5, 1);
        using var scope = NewDisposeScope();
        using var network = Torch();
        return [.. Rows.Select(r => network
            .Forward(tensor(r.Numbers.Length > 0 ? r.Numbers : [0]).unsqueeze(0))["output"].data<float>().ToArray())];
    }

    private static TorchNetwork Torch()
    {
        manual_seed(5);
        var network = new TorchNetwork(Network);
        network.SetTraining(false);
        return network;
    }

    private static ModelPackage Package(string column)
    {
        using var session = TorchSession.Enter(5, 1);
        using var network = Torch();
        return new()
        {
            Manifest = new()
            {
                Task = new MulticlassClassification(),
                Label = new() { ClassNames = ["a", "b", "c"] },
                Graphs = [new("model", [new("tokens", Shape.Tokens()) { Column = column }], [new("output", Shape.Vector(3))])],
            },
            Graphs = new Dictionary<string, byte[]> { ["model"] = OnnxWriter.Write(Network, network.ReadWeights()) },
        };
    }

    private sealed class Words(string text)
    {
        public string Text { get; set; } = text;

        /// <summary>The text's bytes in UTF-8, each plus 1.</summary>
        public long[] Numbers { get; set; } = Array.ConvertAll(System.Text.Encoding.UTF8.GetBytes(text), b => b + 1L);

        public Words() : this("")
        {
        }
    }

    private sealed class Scored
    {
        public float[] Score { get; set; } = [];

        public uint PredictedLabel { get; set; }
    }
}
