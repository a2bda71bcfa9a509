using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Onnx;
using MlNetDl.Tasks;

namespace MlNetDl.Tests.Onnx;

/// <summary>Small networks with weights from a seeded generator; nothing here touches torch.</summary>
internal static class Nets
{
    public static Network Mlp { get; } = new(new Sequential(new Linear(5), new ReLU(), new Linear(3)), Shape.Vector(4));

    public static Network Image { get; } = new(
        new Sequential(new Conv2d(2, 3, Padding: 1), new ScaledTanh(), new MaxPool2d(2), new Flatten(), new Linear(3)),
        Shape.Image(1, 4, 4));

    /// <summary>With an auxiliary head, which only training needs, and a second output.</summary>
    public static Network Heads { get; } = new(
        new Sequential(
            new Linear(5),
            new Tap("auxiliary", new Linear(3)) { Role = TapRole.Auxiliary },
            new Tap("hidden") { Role = TapRole.Output },
            new ReLU(),
            new Linear(3)),
        Shape.Vector(4));

    public static Weights Weights(Network network, int seed = 1)
    {
        var random = new Random(seed);
        return new(network.Plan().Parameters
            .Select(p => new WeightArray(
                p.Name,
                p.Parameter.Dims,
                [.. Enumerable.Range(0, (int)p.Parameter.Count).Select(_ => (random.NextSingle() * 2) - 1)])));
    }

    public static float[] Values(int count, int seed = 2)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
    }

    /// <summary>Linear, ReLU, Linear by the textbook, in double precision.</summary>
    public static double[] MlpByHand(Weights weights, ReadOnlySpan<float> x)
    {
        var hidden = Affine(weights, "0", [.. x.ToArray().Select(v => (double)v)]).Select(h => Math.Max(h, 0)).ToArray();
        return Affine(weights, "2", hidden);
    }

    public static double[] Affine(Weights weights, string layer, double[] x)
    {
        var (w, b) = (weights[$"{layer}.weight"].Data, weights[$"{layer}.bias"].Data);
        return [.. b.Select((bias, o) => bias + x.Select((v, i) => v * w[(o * x.Length) + i]).Sum())];
    }

    /// <summary>A manifest of one graph that tells classes apart.</summary>
    public static ModelManifest Manifest(int outputs, ValueList<string> classes) => new()
    {
        Task = new MulticlassClassification(),
        Label = new() { ClassNames = classes },
        Graphs = [new(
            ModelPackage.MainGraph,
            [new("input", Shape.Vector(4)) { Column = "Features" }],
            [new("output", Shape.Vector(outputs))])],
    };

    public static ModelPackage Package()
    {
        var weights = Weights(Heads);
        var scored = Heads.Plan().ForScoring().Parameters.Select(p => p.Name).ToHashSet();
        return new()
        {
            Manifest = Manifest(3, ["cat", "dog", "naïve \"quoted\" 犬"]) with
            {
                Networks = new Dictionary<string, System.Text.Json.JsonElement>
                {
                    ["network"] = System.Text.Json.JsonDocument.Parse("""{ "type": "layerOfTheFuture", "width": 7 }""").RootElement,
                },
            },
            Graphs = new Dictionary<string, byte[]> { [ModelPackage.MainGraph] = OnnxWriter.Write(Heads, weights) },
            Assets = new Dictionary<string, byte[]>
            {
                ["vocabulary"] = [1, 2, 3],
                ["../../escape"] = [],
                ["/etc/absolute"] = [4],
            },
            TrainingWeights = new(weights.Where(w => !scored.Contains(w.Name))),
        };
    }

    public static OnnxScorer MlpScorer(Weights weights, ScoringOptions? options = null) =>
        new(OnnxWriter.Write(Mlp, weights), Network.DefaultInput, [4], [(Network.DefaultOutput, 3)], options ?? new() { Threads = 1 });
}
