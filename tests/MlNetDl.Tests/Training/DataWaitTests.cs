using MlNetDl.Data;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Torch;
using MlNetDl.Training;

namespace MlNetDl.Tests.Training;

/// <summary>How long a training waits for its data.</summary>
[Collection("torch")]
public sealed class DataWaitTests : IDisposable
{
    private const double Pause = 0.03;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>A pause is never shorter than it was asked for, so the time has a lower bound on every machine.</summary>
    [Fact]
    public void The_time_of_batches_is_that_of_data_also_of_those_to_validate_with_and_over_an_interruption()
    {
        var options = Samples.Options with { Epochs = 2, BatchSize = 45 };
        using var batches = new TensorBatches(Samples.Blobs(), 45);
        var trainer = new Trainer(options, []) { CheckpointPath = folder["checkpoint"] };
        Assert.Throws<OperationCanceledException>(() => Fit(stopAfter: 3));
        var report = Fit(stopAfter: null);
        // Two batches to train on and two to validate with in each epoch; one of the second epoch was drawn before the interruption.
        Assert.All(report.Epochs, e => Assert.InRange(e.DataSeconds, 4 * Pause * 0.95, e.Seconds));
        Assert.Equal(report.Epochs.Sum(e => e.DataSeconds), report.DataSeconds);
        Assert.InRange(report.DataShare, double.Epsilon, 1);

        TrainingReport Fit(int? stopAfter)
        {
            using var stop = new CancellationTokenSource();
            using var session = TorchSession.Enter(options.SeedOrDefault, options.Threads, stop.Token);
            using var network = new TorchNetwork(Samples.Network);
            using var step = new SupervisedStep(network, PredictionTask.Multiclass.Of(), options, []);
            var train = new SlowBatches(batches, count => (count == stopAfter ? stop : null)?.Cancel());
            return trainer.Fit(step, train, new SlowBatches(batches, _ => { }), stop.Token);
        }
    }

    [Theory]
    [InlineData(30, 10, "in memory", "The rows are in memory, so batches and their augmentations "
        + "take the time: take larger batches or fewer augmentations.")]
    [InlineData(30, 10, "images", "Images are decoded in every epoch: hold more of them in memory "
        + "(data.memoryBudgetMB, or a MemoryBudget), or give files that are about as small as the network takes them.")]
    [InlineData(30, 10, "rows", "Rows are read anew in every epoch: hold them in memory "
        + "(training.memoryBudgetMB), or let ml.Data.Cache do so.")]
    [InlineData(30, 10, "own", "Make the next batch while one is trained with, or keep what costs "
        + "time to make.")]
    [InlineData(60, 10, "rows", null)]
    [InlineData(6, 4, "rows", null)]
    public void Who_waits_long_is_told_what_to_do(double seconds, double waited, string kind, string? text)
    {
        var figures = new Dictionary<string, double>();
        var report = new TrainingReport([new(1, figures, figures, 1, seconds) { DataSeconds = waited }], 1, false, false, seconds, 1);
        var examples = Samples.Blobs();
        var data = ExamplePreparation.Of(examples, null, new MulticlassClassification(), new MulticlassClassification().Label, Samples.Options) with
        {
            InMemory = kind is "images" or "in memory" ? examples : null,
            Streams = kind is "images" or "rows",
            OwnScale = kind == "own" ? TargetScale.None : null,
        };
        Assert.Equal(text is null ? null : $"warning: The training waited for data 33 % of the time (10 s). {text}", RecipeMessages.WaitingText(report, data));
    }

    private sealed class SlowBatches(IBatches batches, Action<int> drawn) : IBatches
    {
        private int count;

        public long ExampleCount => batches.ExampleCount;

        public int BatchCount => batches.BatchCount;

        public IEnumerable<Batch> Epoch(int epoch, int skip = 0)
        {
            foreach (var batch in batches.Epoch(epoch, skip))
            {
                Thread.Sleep(TimeSpan.FromSeconds(Pause));
                drawn(++count);
                yield return batch;
            }
        }
    }
}
