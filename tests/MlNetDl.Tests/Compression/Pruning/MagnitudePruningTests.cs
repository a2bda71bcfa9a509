using MlNetDl.Compression;
using MlNetDl.Data;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Tests.Training;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Tests.Compression.Pruning;

[Collection("torch")]
public sealed partial class MagnitudePruningTests : IDisposable
{
    private const int Weights = (64 * 24) + (24 * 10);
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Schedules => ["oneShot", "iterative", "agp", "networkSurgery", "agp by chance"];

    private static Examples Digits => SmallDigits.Rows;

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Exactly_the_asked_share_is_zero_in_the_file_that_is_read_again(string schedule)
    {
        var package = ModelPackage.Read(Recipe(new Fit(), Stage(schedule, 0.9)).Run(Digits).Package.ToBytes());
        Assert.Equal((long)Math.Round(Weights * 0.9), Zeros(package));
        // Minus zero would be stored like any other value.
        Assert.DoesNotContain(package.ReadWeights().SelectMany(w => w.Data), v => v == 0 && float.IsNegative(v));
        Assert.Equal(["hidden1.weight", "output.weight"], package.Manifest.Pruned!.Order());
        Assert.Equal(3, package.Manifest.Format);
        // What chance leaves may know nothing.
        Assert.True(schedule == "agp by chance" || Accuracy(package) > 0.5, $"{Accuracy(package)}");
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Cancelled_in_its_middle_and_run_again_it_leaves_the_same_bytes(string schedule)
    {
        var recipe = Recipe(new Fit { Epochs = 1 }, Stage(schedule, 0.8), new Fit { Epochs = 1 });
        recipe.MustResume(folder, 14, 23, 31);
    }

    [Fact]
    public void Zeros_stay_under_momentum_in_later_fits_and_where_training_continues_from_the_file()
    {
        var momentum = new Sgd { LearningRate = 0.02, Momentum = 0.9, WeightDecay = 1e-3 };
        var recipe = Recipe(new Fit(), new MagnitudePruning { Amount = 0.7, FineTune = new() { Epochs = 1, Optimizer = momentum } },
            new Fit { Optimizer = momentum });
        var pruned = recipe.Run(Digits).Package;
        Assert.Equal((long)Math.Round(Weights * 0.7), Zeros(pruned));
        var told = new Messages();
        var on = (Recipe() with { Model = null, ContinueFrom = pruned, Callbacks = [told] }).Run(Digits).Package;
        Assert.Equal(Zeros(pruned), Zeros(on));
        Assert.Equal(pruned.Manifest.Pruned, on.Manifest.Pruned);
        Assert.Contains(told.Texts, m => m.StartsWith("The model was pruned: 1,243 of the 1,776 values", StringComparison.Ordinal));
        // The same weights without the list: momentum fills them.
        var without = new ModelPackage
        {
            Manifest = pruned.Manifest with { Pruned = null },
            Graphs = pruned.Graphs,
            TrainingWeights = pruned.TrainingWeights,
        };
        Assert.True(Zeros((Recipe() with { Model = null, ContinueFrom = without }).Run(Digits).Package) < 100);
    }

    [Fact]
    public void An_epoch_that_is_not_yet_as_sparse_is_never_the_best_one()
    {
        var recipe = Recipe(new Fit(), new MagnitudePruning
        {
            Amount = 0.97,
            Schedule = new Agp { Until = 0.7, Every = 1 },
            FineTune = new() { Epochs = 4 },
        });
        recipe = recipe with { Training = recipe.Training with { ValidationFraction = 0.3, RestoreBestWeights = true } };
        var result = recipe.Run(Digits);
        Assert.Equal((long)Math.Round(Weights * 0.97), Zeros(result.Package));
        // By its loss the first epoch is the best, as hardly anything is pruned then.
        Assert.True(result.Reports[1].BestEpoch >= 3);
        Assert.Equal(1, result.Reports[1].Epochs.Select((e, i) => (e.Validation["loss"], i + 1)).Min().Item2);
    }

    [Fact]
    public void A_second_pruning_takes_from_what_the_first_left()
    {
        var first = Recipe(new Fit(), new MagnitudePruning { Amount = 0.5 }).Run(Digits).Package.ReadWeights();
        var both = Recipe(new Fit(), new MagnitudePruning { Amount = 0.5 }, new MagnitudePruning { Amount = 0.8, By = new RandomWeights() })
            .Run(Digits).Package;
        Assert.Equal((long)Math.Round(Weights * 0.8), Zeros(both));
        var second = both.ReadWeights();
        Assert.All(new[] { "hidden1.weight", "output.weight" }, name =>
            Assert.All(first[name].Data.Zip(second[name].Data), pair => Assert.True(pair.First != 0 || pair.Second == 0)));
    }

    // Movement scores what is masked as 0, above all that shrank: it must not come back.
    [Theory]
    [InlineData("movement")]
    [InlineData("random")]
    public void A_second_pruning_while_training_goes_on_from_the_first(string by)
    {
        WeightScore score = by == "random" ? new RandomWeights() : new Movement();
        var package = Recipe(
            new Fit { Epochs = 1 },
            new MagnitudePruning { Amount = 0.5 },
            new MagnitudePruning { Amount = 0.8, By = score, Schedule = new Agp { Every = 2 }, FineTune = new() }).Run(Digits).Package;
        Assert.Equal((long)Math.Round(Weights * 0.8), Zeros(package));
    }

    [Fact]
    public void A_training_that_ends_before_its_masks_are_settled_leaves_no_model()
    {
        var stage = new MagnitudePruning { Amount = 0.8, Schedule = new NetworkSurgery { Until = 1 }, FineTune = new() };
        var recipe = Recipe(new Fit { Epochs = 1 }, stage) with { Callbacks = [new EndFirst()] };
        var e = Assert.Throws<InvalidOperationException>(() => recipe.Run(Digits));
        Assert.Contains("before its masks were settled", e.Message, StringComparison.Ordinal);
    }

    private sealed class EndFirst : Callback
    {
        public override bool EpochEnded(EpochReport epoch) => false;
    }

    [Fact]
    public void Layers_by_themselves_spare_the_first_and_the_last_unless_told_otherwise()
    {
        var deep = Recipe(new Fit(), new MagnitudePruning { Amount = 0.5, Scope = PruningScope.Layer }) with
        {
            Model = new Mlp { Hidden = [16, 16] },
        };
        Assert.Equal(["hidden2.weight"], deep.Run(Digits).Package.Manifest.Pruned!);
        var all = deep with
        {
            Training = deep.Training with
            {
                Stages = [new Fit(), new MagnitudePruning { Amount = 0.5, Scope = PruningScope.Layer, Keep = [] }],
            },
        };
        var weights = all.Run(Digits).Package.ReadWeights();
        Assert.All(weights.Where(w => w.Dims.Count == 2), w => Assert.Equal(w.Data.Length / 2, w.Data.Count(v => v == 0)));
    }

    [Fact]
    public void A_pattern_is_in_every_row()
    {
        var package = Recipe(new Fit(), new MagnitudePruning { Pattern = new(2, 4), Keep = [] }).Run(Digits).Package;
        var row = package.ReadWeights()["hidden1.weight"].Data;
        Assert.All(row.Chunk(4), group => Assert.Equal(2, group.Count(v => v == 0)));
    }

    [Fact]
    public void Biases_are_not_pruned() => Assert.All(
        Recipe(new Fit(), Stage("oneShot", 0.99)).Run(Digits).Package.ReadWeights().Where(w => w.Dims.Count == 1 && w.Name.EndsWith("bias")),
        w => Assert.DoesNotContain(0f, w.Data));

    private static Recipe Recipe(params ValueList<Stage> stages) => SmallDigits.Recipe(stages);

    private static double Accuracy(ModelPackage package) => SmallDigits.Accuracy(package);

    private static long Zeros(ModelPackage package) => SmallDigits.Zeros(package);

    private static MagnitudePruning Stage(string schedule, double amount) => new()
    {
        Amount = amount,
        FineTune = new(),
        By = schedule == "agp by chance" ? new RandomWeights() : new Magnitude(),
        Schedule = schedule switch
        {
            "iterative" => new Iterative { Rounds = 3 },
            "agp" or "agp by chance" => new Agp { Every = 3 },
            "networkSurgery" => new NetworkSurgery { Every = 2 },
            _ => new OneShot(),
        },
    };
}
