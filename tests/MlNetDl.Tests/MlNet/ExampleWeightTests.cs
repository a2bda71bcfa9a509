using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Tests.MlNet;

/// <summary>What weights of examples and classes mean.</summary>
[Collection("torch")]
public sealed class ExampleWeightTests
{
    private readonly MLContext ml = new(seed: 1);

    public static TheoryData<PredictionTask, int> Cases => new()
    {
        { PredictionTask.Multiclass, 1024 },
        { PredictionTask.Binary, 1024 },
        { PredictionTask.Regression, 1024 },
        { PredictionTask.Multiclass, 0 },
        { PredictionTask.Regression, 0 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Rows_of_weight_0_might_as_well_not_be_there(PredictionTask task, int budgetMB)
    {
        // They would spoil the standardisation, and one that is infinite would be an error.
        var rows = Rows(i => i % 4 == 3 ? 0 : 1 + (i % 2)).ToList();
        rows.ForEach(r => (r.Features[0], r.Value) = r.Weight == 0 ? (1e9f, -1e9f) : (r.Features[0], r.Value));
        rows[3].Features[1] = float.PositiveInfinity;
        Assert.Equal(Fit(task, rows.Where(r => r.Weight > 0), budgetMB), Fit(task, rows, budgetMB));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Only_ratios_of_weights_matter(PredictionTask task, int budgetMB)
    {
        // A power of two scales floats without rounding, so the models are equal to the last bit.
        var expected = Fit(task, Rows(i => 1 + (i % 3)), budgetMB);
        Assert.Equal(expected, Fit(task, Rows(i => 1024 * (1 + (i % 3))), budgetMB));
        Assert.NotEqual(expected, Fit(task, Rows(i => 1 + (i % 4)), budgetMB));
    }

    [Theory]
    [InlineData(PredictionTask.Multiclass)]
    [InlineData(PredictionTask.Binary)]
    [InlineData(PredictionTask.Regression)]
    public void A_row_of_weight_2_is_that_row_twice_in_standardisation_and_step(PredictionTask task)
    {
        var weighted = Rows(i => i % 3 == 1 ? 2 : 1).ToList();
        var repeated = weighted.Concat(weighted.Where(r => r.Weight == 2))
            .Select(r => new TrainerContractTests.Row
            {
                Text = r.Text,
                Yes = r.Yes,
                Value = r.Value,
                Features = r.Features,
            });
        var a = Model(task, weighted, o => o with { BatchSize = 1000, Epochs = 3 }).Package.ReadWeights();
        var b = Model(task, repeated, o => o with { BatchSize = 1000, Epochs = 3 }).Package.ReadWeights();
        Assert.Contains("preprocessing.mean", a.Select(w => w.Name));
        Assert.All(a, w => Assert.Equal(b[w.Name].Data, w.Data, (x, y) => Math.Abs(x - y) < 1e-4f * Math.Max(1, Math.Abs(x))));
    }

    [Theory]
    [InlineData(-1f, "-1")]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    public void A_weight_that_is_none_is_named_with_its_row(float weight, string text)
    {
        Assert.Contains(
            $"Weight column 'Weight' holds {text} in row 6; expected a finite number, 0 or more.",
            Assert.Throws<InvalidOperationException>(
                () => Fit(PredictionTask.Regression, Rows(i => i == 5 ? weight : 1))).Message,
            StringComparison.Ordinal);
        var examples = Examples() with { Weights = [1, 1, weight, 1] };
        Assert.Contains(
            $"The weight of example 2 is {text}",
            Assert.Throws<ArgumentException>(
                () => ml.Regression.Trainers.NeuralNetwork(new Mlp()).Fit(examples)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_leave_nothing_or_one_class_are_refused()
    {
        Assert.Contains(
            "a weight above 0",
            Assert.Throws<InvalidOperationException>(() => Fit(PredictionTask.Regression, Rows(_ => 0))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "at least two classes",
            Assert.Throws<InvalidOperationException>(
                () => Fit(PredictionTask.Binary, Rows(i => i % 3 == 1 ? 0 : 1))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "3 weights for 4 examples",
            Assert.Throws<ArgumentException>(() => ml.Regression.Trainers.NeuralNetwork(new Mlp())
                .Fit(Examples() with { Weights = [1, 1, 1] })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Examples_of_weight_0_might_as_well_not_be_there()
    {
        var trainer = ml.Regression.Trainers.NeuralNetwork(new Mlp { Hidden = [4] }, epochs: 2);
        var whole = Examples();
        Assert.Equal(
            trainer.Fit(whole.Where(i => i != 1) with { Weights = [1, 3, 1] }).Package.ToBytes(),
            trainer.Fit(whole with { Weights = [1, 0, 3, 1] }).Package.ToBytes());
    }

    /// <summary>With batches of one, every third batch weighs nothing at all: 0/0, were it not looked after.</summary>
    [Fact]
    public void A_class_of_weight_0_is_never_learnt_even_where_a_batch_has_no_other()
    {
        var model = Model(PredictionTask.Multiclass, Rows(_ => 1), o => o with
        {
            BatchSize = 1,
            Epochs = 3,
            ClassWeights = ClassWeights.Of(("c", 0)),
            ValidationFraction = 0.2,
        });
        var scores = model.Transform(Data(Rows(_ => 1))).GetColumn<float[]>("Score").ToList();
        Assert.All(scores, s => Assert.True(s[2] < Math.Max(s[0], s[1]), string.Join(", ", s)));
        Assert.InRange(scores.Where((_, i) => i % 3 == 0).Count(s => s[0] > s[1]), 28, 30);
        Assert.All(
            model.TrainingReport!.Epochs,
            e => Assert.True(double.IsFinite(e.Training["loss"]) && double.IsFinite(e.Validation["loss"])));
    }

    private static IEnumerable<TrainerContractTests.Row> Rows(Func<int, float> weight) => TrainerContractTests.Rows().Select((row, i) =>
    {
        row.Weight = weight(i);
        return row;
    });

    private static Examples Examples() => new(Shape.Vector(1), new float[] { 1, 2, 3, 5 }, new float[] { 1, 2, 3, 4 });

    private IDataView Data(IEnumerable<TrainerContractTests.Row> rows)
    {
        var data = ml.Data.LoadFromEnumerable(rows.ToList());
        // Keys in the order of the names, whatever rows there are.
        return ml.Transforms.Conversion
            .MapValueToKey(
                "Key", "Text", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Fit(data)
            .Transform(data);
    }

    private byte[] Fit(PredictionTask task, IEnumerable<TrainerContractTests.Row> rows, int budgetMB = 1024) =>
        Model(task, rows, o => o with { MemoryBudgetMB = budgetMB, ShuffleBuffer = 30 }).Package.ToBytes();

    private NeuralNetworkTransformer Model(
        PredictionTask task,
        IEnumerable<TrainerContractTests.Row> rows,
        Func<MlNetDl.Training.TrainingOptions, MlNetDl.Training.TrainingOptions> change)
    {
        var options = new NeuralNetworkOptions
        {
            Network = new Mlp { Hidden = [8] },
            ExampleWeightColumnName = "Weight",
            LabelColumnName = task switch { PredictionTask.Multiclass => "Key", PredictionTask.Binary => "Yes", _ => "Value" },
            Training = change(new()
            {
                Epochs = 4,
                BatchSize = 16,
                Optimizer = new Sgd { LearningRate = 0.05 },
                Threads = 1,
            }),
        };
        return (task switch
        {
            PredictionTask.Multiclass => ml.MulticlassClassification.Trainers.NeuralNetwork(options),
            PredictionTask.Binary => ml.BinaryClassification.Trainers.NeuralNetwork(options),
            _ => ml.Regression.Trainers.NeuralNetwork(options),
        }).Fit(Data(rows));
    }
}
