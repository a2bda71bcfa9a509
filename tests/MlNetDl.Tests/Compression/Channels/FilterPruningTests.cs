using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Onnx;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Tests.Training;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Compression;

/// <summary>Structured pruning as a stage of a recipe.</summary>
[Collection("torch")]
public sealed class FilterPruningTests
{
    private static readonly TrainingOptions Options = new()
    {
        Epochs = 2,
        BatchSize = 16,
        Threads = 1,
        Seed = 5,
        Device = "cpu",
        Optimizer = new Adam { LearningRate = 0.02 },
    };

    private static (RecipeResult Result, Messages Messages) Run(NetworkSpec spec, params ValueList<Stage> stages)
    {
        var messages = new Messages();
        var recipe = new Recipe
        {
            Task = new MulticlassClassification(),
            Model = spec,
            Training = Options with { Stages = stages },
            Callbacks = [messages],
        };
        return (recipe.Run(Pictures()), messages);
    }

    [Theory]
    [InlineData("l1Norm")]
    [InlineData("l2Norm")]
    [InlineData("taylor")]
    [InlineData("activationZeros")]
    [InlineData("geometricMedian")]
    [InlineData("random")]
    public void A_pruned_model_is_smaller_and_scores_the_same_in_ONNX_Runtime(string score)
    {
        var by = RecordJson.Deserialize<ChannelScore>($"\"{score}\"");
        var (result, messages) = Run(new LeNet5(), new Fit(), new FilterPruning { By = by, FineTune = new Fit { Epochs = 1 } });
        var package = ModelPackage.Read(result.Package.ToBytes());
        Assert.Equal([2, 1], result.Reports.Select(r => r.Epochs.Count));
        var network = NetworkOf(package);
        Assert.Equal([3, 8, 60, 42, 10], network.Plan().Steps.Select(s => s.Leaf is Conv2d c ? c.Out : s.Leaf is Linear l ? l.Out : 0).Where(o => o > 0));
        Assert.Contains(messages.Texts, t => t.StartsWith(
            "filterPruning of 'network': 113 of 226 groups of channels removed; parameters 61,706 → 15,738, multiply-adds", StringComparison.Ordinal));

        using var session = TorchSession.Enter(seed: 1);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var torch = new TorchNetwork(network);
        torch.LoadWeights(package.ReadWeights());
        torch.SetTraining(false);
        var input = randn(3, 1, 28, 28);
        var expected = nn.functional.softmax(torch.Forward(input)[Network.DefaultOutput], 1).data<float>().ToArray();
        using var onnx = new OnnxModel(package.Graphs[ModelPackage.MainGraph], new() { Threads = 1 });
        var real = onnx.Run(new Dictionary<string, OnnxTensor> { ["input"] = new([3, 1, 28, 28], input.data<float>().ToArray()) }).Values.Single().Floats;
        Assert.Equal(expected, real.ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Theory]
    [InlineData(PruningMeasure.Parameters)]
    [InlineData(PruningMeasure.Macs)]
    [InlineData(PruningMeasure.Bytes)]
    public void As_much_goes_as_is_asked_for_and_little_more(PruningMeasure measure)
    {
        var whole = Run(new LeNet5(), new Fit { Epochs = 1 }).Result.Package;
        var pruned = Run(new LeNet5(), new Fit { Epochs = 1 }, new FilterPruning { Amount = 0.6, Of = measure, Scope = PruningScope.Global }).Result.Package;
        Assert.InRange(Figure(pruned) / Figure(whole), 0.35, 0.4);

        double Figure(ModelPackage package) =>
            PruningMeasures.Of(measure, NetworkOf(package), () => package.ReadWeights(), []);
    }

    [Fact]
    public void Milliseconds_are_a_measure_too()
    {
        var (result, _) = Run(
            new Mlp { Hidden = [2000] }, new Fit { Epochs = 1 }, new FilterPruning { Amount = 0.3, Of = PruningMeasure.Latency });
        Assert.True(NetworkOf(result.Package).Plan().Macs < 2000 * (784 + 10));
    }

    [Fact]
    public void Rounds_prune_and_train_until_the_share_is_gone()
    {
        var (result, messages) = Run(new Mlp { Hidden = [40] }, new Fit { Epochs = 1 }, new FilterPruning
        {
            Amount = 0.75,
            Schedule = new Iterative { Rounds = 2 },
            FineTune = new Fit { Epochs = 1 },
        });
        Assert.Equal(3, result.Reports.Count);
        Assert.Contains(messages.Texts, t => t.Contains("round 1 of 2: 20 of 40", StringComparison.Ordinal));
        Assert.Contains(messages.Texts, t => t.Contains("round 2 of 2: 10 of 20", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_again_from_its_checkpoints_it_leaves_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        var recipe = new Recipe
        {
            Task = new MulticlassClassification(),
            Model = new LeNet5(),
            CheckpointPath = folder["checkpoint"],
            Training = Options with { Stages = [new Fit(), new FilterPruning { By = new Taylor { Examples = 32 }, FineTune = new Fit() }] },
        };
        var first = recipe.Run(Pictures()).Package.ToBytes();
        Assert.Equal(first, recipe.Run(Pictures()).Package.ToBytes());
        Assert.Equal(first, (recipe with { CheckpointPath = null }).Run(Pictures()).Package.ToBytes());
    }

    [Fact]
    public void What_is_kept_stays_and_what_differs_is_told()
    {
        var (result, messages) = Run(
            new LeNet5 { Activation = Activation.Sigmoid }, new Fit { Epochs = 1 }, new FilterPruning { Keep = ["c3", "c5"], Multiple = 4 });
        Assert.Equal([4, 16, 120, 44, 10], NetworkOf(result.Package).Plan().Steps.Select(s => s.Leaf is Conv2d c ? c.Out : s.Leaf is Linear l ? l.Out : 0)
            .Where(o => o > 0));
        Assert.Contains(messages.Texts, t => t.Contains("; not the same as zeros at 1", StringComparison.Ordinal));
    }

    [Fact]
    public void What_cannot_be_done_is_refused_with_the_reason()
    {
        Assert.StartsWith(
            "filterPruning.keep names 'c4', but the network has no such layer; did you mean", Refused(new() { Keep = ["c4"] }), StringComparison.Ordinal);
        Assert.StartsWith("filterPruning finds nothing to prune: all channels are", Refused(new(), new Mlp { Hidden = [] }), StringComparison.Ordinal);
        Assert.Contains("at most 0.", Refused(new() { Amount = 0.999, Of = PruningMeasure.Parameters, Keep = ["c5"] }), StringComparison.Ordinal);
        Assert.Contains("amount must be 0 or more and below 1 but is 1", Refused(new() { Amount = 1 }), StringComparison.Ordinal);
        Assert.StartsWith("c1, c3, c5, f6 has no batch normalisation", Refused(new() { By = new NormScale() }), StringComparison.Ordinal);
        Assert.Contains("schedule is networkSurgery", Refused(new() { Schedule = new NetworkSurgery() }), StringComparison.Ordinal);

        static string Refused(FilterPruning stage, NetworkSpec? spec = null) =>
            Assert.ThrowsAny<ArgumentException>(() => Run(spec ?? new LeNet5(), new Untrained(), new Fit { Epochs = 1 }, stage)).Message;
    }

    /// <summary>Fails where something runs before all stages were checked.</summary>
    private sealed record Untrained : Stage
    {
        public override bool KeepsNetworks => true;

        public override TrainedModel Run(StageContext context) => throw new InvalidOperationException("A stage ran.");
    }

    [Fact]
    public void It_is_named_in_YAML()
    {
        var stage = new FilterPruning
        {
            By = new Taylor { Examples = 64 },
            Amount = 0.25,
            Of = PruningMeasure.Macs,
            Scope = PruningScope.Global,
            Multiple = 8,
            Schedule = new Agp { Rounds = 4 },
            Keep = ["c1"],
            FineTune = new Fit { Epochs = 3 },
        };
        var read = RecordJson.Deserialize<Stage>("""
            {
              "type": "filterPruning", "by": { "type": "taylor", "examples": 64 }, "amount": 0.25, "of": "macs", "scope": "global", "multiple": 8,
              "schedule": { "type": "agp", "rounds": 4 }, "keep": ["c1"], "fineTune": { "epochs": 3 }
            }
            """);
        Assert.Equal(stage, read);
        Assert.Equal(stage, RecordJson.Deserialize<Stage>(RecordJson.Serialize<Stage>(stage)));
    }

    private static Network NetworkOf(ModelPackage package) => RecordJson.Deserialize<Network>(package.Manifest.Networks.Values.Single().GetRawText());

    // Bars at one of ten places.
    private static Examples Pictures()
    {
        const int Count = 80, Side = 28;
        var random = new Random(1);
        var pixels = new float[Count * Side * Side];
        var classes = new long[Count];
        for (int i = 0; i < pixels.Length; i++)
        {
            int row = i / (Side * Side);
            classes[row] = row % 10;
            pixels[i] = (float)random.NextDouble() + (i / Side % Side / 2 == classes[row] ? 1 : 0);
        }

        return new(Shape.Image(1, Side, Side), pixels, classes) { ClassNames = [.. Enumerable.Range(0, 10).Select(c => $"{c}")] };
    }
}
