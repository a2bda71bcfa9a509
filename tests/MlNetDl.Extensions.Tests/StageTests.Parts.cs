using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Experiments;
using MlNetDl.Extensions.Tests.Parts;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Training;

namespace MlNetDl.Extensions.Tests;

/// <content>Stages that it applies, and measures.</content>
public sealed partial class StageTests
{
    private sealed class Messages : Callback
    {
        public List<string> Texts { get; } = [];

        public override void Message(string text) => Texts.Add(text);
    }

    /// <summary>A stage with a mistake: it changes the tree and leaves the weights.</summary>
    internal sealed record Widen : Stage
    {
        public override TrainedModel Run(StageContext context) => context.Model with
        {
            Networks = context.Model.Networks.ToDictionary(n => n.Key, n => n.Value with { Root = LayerTree.Map(n.Value.Root, Wider) }),
        };

        private static Layer Wider(LeafPlace place, Leaf leaf) =>
            leaf is Linear { Name: "hidden1" } linear ? linear with { Out = 99 } : leaf;
    }

    /// <summary>A stage with another: what it trains on has an output too few.</summary>
    internal sealed record OneLess : Stage
    {
        public override TrainedModel Run(StageContext context)
        {
            var (name, network) = context.Model.Networks.Single();
            var root = LayerTree.Map(
                network.Root,
                (_, leaf) => leaf is Linear { Name: "output" } last ? last with { Out = last.Out - 1 } : leaf);
            var weights = context.Model.Weights[name].Select(w => !w.Name.StartsWith("output.", StringComparison.Ordinal) ? w
                : w with { Dims = [w.Dims[0] - 1, .. w.Dims.Skip(1)], Data = w.Data[..^(int)(w.Data.Length / w.Dims[0])] });
            return context.Fit(new(
                new Dictionary<string, Network> { [name] = network with { Root = root } },
                new Dictionary<string, Weights> { [name] = new(weights) }), context.Options);
        }
    }

    private ValueList<Stage> Stages(string kind) => kind switch
    {
        "averaging" => [new Fit(), new WeightAveraging { Turns = 2 }],
        "narrow" => [new Fit(), new Narrow { Keep = 16 }, new Narrow { Keep = 8 }],
        "mask" => [new Fit(), new Fit(), new Fit(), new MagnitudeMask { Share = 0.5 }],
        _ => [new Fit(), new Fit(), new Fit(), new Distill { Teacher = Teacher(2) }],
    };

    private string Teacher(int epochs)
    {
        var recipe = Recipe();
        var package = (recipe with { Training = recipe.Training with { Epochs = epochs } }).Run(TestData.Digits()).Package;
        var ml = new MLContext(1);
        using var network = NeuralNetworkTransformer.Of(ml, package);
        ml.Model.SaveAtomically(network, TestData.Rows(ml, TestData.Digits(1)).Schema, folder["teacher.zip"]);
        return folder["teacher.zip"];
    }

    private static double Agreement(ModelPackage one, ModelPackage other)
    {
        var digits = TestData.Digits(300, test: true);
        var (a, b) = (Classes(one), Classes(other));
        return a.Zip(b).Average(p => p.First == p.Second ? 1.0 : 0);

        List<int> Classes(ModelPackage package)
        {
            using var network = NeuralNetworkTransformer.Of(new MLContext(1), package);
            return [.. network.Score(digits).Chunk(10).Select(s => Array.IndexOf(s, s.Max()))];
        }
    }
}
