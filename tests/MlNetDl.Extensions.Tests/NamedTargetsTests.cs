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
public sealed partial class NamedTargetsTests
{
    private const string Size = ClassAndSizeLabel.Size;

    // Behind the first hidden layer a second head gives the share of ink, which a class does not tell.
    private static readonly CustomNetwork Network = new()
    {
        Layers = new Sequential(
            new Linear(24),
            new ReLU(),
            new Tap(Size, new Linear(1) { Name = "size" }) { Role = TapRole.Training },
            new Linear(10) { Name = "output" }),
    };

    private static readonly Examples Digits = WithInk(TestData.Digits());

    [Theory]
    [InlineData(1024)]
    [InlineData(0)]
    public void Columns_and_sets_in_memory_train_the_same_with_both_targets(int memoryBudget)
    {
        var training = Training(new Fit(), new AlsoLearns { Target = Size }) with { MemoryBudgetMB = memoryBudget, ShuffleBuffer = 1 };
        var ml = new MLContext(1);
        using var fromColumns = ml
            .NeuralNetwork(
                new ClassAndSize(),
                new()
                {
                    Network = Network,
                    Training = training,
                    LabelColumnName = "Digit",
                    Standardize = false,
                })
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
        Assert.Contains(
            "ClassAndSizeLabel needs the target 'Size' [N, 1], but the examples have 'target' int64[N]",
            e.Message,
            StringComparison.Ordinal);
        Assert.Equal(0, Digits.Count % 4);
        var two = Digits with { NamedTargets = [new(Size, Shape.Vector(2), new float[2 * Digits.Count])] };
        Assert.Contains(
            "it as [N, 2]",
            Assert.Throws<ArgumentException>(() => Recipe(new Fit()).Run(two)).Message,
            StringComparison.Ordinal);
        var none = Digits with { NamedTargets = [] };
        e = Assert.Throws<ArgumentException>(() => (Recipe(new Fit()) with { Task = new MulticlassClassification() }).Run(Digits, none));
        Assert.Contains("'Size' [N, 1]", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_arrays_of_named_targets_are_refused()
    {
        Refused(new NamedTarget(Size, Shape.Vector(1), new float[3]), "holds 3 values");
        Refused(new NamedTarget(Size, Shape.Vector(1), new long[Digits.Count]), "give long[] for int64 and float[] for float32");
        Refused(
            new NamedTarget(Batch.DefaultTarget, Shape.Vector(1), new float[Digits.Count]),
            "Two targets of the examples are named 'target'");

        Refused(new NamedTarget(Size, Shape.Vector(1), new float[Digits.Count * 3 / 2]), "holds 900 values");
        Refused(new NamedTarget(Size, Shape.Vector(1), new double[Digits.Count]), "Double[]");
        Refused(new NamedTarget(Size, new(ElementType.Bool, [Dim.Batch, 1]), new float[Digits.Count]), "targets are float32 or int64");
        Refused(new NamedTarget(Size, Shape.Parse("[N, T]"), new float[Digits.Count]), "all sizes but the batch must be known");

        static void Refused(NamedTarget target, string message)
        {
            var wrong = Digits with { NamedTargets = [target] };
            Assert.Contains(
                message,
                Assert.ThrowsAny<ArgumentException>(() => new TensorBatches(wrong, 10)).Message,
                StringComparison.Ordinal);
            // Before it is split: parts of an array that is too long would look right.
            var split = Recipe(new Fit()) with { Training = Training(new Fit()) with { ValidationFraction = 0.25 } };
            Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(() => split.Run(wrong)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_further_target_that_is_no_number_is_named()
    {
        var values = new float[Digits.Count];
        values[7] = float.NaN;
        var wrong = Digits with { NamedTargets = [new(Size, Shape.Vector(1), values)] };
        Assert.Contains(
            "'Size' of example 7 is NaN",
            Assert.Throws<ArgumentException>(() => Recipe(new Fit()).Run(wrong)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[N]")]
    [InlineData("[N, 1]")]
    [InlineData("[N, 2, 3]")]
    [InlineData("int64[N]")]
    [InlineData("int64[N, 1]")]
    [InlineData("int64[N, 2, 3]")]
    public void A_target_has_its_shape_in_memory_and_streamed(string text)
    {
        var shape = Shape.Parse(text);
        var (memory, streamed) = (Seen(1024), Seen(0));
        Assert.Equal($"[{string.Join(", ", shape.Dims.Select((d, i) => i == 0 ? 4 : d.Size))}]", memory[0]);
        Assert.Equal($"{shape.Type}", memory[1]);
        Assert.Equal(memory, streamed);

        string[] Seen(int budget)
        {
            var seen = new SeesTargets();
            var ml = new MLContext(1);
            var rows = Enumerable.Range(0, 4)
                .Select(i =>
                    new NumberRow { Features = [i], Label = [.. Enumerable.Range(0, 6).Select(k => (i * 6f) + k)] });
            ml.NeuralNetwork(new Shaped { Shape = text }, new()
            {
                Network = new Mlp { Hidden = [] },
                Training = TestData.Training(1) with
                {
                    MemoryBudgetMB = budget,
                    ShuffleBuffer = 1,
                    Step = seen,
                },
            }).Fit(ml.Data.LoadFromEnumerable(rows)).Dispose();
            return seen.Seen;
        }
    }

    [Fact]
    public void Only_the_default_target_is_standardised_wherever_it_stands()
    {
        var ml = new MLContext(1);
        foreach (int budget in new[] { 1024, 0 })
        {
            var seen = new SeesTargets();
            var rows = Enumerable.Range(0, 4)
                .Select(
                    i => new NumberRow { Features = [i], Label = [10 * i, 10 * i, 10 * i, 10 * i, 10 * i, 10 * i] });
            ml
                .NeuralNetwork(
                    new Shaped
                    {
                        Shape = "[N, 2, 1]",
                        Before = "[N, 4]",
                        Standardized = true,
                    },
                    new()
                    {
                        Network = new Mlp { Hidden = [] },
                        Training = TestData.Training(1) with
                        {
                            MemoryBudgetMB = budget,
                            ShuffleBuffer = 1,
                            Step = seen,
                        },
                    })
                .Fit(ml.Data.LoadFromEnumerable(rows)).Dispose();
            // Mean 15 and deviation 11.18: -1.34, -0.45, 0.45, 1.34, each in all places.
            Assert.Equal(
                [-1.342f, -0.447f, 0.447f, 1.342f],
                seen.Values[Batch.DefaultTarget].Chunk(2).Select(c => c[1]).Order(),
                (a, b) => Math.Abs(a - b) < 1e-3);
            Assert.Equal([0f, 10, 20, 30], seen.Values["before"].Chunk(4).Select(c => c[3]).Order());
        }
    }

    [Fact]
    public void A_task_that_standardises_a_class_is_refused()
    {
        var ml = new MLContext(1);
        var rows = Enumerable.Range(0, 4).Select(i => new NumberRow { Features = [i], Label = [0, 0, 0, 0, 0, 0] });
        var trainer = ml.NeuralNetwork(
            new Shaped { Shape = "int64[N, 6]", Standardized = true },
            new() { Network = new Mlp(), Training = TestData.Training(1) });
        var e = Assert.Throws<ArgumentException>(() => trainer.Fit(ml.Data.LoadFromEnumerable(rows)));
        Assert.Contains("no float32 target named 'target'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_a_reader_leaves_out_or_that_are_no_whole_ones_are_told()
    {
        var ml = new MLContext(1);
        var rows = Enumerable.Range(0, 4).Select(i => new NumberRow { Features = [i], Label = [i, 0, 0, 0, 0, 2.5f] });
        var whole = ml.NeuralNetwork(new Shaped { Shape = "int64[N, 6]" }, new() { Network = new Mlp(), Training = TestData.Training(1) });
        var e = Assert.Throws<InvalidOperationException>(() => whole.Fit(ml.Data.LoadFromEnumerable(rows)));
        Assert.Contains("'target' of row 1 is 2.5", e.Message, StringComparison.Ordinal);
        var lacking = ml.NeuralNetwork(
            new Shaped { Shape = "[N, 6]", Written = 5 },
            new() { Network = new Mlp(), Training = TestData.Training(1) });
        e = Assert.Throws<InvalidOperationException>(() => lacking.Fit(ml.Data.LoadFromEnumerable(rows)));
        Assert.Contains("no row has a label", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_are_found_where_the_form_says_they_stand()
    {
        // The class is the second number: strata and counts of a set in memory must not take the first.
        var heard = new List<string>();
        var recipe = new Recipe
        {
            Task = new SecondClass(),
            Model = new Mlp { Hidden = [4] },
            Training = TestData.Training(1) with { ClassWeights = ClassWeights.Balanced, ValidationFraction = 0.25 },
            Callbacks = [new Heard(heard)],
        };
        var examples = new Examples(
            Shape.Vector(1),
            Enumerable.Range(0, 40).Select(i => (float)i).ToArray(),
            Enumerable.Range(0, 40).Select(i => i % 2L).ToArray())
        {
            NamedTargets = [new("first", Shape.Vector(1), Enumerable.Repeat(1f, 40).ToArray())],
        };
        recipe.Run(examples);
        Assert.DoesNotContain(heard, m => m.StartsWith("warning", StringComparison.Ordinal));
    }

    [Fact]
    public void Supervised_training_without_its_own_target_says_which_there_are()
    {
        var own = new OwnBatches
        {
            Shape = Shape.Vector(64),
            Training = new Unnamed(),
            Label = new() { ClassNames = [.. Enumerable.Range(0, 10).Select(i => $"{i}")] },
            Identity = "zeros",
        };
        var e = Assert.Throws<InvalidOperationException>(() => Recipe(new Fit()).Run(own));
        Assert.Contains("needs a target named 'target', but the batch has only Size", e.Message, StringComparison.Ordinal);
    }
}
