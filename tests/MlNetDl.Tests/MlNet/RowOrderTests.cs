using Microsoft.ML;
using Microsoft.ML.Data;
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

    /// <summary>Scoring reads its input with two cursors: they must not come in different orders.</summary>
    [Fact]
    public void Scores_of_shuffled_rows_stay_with_their_rows()
    {
        var (data, trainer) = Case(1024);
        var model = trainer.Fit(data).WithScoring(new() { BatchSize = 7, Threads = 1 });
        var expected = Pairs(model.Transform(data));
        var shuffled = Pairs(model.Transform(new MLContext().Data.ShuffleRows(data)));
        Assert.NotEqual(expected.Select(p => p.Label), shuffled.Select(p => p.Label));
        Assert.Equal(expected.OrderBy(p => p.Label).Select(p => p.Label), shuffled.OrderBy(p => p.Label).Select(p => p.Label));
        Assert.All(
            expected.OrderBy(p => p.Label).Zip(shuffled.OrderBy(p => p.Label)),
            p => Assert.Equal(p.First.Score, p.Second.Score, 1e-3f));

        static List<(float Label, float Score)> Pairs(IDataView scored) => [.. scored.GetColumn<float>("Label")
            .Zip(scored.GetColumn<float>("Score"))];
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

    private (IDataView Data, NeuralNetworkTrainer Trainer) Case(int budgetMB) => TrainerContractTests.Case(
        ml,
        PredictionTask.Regression,
        o => o.Training = o.Training with
        {
            Epochs = 6,
            MemoryBudgetMB = budgetMB,
            ShuffleBuffer = 40,
            ValidationFraction = 0.2,
            Threads = 1,
        });

    private static byte[] Bytes(NeuralNetworkTrainer trainer, IDataView data) => trainer.Fit(data).Package.ToBytes();
}
