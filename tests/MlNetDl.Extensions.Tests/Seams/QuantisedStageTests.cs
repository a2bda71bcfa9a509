using System.Text;
using Microsoft.ML;
using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Onnx;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Seams;

/// <summary>A stage from outside that calibrates on the training data and rewrites the graph that is saved.</summary>
public sealed class QuantisedStageTests
{
    private static readonly TrainingOptions Options = new()
    {
        Epochs = 8,
        BatchSize = 15,
        Optimizer = new Adam { LearningRate = 0.02 },
        Threads = 1,
        Seed = 1,
        Device = "cpu",
    };

    private static readonly Examples Data = new(
        Shape.Vector(4),
        Enumerable.Range(0, 360).Select(i => (float)((i % 4 == i / 4 % 3 ? 1.5 : 0) + Math.Sin(i * 1.7))).ToArray(),
        Enumerable.Range(0, 90).Select(i => (long)(i % 3)).ToArray());

    [Fact]
    public void The_saved_graph_rounds_what_its_layers_read_and_keeps_the_weights()
    {
        using var folder = new TemporaryFolder();
        var (plain, quantised) = (Fit(new Fit()), Fit(new Fit(), new SeamQuantised()));
        Assert.DoesNotContain("QuantizeLinear", Encoding.Latin1.GetString(plain.Graphs["model"]), StringComparison.Ordinal);
        Assert.Contains("QuantizeLinear", Encoding.Latin1.GetString(quantised.Graphs["model"]), StringComparison.Ordinal);
        Assert.All(plain.ReadWeights(), w => Assert.Equal(w.Data, quantised.ReadWeights()[w.Name].Data));
        var (expected, rounded) = (Scores(plain, folder["plain.zip"]), Scores(quantised, folder["quantised.zip"]));
        Assert.NotEqual(expected, rounded);
        Assert.All(expected.Zip(rounded), p => Assert.Equal(p.First, p.Second, 0.03));
    }

    [Fact]
    public void What_a_stage_worked_out_is_not_worked_out_again()
    {
        using var folder = new TemporaryFolder();
        var whole = Fit(new Fit(), new SeamQuantised(), new Fit());
        using var stop = new CancellationTokenSource();
        var recipe = Recipe(new Fit(), new SeamQuantised(), new Fit()) with { CheckpointPath = folder["checkpoint"] };
        Assert.ThrowsAny<OperationCanceledException>(
            () => (recipe with { Stop = stop.Token, Callbacks = [new CancelIn(2, stop)] }).Run(Data));
        var kept = Assert.Single(Directory.GetFiles(folder.Path, "checkpoint.stage2*"));
        int before = SeamQuantised.Looked;
        Assert.Equal(whole.ToBytes(), recipe.Run(Data).Package.ToBytes());
        Assert.Equal(before, SeamQuantised.Looked);

        // What came before is another model now, so the ranges are others, too.
        var longer = recipe with { Training = recipe.Training with { Stages = [new Fit { Epochs = 9 }, new SeamQuantised(), new Fit()] } };
        longer.Run(Data);
        Assert.Equal(before + 4, SeamQuantised.Looked);
        File.WriteAllText(kept, "{ broken");
        longer.Run(Data);
        Assert.Equal(before + 8, SeamQuantised.Looked);
    }

    [Fact]
    public void A_hook_hands_what_it_followed_to_what_is_saved()
    {
        using var folder = new TemporaryFolder();
        var plain = Fit(new Fit());
        var recipe = Recipe(new Fit(), new SeamFollowed()) with { CheckpointPath = folder["checkpoint"] };
        var followed = recipe.Run(Data).Package;
        Assert.Contains("QuantizeLinear", Encoding.Latin1.GetString(followed.Graphs["model"]), StringComparison.Ordinal);
        Assert.All(plain.ReadWeights(), w => Assert.Equal(w.Data, followed.ReadWeights()[w.Name].Data));
        // The training is over, and says the same again.
        Assert.Equal(followed.ToBytes(), recipe.Run(Data).Package.ToBytes());
    }

    [Fact]
    public void State_of_a_hook_is_that_of_the_epoch_whose_weights_are_kept()
    {
        var recipe = Recipe(new Fit(), new SeamFollowed());
        // So large a rate that validation soon gets worse.
        var best = recipe with
        {
            Training = recipe.Training with
            {
                RestoreBestWeights = true,
                ValidationFraction = 0.3,
                Optimizer = new Adam { LearningRate = 0.5 },
            },
        };
        var report = best.Run(Data);
        Assert.True(report.Reports[0].Restored, "the last epoch is the best one, which shows nothing");
        int epochs = report.Reports[0].BestEpoch;
        var shorter = best with { Training = best.Training with { Epochs = epochs, RestoreBestWeights = false } };
        Assert.Equal(shorter.Run(Data).Package.Graphs["model"], report.Package.Graphs["model"]);
    }

