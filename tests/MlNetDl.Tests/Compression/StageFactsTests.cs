using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Onnx;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Tests.Compression.Distillation;
using MlNetDl.Tests.Training;
using MlNetDl.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Compression;

/// <summary>What holds for stages of compression together: their order, what they leave alone, and how they go on.</summary>
[Collection("torch")]
public sealed class StageFactsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static Examples Digits => SmallDigits.Rows;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_proximal_step_leaves_zeros_and_no_minus_zeros()
    {
        var values = Recipe(new Fit(), new ProximalL1 { Strength = 0.05 }).Run(Digits).Package.ReadWeights().SelectMany(w => w.Data).ToList();
        Assert.True(values.Count(v => v == 0) > 100);
        Assert.DoesNotContain(values, v => v == 0 && float.IsNegative(v));
    }

    /// <summary>Whichever branch goes, a name under keep that was right at the beginning costs no training.</summary>
    [Theory]
    [InlineData("b1/f")]
    [InlineData("b2/f")]
    public void A_layer_that_an_earlier_stage_removed_need_not_be_kept(string keep)
    {
        var network = new CustomNetwork
        {
            Layers = new Sequential(
                new Flatten(), new Linear(16), Block("b1"), Block("b2"), new ReLU(), new Linear(20) { Name = "mid" }, new ReLU(), new Linear(10)),
        };
        var stages = Recipe(new Fit { Epochs = 1 }, new BlockPruning { Examples = 64 }, new MagnitudePruning { Amount = 0.5, Keep = [keep] },
            new FilterPruning { Keep = [keep], Amount = 0 }) with
        { Model = network };
        Assert.Equal(["fit", "filterPruning"], stages.Run(Digits).Package.Manifest.Trainings.Select(t => t.Stage));

        static Layer Block(string name) => new Branches(
            new Sum(), new Sequential(new Linear(16) { Name = "a" }, new ReLU()) { Name = "f" }, new Identity())
        { Name = name };
    }

    [Fact]
    public void Heads_that_only_training_needs_are_left_alone()
    {
        var package = (Recipe(new Fit(), new MagnitudePruning { Amount = 0.8 }) with { Model = WithHead }).Run(Digits).Package;
        var scored = OnnxReader.ReadWeights(package.Graphs["model"]).Where(w => w.Dims.Count == 2).SelectMany(w => w.Data).ToList();
        Assert.Equal(0.8, scored.Count(v => v == 0) / (double)scored.Count, 3);
        Assert.All(package.ReadWeights().Where(w => w.Name.Contains("aux", StringComparison.Ordinal)), w => Assert.DoesNotContain(0f, w.Data.Skip(1)));
        var probe = new SensitivityProbe { Options = new() { By = new ActivationZeros(), Amounts = [0.5], Examples = 64 } };
        (Recipe(new Fit { Epochs = 1 }, probe) with { Model = WithHead }).Run(Digits);
        Assert.DoesNotContain(probe.Measured(out _).Layers, l => l.Name.Contains("aux", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bornAgain before the first 'fit'")]
    [InlineData("'distilled' twice behind fit")]
    [InlineData("magnitudePruning trains nothing")]
    public void An_order_that_would_come_to_nothing_is_refused(string words)
    {
        Distilled taught = new() { Teacher = [Teacher.Of(Lessons.Teacher)] };
        ValueList<Stage> stages = words[0] switch
        {
            'b' => [new BornAgain(), new Fit()],
            'm' => [new Fit(), new MagnitudePruning(), new ProximalL1()],
            _ => [new Fit(), taught, taught],
        };
        Assert.Contains(words, Assert.Throws<ArgumentException>(() => Recipe(stages).Run(Digits)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_teacher_that_was_moved_is_the_same_teacher()
    {
        var first = Recipe(new Fit { Epochs = 1 }).Run(Digits).Package.Saved(folder, "a.zip");
        var path = folder["checkpoint"];
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => (Recipe(new Fit(), new Distilled { Teacher = [first] }) with
        {
            CheckpointPath = path,
            Stop = stop.Token,
            Callbacks = [new CancelAfter(50, stop)],
        }).Run(Digits));
        File.Move(first, folder["b.zip"]);
        var moved = Recipe(new Fit(), new Distilled { Teacher = [folder["b.zip"]] });
        var (whole, parts) = (moved.Run(Digits).Package.ReadWeights(), (moved with { CheckpointPath = path }).Run(Digits).Package.ReadWeights());
        Assert.Equal(whole.Select(w => w.Data), parts.Select(w => w.Data));
    }

    [Fact]
    public void Other_pruned_weights_are_another_start()
    {
        var pruned = Recipe(new Fit { Epochs = 1 }, new MagnitudePruning { Amount = 0.7 }).Run(Digits).Package;
        var free = new ModelPackage
        {
            Manifest = pruned.Manifest with { Pruned = null },
            Graphs = pruned.Graphs,
            TrainingWeights = pruned.TrainingWeights,
        };
        var on = Recipe() with { Model = null, CheckpointPath = folder["checkpoint"] };
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(
            () => (on with { ContinueFrom = free, Stop = stop.Token, Callbacks = [new CancelAfter(50, stop)] }).Run(Digits));
        Assert.ThrowsAny<Exception>(() => (on with { ContinueFrom = pruned }).Run(Digits));
    }

    [Fact]
    public void Class_weights_count_where_the_loss_chooses()
    {
        var network = new Network(new Sequential(new Linear(6), new ReLU(), new Linear(3)), Shape.Vector(4));
        var (plain, weighted) = (Scores(ClassWeights.None), Scores(ClassWeights.Of(("a", 0), ("b", 0), ("c", 1))));
        Assert.NotEqual(plain, weighted);

        List<double> Scores(ClassWeights weights)
        {
            var scores = new List<double>();
            var label = new LabelInfo { ClassNames = ["a", "b", "c"], Width = 1 };
            PruningContexts.Do(
                new Scorer(scores.AddRange), true, c => c with { Label = label, Options = c.Options with { ClassWeights = weights } }, ("n", network));
            return scores;
        }
    }

    [Fact]
    public void A_network_within_which_nothing_can_be_seen_is_refused_before_the_training()
    {
        var network = new Network(new Sequential(new Linear(4), new ReLU(), new Module(), new Linear(8), new ReLU(), new Linear(3)), Shape.Vector(4));
        Assert.Contains(
            "activationZeros needs a network whose values", PruningContexts.Refused(new FilterPruning { By = new ActivationZeros() }, c => c, ("n", network)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_built_anew_keeps_its_own_normalisation()
    {
        var own = new CustomNetwork { Layers = new Sequential(new Flatten(), new Normalize([1], [2]), new Linear(10)) };
        var package = (Recipe(new Fit { Epochs = 1 }) with { Model = own }).Run(Digits).Package;
        var anew = Assert.IsType<Sequential>(SavedArchitecture.Of(package).Layers);
        Assert.Single(anew.Children.OfType<Normalize>().Concat(anew.Children.OfType<Sequential>().SelectMany(s => s.Children).OfType<Normalize>()));
    }

    private static CustomNetwork WithHead => new()
    {
        Layers = new Sequential(
            new Flatten(),
            new Linear(24),
            new ReLU(),
            new Tap("aux", new Sequential(new Linear(300), new ReLU(), new Linear(10))) { Role = TapRole.Auxiliary },
            new Linear(24),
            new ReLU(),
            new Linear(10)),
    };

    private static Recipe Recipe(params ValueList<Stage> stages) => new()
    {
        Task = new MulticlassClassification(),
        Model = new Mlp { Hidden = [24] },
        Training = Lessons.Options with { Stages = stages },
    };

    private sealed record Scorer(Action<IEnumerable<double>> Told) : Stage
    {
        public override TrainedModel Run(StageContext context)
        {
            var (name, network) = context.Model.Networks.Single();
            Told(new Taylor().Of(new() { Coupling = ChannelCoupling.Of(network.Plan()), Weights = context.Model.Weights[name], Stage = context }).Values);
            return context.Model;
        }
    }

    private sealed record Module : UnaryLeaf, IModuleLeaf
    {
        public override Shape OutputShape(Shape input) => input.With(1, 4);

        public override IReadOnlyList<Parameter> Parameters(Shape input) =>
            [new("weight", [4, 4], new ConstantInit(0)), new("bias", [4], new ConstantInit(0))];

        public nn.Module CreateModule(IReadOnlyList<Shape> inputs) => nn.Linear(4, 4);

        public override Tensor Forward(Tensor input, LeafState state) => ((TorchSharp.Modules.Linear)state.Module!).call(input);

        public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
            throw new NotSupportedException();
    }
}
