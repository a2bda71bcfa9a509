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
using MlNetDl.Tests.Training;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Tests.Compression.Clustering;

[Collection("torch")]
public sealed class WeightClusteringTests : IDisposable
{
    private static readonly Sgd Momentum = new() { LearningRate = 0.02, Momentum = 0.9, WeightDecay = 1e-3 };
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Optimizers => ["sgd", "adam"];

    private static Examples Digits => SmallDigits.Rows;

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Shared_values_move_together_in_all_later_trainings_and_where_one_continues_from_the_file(string optimizer)
    {
        Optimizer moves = optimizer == "sgd" ? Momentum : new Adam { LearningRate = 5e-3 };
        ValueList<Stage> stages = [new Fit(), new WeightClustering { Bits = 3, FineTune = new() { Optimizer = moves } }];
        var first = Recipe(stages).Run(Digits).Package;
        var second = Recipe([.. stages, new Fit { Optimizer = moves }]).Run(Digits).Package;
        var on = (Recipe() with { Model = null, ContinueFrom = ModelPackage.Read(first.ToBytes()) }).Run(Digits).Package;
        Assert.Equal(["hidden1.weight", "output.weight"], first.Manifest.Clustered!.Order());
        foreach (var name in first.Manifest.Clustered!)
        {
            var codes = Codes(first, name);
            Assert.InRange(codes.Distinct().Count(), 6, 8);
            Assert.Equal(codes, Codes(second, name));
            Assert.Equal(codes, Codes(on, name));
            Assert.NotEqual(first.ReadWeights()[name].Data, second.ReadWeights()[name].Data);
        }

        // Biases are free.
        Assert.Equal(10, second.ReadWeights()["output.bias"].Data.Distinct().Count());
        Assert.True(Accuracy(second) > 0.8, $"{Accuracy(second)}");
    }

    [Fact]
    public void A_weight_of_zeros_alone_is_not_told_as_idle()
    {
        var zeros = new Weights([new("a.weight", [6, 4], new float[24]), new("a.bias", [6], new float[6])]);
        var messages = PruningContexts.Do(
            new WeightClustering { Bits = 2 },
            run: true,
            c => c with { Model = c.Model with { Weights = new Dictionary<string, Weights> { ["n"] = zeros } } },
            ("n", new Network(new Sequential(new Linear(6) { Name = "a" }), Shape.Vector(4)))).Messages;
        Assert.StartsWith("weightClustering: 24 weights share 0 values", Assert.Single(messages), StringComparison.Ordinal);
    }

    [Fact]
    public void Pruned_and_then_clustered_it_takes_a_twentieth_in_the_file_and_keeps_its_zeros()
    {
        var whole = Recipe(new Fit()).Run(Digits).Package;
        var chain = Recipe(
            new Fit(),
            new MagnitudePruning { Amount = 0.9, FineTune = new() },
            new WeightClustering { Bits = 4, FineTune = new() { Optimizer = Momentum } });
        var told = new Messages();
        var small = (chain with { Callbacks = [told] }).Run(Digits).Package;
        byte[] bytes = small.ToBytes();
        var read = ModelPackage.Read(bytes);
        Assert.Equal(4, read.Manifest.Format);
        Assert.Equal(small.Graphs["model"], read.Graphs["model"]);
        Assert.Equal(bytes, read.ToBytes());
        Assert.Equal(Zeros(Recipe(new Fit(), new MagnitudePruning { Amount = 0.9, FineTune = new() }).Run(Digits).Package), Zeros(read));
        Assert.All(new[] { "hidden1.weight", "output.weight" }, n => Assert.InRange(read.ReadWeights()[n].Data.Where(v => v != 0).Distinct().Count(), 8, 16));
        long Stored(ModelPackage package) => package.ReadWeights().Where(w => w.Dims.Count == 2).Sum(w => CodedBytes.LengthOf(w.Data));
        Assert.InRange(Stored(read), 1, 4 * 1776 / 20 + 200);
        var sparse = new ModelPackage { Manifest = small.Manifest with { Clustered = null }, Graphs = small.Graphs, TrainingWeights = small.TrainingWeights };
        Assert.Equal(3, ModelPackage.Read(sparse.ToBytes()).Manifest.Format);
        long saved = read.ReadWeights().Where(w => w.Dims.Count == 2).Sum(w => SparseBytes.LengthOf(w.Data)) - Stored(read);
        Assert.Equal(saved, sparse.ToBytes().Length - bytes.Length, 100.0);
        Assert.Contains(told.Texts, m => m.StartsWith("weightClustering: 1,776 weights share ", StringComparison.Ordinal)
            && m.Contains(" bytes in the model file instead of 7,104;", StringComparison.Ordinal));
        // For all runtimes it is a graph like others.
        Assert.Equal(whole.ToOnnx().Length, small.ToOnnx().Length, 10.0);
        Assert.True(Accuracy(small) > 0.6, $"{Accuracy(small)}");
    }

    [Fact]
    public void Cancelled_in_its_middle_and_run_again_it_leaves_the_same_bytes()
    {
        var recipe = Recipe(
            new Fit { Epochs = 1 },
            new MagnitudePruning { Amount = 0.6 },
            new WeightClustering { Clusters = 6, FineTune = new() { Optimizer = Momentum } },
            new Fit { Epochs = 1 });
        recipe.MustResume(folder, 12, 24, 33);
    }