    private static Recipe Recipe(params Stage[] stages) => new()
    {
        Task = new MulticlassClassification(),
        Model = new Mlp { Hidden = [8] },
        Training = Options with { Stages = [.. stages] },
    };

    private static ModelPackage Fit(params Stage[] stages) => Recipe(stages).Run(Data).Package;

    private static float[] Scores(ModelPackage package, string path)
    {
        var ml = new MLContext(1);
        ml.Model.Save(NeuralNetworkTransformer.Of(ml, package), null, path);
        using var loaded = NeuralNetworkTransformer.Load(ml, path);
        return loaded.Score(Data);
    }
}

/// <summary>The input of every <c>Linear</c> is 8 bits wide in the saved graph, in the range that some
/// training batches show.</summary>
internal sealed record SeamQuantised : Stage
{
    /// <summary>The batches that are looked at, 1 or more.</summary>
    public int Batches { get; init; } = 4;

    /// <summary>Batches that were looked at, by all stages of this process.</summary>
    public static int Looked { get; private set; }

    public override TrainedModel Run(StageContext context)
    {
        var ranges = context.Once("ranges", () => Follow(context));
        return context.Model with { Passes = [.. context.Model.Passes, new Rounding(ranges)] };
    }

    private Dictionary<string, Span> Follow(StageContext context)
    {
        var (name, network) = context.Model.Networks.Single();
        using var torch = new TorchNetwork(network);
        torch.LoadWeights(context.Model.Weights[name]);
        torch.SetTraining(false);
        var ranges = new Ranges();
        torch.Hook = ranges;
        using var none = no_grad();
        using var batches = context.Data.Epoch(0).GetEnumerator();
        for (int i = 0; i < Batches; i++)
        {
            using var scope = NewDisposeScope();
            if (batches.MoveNext())
            {
                Looked++;
                torch.Forward(batches.Current.Inputs);
            }
        }

        return ranges.Found;
    }

    /// <summary>A range of values.</summary>
    internal sealed record Span(float Least, float Greatest);

    /// <summary>Sees what every <c>Linear</c> reads.</summary>
    private sealed class Ranges : IForwardHook
    {
        public Dictionary<string, Span> Found { get; } = [];

        public Tensor Input(PlanStep step, int index, Tensor value)
        {
            if (step.Leaf is Linear)
            {
                var (least, greatest) = Found.GetValueOrDefault(step.Path) ?? new(0, 0);
                Found[step.Path] = new(Math.Min(least, value.min().item<float>()), Math.Max(greatest, value.max().item<float>()));
            }

            return value;
        }

        public Tensor Weight(PlanStep step, string parameter, Tensor stored) => stored;
    }

    /// <summary>Puts <c>QuantizeLinear</c> and <c>DequantizeLinear</c> before the layers whose
    /// ranges are known.</summary>
    internal sealed class Rounding(IReadOnlyDictionary<string, Span> ranges) : IOnnxPass
    {
        public OnnxGraph Apply(OnnxGraph graph, OnnxNames names)
        {
            List<OnnxNode> nodes = [.. graph.Nodes];
            List<OnnxConstant> constants = [.. graph.Constants];
            foreach (var step in names.Plan.Steps.Where(s => ranges.ContainsKey(s.Path)))
            {
                var (least, greatest) = ranges[step.Path];
                float scale = (greatest - least) / byte.MaxValue;
                var (value, stem) = (names.Slots[step.Inputs[0]], $"{step.Path}/rounded");
                constants.Add(new($"{stem}/scale", [], new[] { scale }));
                constants.Add(new($"{stem}/zero", [], new[] { (byte)Math.Round(-least / scale) }));
                int at = nodes.FindIndex(n => n.Path == step.Path && n.Inputs.Contains(value));
                nodes[at] = nodes[at] with { Inputs = [.. nodes[at].Inputs.Select(i => i == value ? stem : i)] };
                nodes.Insert(at, Node("DequantizeLinear", $"{stem}/bytes", stem));
                nodes.Insert(at, Node("QuantizeLinear", value, $"{stem}/bytes"));

                OnnxNode Node(string op, string input, string output) =>
                    new(op, [input, $"{stem}/scale", $"{stem}/zero"], [output], new Dictionary<string, object>()) { Path = step.Path };
            }

            return graph.With(nodes, constants);
        }
    }
}
