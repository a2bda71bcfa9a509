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

/// <summary>A task with two named targets, from columns, from a stream and from a set in memory.</summary>
public sealed class NamedTargetsTests
{
    private const string Size = ClassAndSizeLabel.Size;

    // Behind the first hidden layer a second head gives the share of ink, which a class does not tell.
    private static readonly CustomNetwork Network = new()
    {
        Layers = new Sequential(
            new Linear(24), new ReLU(), new Tap(Size, new Linear(1) { Name = "size" }) { Role = TapRole.Training }, new Linear(10) { Name = "output" }),
    };

    private static readonly Examples Digits = WithInk(TestData.Digits());

    [Theory]
    [InlineData(1024)]
    [InlineData(0)]
    public void Columns_and_sets_in_memory_train_the_same_with_both_targets(int memoryBudget)
    {
        var training = Training(new Fit(), new AlsoLearns { Target = Size }) with { MemoryBudgetMB = memoryBudget, ShuffleBuffer = 1 };
        var ml = new MLContext(1);
        using var fromColumns = ml.NeuralNetwork(new ClassAndSize(), new() { Network = Network, Training = training, LabelColumnName = "Digit", Standardize = false })
            .Fit(ml.Data.LoadFromEnumerable(Rows()));
        var truth = ((float[])Digits.NamedTargets[0].Values).Chunk(1).Select(v => v[0]).ToArray();
        var (learned, ignored) = (Sizes(fromColumns.Package), Sizes(Recipe(new Fit()).Run(Digits).Package));
        Assert.InRange(Error(learned, truth), 0, 0.2 * Variance(truth));
        Assert.InRange(Error(ignored, truth), 0.9 * Variance(truth), double.PositiveInfinity);
        if (memoryBudget > 0)
        {
            var fromMemory = Recipe(new Fit(), new AlsoLearns { Target = Size }).Run(Digits).Package;
            Assert.All(fromMemory.ReadWeights(), w => Assert.Equal(w.Data, fromColumns.Package.ReadWeights()[w.Name].Data));
        }
    }

    [Fact]
    public void Targets_are_split_with_their_examples()
    {
        var (train, held) = Digits.Split(0.25, 1);
        Assert.All([train, held], part => Assert.Equal(Ink(part), (float[])part.NamedTargets[0].Values));
        using var batches = new TensorBatches(held, 7, shuffleSeed: 3);
        foreach (var batch in batches.Epoch(0))
        {
            Assert.Equal((ScalarType.Int64, ScalarType.Float32), (batch.Target!.dtype, batch.Targets[Size].dtype));
            Assert.Equal([batch.Count, 1], batch.Targets[Size].shape);
            Assert.True(batch.Inputs[0].flatten(1).mean([1]).sub(batch.Targets[Size].squeeze(1)).abs().max().item<float>() < 1e-5);
        }
    }

    [Fact]
    public void A_target_that_a_task_needs_and_the_set_lacks_is_named()
    {
        var e = Assert.Throws<ArgumentException>(() => Recipe(new Fit()).Run(TestData.Digits(100)));
        Assert.Contains("ClassAndSize needs the target 'Size' [N, 1], but the examples have 'target' int64[N]", e.Message, StringComparison.Ordinal);
        var two = Digits with { NamedTargets = [new(Size, Shape.Vector(2), new float[2 * Digits.Count])] };
        Assert.Contains("it as [N, 2]", Assert.Throws<ArgumentException>(() => Recipe(new Fit()).Run(two)).Message, StringComparison.Ordinal);
        var none = Digits with { NamedTargets = [] };
        e = Assert.Throws<ArgumentException>(() => (Recipe(new Fit()) with { Task = new MulticlassClassification() }).Run(Digits, none));
        Assert.Contains("'Size' [N, 1]", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_arrays_of_named_targets_are_refused()
    {
        Refused(new NamedTarget(Size, Shape.Vector(1), new float[3]), "holds 3 values");
        Refused(new NamedTarget(Size, Shape.Vector(1), new long[Digits.Count]), "give long[] for int64 and float[] for float32");
        Refused(new NamedTarget(Batch.DefaultTarget, Shape.Vector(1), new float[Digits.Count]), "Two targets are named 'target'");

        static void Refused(NamedTarget target, string message)
        {
            var e = Assert.ThrowsAny<ArgumentException>(() => new TensorBatches(Digits with { NamedTargets = [target] }, 10));
            Assert.Contains(message, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Supervised_training_without_its_own_target_says_which_there_are()
    {
        var own = new OwnBatches { Shape = Shape.Vector(64), Training = new Unnamed(), Label = new() { ClassNames = [.. Enumerable.Range(0, 10).Select(i => $"{i}")] }, Identity = "" };
        var e = Assert.Throws<InvalidOperationException>(() => Recipe(new Fit()).Run(own));
        Assert.Contains("needs a target named 'target', but the batch has only Size", e.Message, StringComparison.Ordinal);
    }

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
        using var network = new TorchNetwork(Configuration.RecordJson.Deserialize<Network>(package.Manifest.Networks["network"].GetRawText()));
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

    private sealed class SizedDigit
    {
        [VectorType(64)]
        public float[] Features { get; set; } = [];

        [KeyType(10)]
        public uint Digit { get; set; }

        public float Size { get; set; }
    }
}
