using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Extensions.Tests.Parts;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests;

/// <content>Its data, networks and measures.</content>
public sealed partial class NamedTargetsTests
{
    private static TrainingOptions Training(params ValueList<Stage> stages) => TestData.Training(40) with { Stages = stages };

    private static Recipe Recipe(params ValueList<Stage> stages) => new()
    {
        Task = new ClassAndSize(),
        Model = Network,
        LabelColumn = "Digit",
        Training = Training(stages),
        Standardize = false,
    };

    private static Examples WithInk(Examples digits)
    {
        var features = new float[digits.Count * 64];
        digits.CopyTo(0, digits.Count, features);
        var vectors = digits with { Shape = Shape.Vector(64), Features = features };
        return vectors with { NamedTargets = [new(Size, Shape.Vector(1), Ink(vectors))] };
    }

    private static float[] Ink(Examples digits)
    {
        var features = new float[64];
        return [.. Enumerable.Range(0, digits.Count).Select(i =>
        {
            digits.CopyTo(i, 1, features);
            return features.Average();
        })];
    }

    private static List<SizedDigit> Rows() => [.. ((float[])Digits.Features).Chunk(64).Select((f, i) => new SizedDigit
    {
        Features = f,
        Digit = (uint)((long[])Digits.Targets!)[i],
        Size = ((float[])Digits.NamedTargets[0].Values)[i],
    })];

    private static float[] Sizes(ModelPackage package)
    {
        using var session = TorchSession.Enter(1, 1);
        using var scope = NewDisposeScope();
        using var network = new TorchNetwork(
            Configuration.RecordJson.Deserialize<Network>(package.Manifest.Networks["network"].GetRawText()));
        network.LoadWeights(package.ReadWeights());
        return network.Forward(tensor((float[])Digits.Features).reshape(-1, 64))[Size].data<float>().ToArray();
    }

    private static double Error(float[] values, float[] truth) => values.Zip(truth).Average(p => Math.Pow(p.First - p.Second, 2));

    private static double Variance(float[] values) => values.Average(v => Math.Pow(v - values.Average(), 2));

    private sealed class Unnamed : IBatches
    {
        public long ExampleCount => 4;

        public int BatchCount => 1;

        public IEnumerable<Batch> Epoch(int epoch, int skip = 0) =>
            skip > 0 ? [] : [new Batch([zeros(4, 64)]) { Targets = new Dictionary<string, Tensor> { [Size] = zeros(4, 1) } }];
    }

    private sealed class NumberRow
    {
        [VectorType(1)]
        public float[] Features { get; set; } = [];

        [VectorType(6)]
        public float[] Label { get; set; } = [];
    }

    private sealed class Heard(List<string> texts) : Callback
    {
        public override void Message(string text) => texts.Add(text);
    }

    private sealed class SizedDigit
    {
        [VectorType(64)]
        public float[] Features { get; set; } = [];

        [KeyType(10)]
        public uint Digit { get; set; }

        public float Size { get; set; }
    }
}
