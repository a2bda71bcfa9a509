using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Torch;
using MlNetDl.Training;

namespace MlNetDl.Tests.Training;

/// <summary>A small problem with everything that could break repeatability: shuffling, dropout, running statistics, a
/// last batch that is smaller.</summary>
internal static class Samples
{
    public const int Width = 6, Classes = 3;

    public static readonly TrainingOptions Options = new()
    {
        Epochs = 3,
        BatchSize = 16,
        Threads = 1,
        Seed = 7,
        Device = "cpu",
    };

    public static readonly Network Network = new(
        new Sequential(new Linear(12), new BatchNorm2d(), new ReLU(), new Dropout(0.3), new Linear(Classes)), Shape.Vector(Width));

    /// <summary>Points around one centre a class.</summary>
    public static Examples Blobs(int count = 90, int seed = 1, double noise = 0.7)
    {
        var random = new Random(seed);
        var features = new float[count * Width];
        var targets = new long[count];
        for (int i = 0; i < count; i++)
        {
            targets[i] = i % Classes;
            for (int k = 0; k < Width; k++)
            {
                features[(i * Width) + k] = (float)((k % Classes == targets[i] ? 1.5 : 0) + (noise * (random.NextDouble() - 0.5) * 4));
            }
        }

        return new(Shape.Vector(Width), features, targets) { ClassNames = ["a", "b", "c"] };
    }

    /// <summary>One training from start (or from the checkpoint) to end.</summary>
    public static (Weights Weights, TrainingReport Report) Fit(
        TrainingOptions options,
        string? checkpoint = null,
        CancellationTokenSource? stopping = null,
        Network? network = null,
        Examples? examples = null,
        string fingerprint = "sample",
        TimeSpan? interval = null,
        IReadOnlyList<StepHook>? hooks = null,
        string? start = null,
        params Callback[] callbacks)
    {
        var stop = stopping?.Token ?? CancellationToken.None;
        using var session = TorchSession.Enter(options.SeedOrDefault, options.Threads, stop);
        using var torchNetwork = new TorchNetwork(network ?? Network);
        using var step = new SupervisedStep(torchNetwork, PredictionTask.Multiclass.Of(), options, hooks ?? []);
        using var train = new TensorBatches(examples ?? Blobs(), options.BatchSize ?? 128, options.SeedOrDefault);
        using var validation = new TensorBatches(Blobs(45, seed: 2), options.BatchSize ?? 128);
        var trainer = new Trainer(options, callbacks)
        {
            CheckpointPath = checkpoint,
            StartCheckpoint = start,
            Fingerprint = fingerprint,
            CheckpointInterval = interval ?? TimeSpan.FromHours(1),
        };
        var report = trainer.Fit(step, train, validation, stop);
        return (torchNetwork.ReadWeights(), report);
    }

    /// <summary>Fails unless all weights are the same to the last bit.</summary>
    public static void AssertSame(Weights expected, Weights actual)
    {
        Assert.Equal(expected.Select(w => w.Name), actual.Select(w => w.Name));
        foreach (var weight in expected)
        {
            Assert.True(weight.Data.AsSpan().SequenceEqual(actual[weight.Name].Data), weight.Name);
        }
    }

    /// <summary>An epoch's figures without the time it took.</summary>
    public static string Figures(EpochReport epoch) => string.Join(
        " ",
        epoch.Training.Concat(epoch.Validation)
            .Select(f => $"{f.Key}={f.Value:R}")
            .Prepend($"{epoch.Epoch} {epoch.LearningRateFactor:R}"));
}

/// <summary>Keeps the messages.</summary>
internal sealed class Messages : Callback
{
    public List<string> Texts { get; } = [];

    public override void Message(string text) => Texts.Add(text);
}

/// <summary>Cancels after so many steps.</summary>
internal sealed class CancelAfter(int steps, CancellationTokenSource source) : Callback
{
    private int done;

    public override void StepEnded(TrainingProgress progress)
    {
        if (++done == steps)
        {
            source.Cancel();
        }
    }
}