    /// <summary>With plain gradient descent, a shared value moves by the mean of the gradients of its weights: their sum moves it as
    /// the paper's does, with the learning rate divided by their number.</summary>
    [Fact]
    public void A_step_moves_a_shared_value_by_the_mean_of_where_its_weights_went()
    {
        var sgd = new Sgd { LearningRate = 0.1, Momentum = 0 };
        var one = Digits.Take(64);
        var start = Recipe(new Fit { Epochs = 1 }, new WeightClustering { Bits = 2 }).Run(one).Package;
        var free = new ModelPackage { Manifest = start.Manifest with { Clustered = null }, Graphs = start.Graphs, TrainingWeights = start.TrainingWeights };
        float[] together = Step(start), alone = Step(free), before = start.ReadWeights()["hidden1.weight"].Data;
        foreach (var cluster in before.Index().GroupBy(v => v.Item))
        {
            double mean = cluster.Average(v => (double)alone[v.Index]);
            Assert.All(cluster, v => Assert.Equal(mean, together[v.Index], 1e-6));
        }

        float[] Step(ModelPackage from) => (Recipe() with
        {
            Model = null,
            ContinueFrom = from,
            Training = Recipe().Training with { Epochs = 1, Optimizer = sgd },
        }).Run(one).Package.ReadWeights()["hidden1.weight"].Data;
    }

    [Fact]
    public void Layers_may_have_codebooks_of_their_own_sizes_and_kept_ones_have_none()
    {
        var package = Recipe(
            new Fit { Epochs = 1 },
            new WeightClustering { Bits = 4, Keep = ["output"] },
            new WeightClustering { Bits = 2, Keep = ["hidden1"] }).Run(Digits).Package;
        Assert.Equal(16, package.ReadWeights()["hidden1.weight"].Data.Distinct().Count());
        Assert.Equal(4, package.ReadWeights()["output.weight"].Data.Distinct().Count());
        var kept = Recipe(new Fit { Epochs = 1 }, new WeightClustering { Bits = 4, Keep = ["output"] }).Run(Digits).Package;
        Assert.Equal(["hidden1.weight"], kept.Manifest.Clustered!);
        Assert.Equal(240, kept.ReadWeights()["output.weight"].Data.Distinct().Count());
    }

    [Fact]
    public void A_codebook_that_saves_nothing_is_told_with_advice()
    {
        var told = new Messages();
        (Recipe(new Fit { Epochs = 1 }, new WeightClustering { Bits = 8 }) with { Callbacks = [told] }).Run(Digits);
        var warning = Assert.Single(told.Texts, m => m.StartsWith("warning: weightClustering saves next to nothing", StringComparison.Ordinal));
        // 240 weights have no 256 values; of 1,536 it is a sixth.
        Assert.Contains("output.weight (240 values for 240 weights)", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden1", warning, StringComparison.Ordinal);
        Assert.Contains("Take fewer bits", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_few_enough_values_already_stays_as_it_is()
    {
        var stage = new WeightClustering { Bits = 3 };
        var (once, twice) = (Recipe(new Fit { Epochs = 1 }, stage).Run(Digits).Package, Recipe(new Fit { Epochs = 1 }, stage, stage).Run(Digits).Package);
        Assert.Equal(once.Graphs["model"], twice.Graphs["model"]);
    }

    [Theory]
    [InlineData("keep names 'hiden1'")]
    [InlineData("move together")]
    [InlineData("before a magnitudePruning that masks")]
    [InlineData("all layers are kept")]
    [InlineData("beside bits")]
    public void What_makes_no_sense_is_refused_before_the_training(string words)
    {
        var gradual = new MagnitudePruning { Schedule = new Agp(), FineTune = new() };
        var clustered = Recipe(new Fit { Epochs = 1 }, new WeightClustering());
        var recipe = words switch
        {
            "keep names 'hiden1'" => Recipe(new Fit(), new WeightClustering { Keep = ["hiden1"] }),
            "move together" => Recipe(gradual) with { Model = null, ContinueFrom = clustered.Run(Digits).Package },
            "all layers are kept" => Recipe(new Fit(), new WeightClustering { Keep = ["hidden1", "output"] }),
            "beside bits" => Recipe(new Fit(), new WeightClustering { Bits = 3, Clusters = 8 }),
            _ => Recipe(new Fit(), new WeightClustering(), gradual),
        };
        var told = new Messages();
        var e = Assert.ThrowsAny<Exception>(() => (recipe with { Callbacks = [told] }).Run(Digits));
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(told.Texts, m => m.Contains("on cpu", StringComparison.Ordinal));
    }

    private static Recipe Recipe(params ValueList<Stage> stages) => SmallDigits.Recipe(stages);

    private static double Accuracy(ModelPackage package) => SmallDigits.Accuracy(package);

    private static long Zeros(ModelPackage package) => SmallDigits.Zeros(package);

    // The number of the first weight that has the same value.
    private static List<int> Codes(ModelPackage package, string name)
    {
        var first = new Dictionary<float, int>();
        return [.. package.ReadWeights()[name].Data.Select((v, i) => first.TryAdd(v, i) ? i : first[v])];
    }
}
