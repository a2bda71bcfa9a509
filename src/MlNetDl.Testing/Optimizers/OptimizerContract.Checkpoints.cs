using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Tasks;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Testing;

/// <content>Trainings that stop and go on.</content>
public static partial class OptimizerContract
{
    private const int Width = 4;

    // Three steps an epoch: stopped after every step, at the end of an epoch too.
    private static void Resumes(Optimizer optimizer)
    {
        var straight = Train(optimizer, checkpoint: null, stopAfter: 0);
        var folder = Directory.CreateTempSubdirectory("optimizer-contract-");
        try
        {
            string checkpoint = Path.Combine(folder.FullName, "checkpoint");
            for (int i = 0; i < 5; i++)
            {
                Expect.Throws<OperationCanceledException>(
                    () => Train(optimizer, checkpoint, stopAfter: 1), "a training that is stopped after a step");
            }

            var resumed = Train(optimizer, checkpoint, stopAfter: 0);
            foreach (var weight in straight)
            {
                Expect.True(
                    weight.Data.AsSpan().SequenceEqual(resumed[weight.Name].Data),
                    $"{weight.Name} is another after a training that was stopped after each step. Keep all state in "
                        + "the state tensors, and let the update depend on them, the gradient and Steps alone.");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Weights Train(Optimizer optimizer, string? checkpoint, int stopAfter)
    {
        using var stop = new CancellationTokenSource();
        var options = new TrainingOptions
        {
            Epochs = 2,
            BatchSize = 8,
            Optimizer = optimizer,
            Seed = 1,
            Threads = 1,
            Device = "cpu",
        };
        using var session = TorchSession.Enter(seed: 1, threads: 1);
        using var network = new TorchNetwork(new Network(new Sequential(new Linear(6), new Tanh(), new Linear(1)), Shape.Vector(Width)));
        using var step = new SupervisedStep(network, new Regression(), options);
        var random = new Random(1);
        float[] features = [.. Enumerable.Range(0, 24 * Width).Select(_ => random.NextSingle())];
        var examples = new Examples(Shape.Vector(Width), features, features.Chunk(Width).Select(row => row.Sum()).ToArray());
        using var batches = new TensorBatches(examples, options.BatchSize!.Value, shuffleSeed: 1);
        Callback[] callbacks = stopAfter > 0 ? [new Stops(stopAfter, stop)] : [];
        new Trainer(options, callbacks) { CheckpointPath = checkpoint }.Fit(step, batches, stop: stop.Token);
        return network.ReadWeights();
    }

    private sealed class Stops(int steps, CancellationTokenSource stop) : Callback
    {
        private int done;

        public override void StepEnded(TrainingProgress progress)
        {
            if (++done == steps)
            {
                stop.Cancel();
            }
        }
    }
}
