using Microsoft.ML;
using MlNetDl.MlNet;
using MlNetDl.Networks;

namespace MlNetDl.Tests.MlNet;

/// <summary>What ML.NET puts before a trainer to shuffle or to keep rows.</summary>
[Collection("torch")]
public sealed class RowOrderTests
{
    private readonly MLContext ml = new(seed: 1);

    public static TheoryData<int> Budgets => [1024, 0];

    [Theory]
    [MemberData(nameof(Budgets))]
    public void Shuffled_rows_train_and_the_same_shuffle_gives_the_same_model(int budgetMB)
    {
        var (data, trainer) = Case(budgetMB);
        var first = Bytes(trainer, ml.Data.ShuffleRows(data, seed: 5));
        Assert.Equal(first, Bytes(trainer, ml.Data.ShuffleRows(data, seed: 5)));

        // The order is not lost on the way: another one gives another model.
        Assert.NotEqual(first, Bytes(trainer, ml.Data.ShuffleRows(data, seed: 6)));
        Assert.NotEqual(first, Bytes(trainer, data));
    }

    [Fact]
    public void A_shuffle_that_is_new_at_every_reading_trains_in_memory_from_one_reading()
    {
        // ML.NET shuffles a cursor by a generator that goes on: two readings differ.
        var (data, trainer) = Case(1024);
        var shuffled = ml.Data.ShuffleRows(data, seed: 5);
        var counted = new CountingView(shuffled);
        var model = trainer.Fit(counted);
        Assert.Equal(1, counted.Passes);
        Assert.InRange(ml.Regression.Evaluate(model.Transform(data)).RSquared, 0.5, 1);
    }

    [Theory]
    [MemberData(nameof(Budgets))]
    public void A_cache_changes_nothing(int budgetMB)
    {
        var (data, trainer) = Case(budgetMB);
        var expected = Bytes(trainer, data);
        Assert.Equal(expected, Bytes(trainer, ml.Data.Cache(data)));
        Assert.Equal(expected, Bytes(trainer, ml.Data.Cache(data, "Features", "Label")));
        var pipeline = ml.Transforms.CopyColumns("Other", "Features").AppendCacheCheckpoint(ml).Append(trainer);
        Assert.Equal(expected, pipeline.Fit(data).LastTransformer.Package.ToBytes());
    }

    private (IDataView Data, NeuralNetworkTrainer Trainer) Case(int budgetMB) => TrainerContractTests.Case(ml, PredictionTask.Regression, o => o.Training = o.Training with
    {
        Epochs = 6, MemoryBudgetMB = budgetMB, ShuffleBuffer = 40, ValidationFraction = 0.2, Threads = 1,
    });

    private static byte[] Bytes(NeuralNetworkTrainer trainer, IDataView data) => trainer.Fit(data).Package.ToBytes();
}
