using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using TorchSharp;

namespace MlNetDl.Tests.MlNet;

/// <summary>What data beyond the memory budget costs: readings of the data, tensors, and memory.</summary>
[Collection("torch")]
public sealed class StreamingTests
{
    private const int Width = 1000, Rows = 4000;
    private readonly MLContext ml = new(seed: 1);

    // One reading looks at everything; then each part that is not held in memory is read once an epoch.
    [Theory]
    [InlineData(1024, 0, 5, 1)]
    [InlineData(1024, 0.2, 5, 1)]
    [InlineData(0, 0, 5, 1 + 5)]
    [InlineData(0, 0.2, 5, 1 + (2 * 5))]
    public void The_data_is_read_as_often_as_the_budget_asks_and_every_cursor_is_closed(
        int budgetMB, double validation, int epochs, int passes)
    {
        var (data, trainer) = TrainerContractTests.Case(ml, PredictionTask.Multiclass, o => o.Training = o.Training with
        {
            Epochs = epochs,
            MemoryBudgetMB = budgetMB,
            ValidationFraction = validation,
            ShuffleBuffer = 20,
        });
        var counted = new CountingView(data);
        trainer.Fit(counted);
        Assert.Equal((passes, 0), (counted.Passes, counted.Open));
    }

    [Fact]
    public void Cursors_are_closed_when_training_fails_or_is_stopped()
    {
        using var stop = new CancellationTokenSource();
        var (data, trainer) = TrainerContractTests.Case(ml, PredictionTask.Regression, o =>
        {
            o.Stop = stop.Token;
            o.Callbacks = [new Act(stop.Cancel)];
            o.Training = o.Training with { MemoryBudgetMB = 0, ShuffleBuffer = 20 };
        });
        var counted = new CountingView(data);
        Assert.ThrowsAny<OperationCanceledException>(() => trainer.Fit(counted));
        Assert.Equal((2, 0), (counted.Passes, counted.Open));
    }

    [Fact]
    public void A_validation_set_of_its_own_is_read_once_where_it_fits()
    {
        var (data, trainer) = TrainerContractTests.Case(
            ml,
            PredictionTask.Regression,
            o => o.Training = o.Training with
            {
                Epochs = 3,
                MemoryBudgetMB = 0,
                ShuffleBuffer = 20,
            });
        var (training, validation) = (new CountingView(data), new CountingView(data));
        trainer.Fit(training, validation);

        // With no budget at all it is streamed, too.
        Assert.Equal((1 + 3, 1 + 3), (training.Passes, validation.Passes));
        var (_, roomy) = TrainerContractTests.Case(
            ml, PredictionTask.Regression, o => o.Training = o.Training with { Epochs = 3, ShuffleBuffer = 20 });
        (training, validation) = (new CountingView(data), new CountingView(data));
        roomy.Fit(training, validation);
        Assert.Equal((1, 1), (training.Passes, validation.Passes));
    }

    /// <summary>16 MB of rows that exist only while they are read, a budget of 4 MB, a shuffle buffer of 2 MB: what
    /// training holds stays far below the data.</summary>
    [Fact]
    public void Streaming_holds_a_buffer_and_not_the_data()
    {
        var (streamed, tensors) = Fit(budgetMB: 4);
        Assert.InRange(streamed, -2, 8);
        Assert.Single(tensors.Skip(2).Distinct());

        // The measure does see data that is held.
        var (held, _) = Fit(budgetMB: 1024);
        Assert.InRange(held, 14, 40);
    }

    private (double Megabytes, List<long> Tensors) Fit(int budgetMB)
    {
        // What other tests left to the collector does not go while this one counts.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var watch = new Watch();
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Width);
        var data = ml.Data.LoadFromEnumerable(Wide(), definition);
        ml.Regression.Trainers.NeuralNetwork(new NeuralNetworkOptions
        {
            Network = new Mlp { Hidden = [4] },
            Callbacks = [watch],
            Training = new()
            {
                Epochs = 2,
                BatchSize = 250,
                MemoryBudgetMB = budgetMB,
                ShuffleBuffer = 500,
                Optimizer = new Sgd { LearningRate = 1e-3 },
                Threads = 1,
            },
        }).Fit(data);
        Assert.Equal(2 * Rows / 250, watch.Tensors.Count);
        return (watch.Megabytes.Max(), watch.Tensors);
    }

    // The same values at each reading, never all of them at once.
    private static IEnumerable<Row> Wide()
    {
        for (int i = 0; i < Rows; i++)
        {
            var row = new Row { Features = new float[Width], Label = i % 7 };
            for (int k = 0; k < Width; k++)
            {
                row.Features[k] = ((i * 31) + (k * 17)) % 101;
            }

            yield return row;
        }
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

    private sealed class Act(Action act) : Callback
    {
        public override void StepEnded(TrainingProgress progress) => act();
    }

    private sealed class Watch : Callback
    {
        private readonly long before = Live();

        public List<long> Tensors { get; } = [];

        public List<double> Megabytes { get; } = [];

        public override void StepEnded(TrainingProgress progress)
        {
            Tensors.Add(torch.Tensor.TotalCount);
            if (progress.Step % 8 == 0)
            {
                Megabytes.Add((Live() - before) / (double)(1 << 20));
            }
        }

        private static long Live()
        {
            // What earlier tests left to finalizers must be gone before the first reading, or a later one
            // would be below it.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            return GC.GetTotalMemory(forceFullCollection: false);
        }
    }
}
