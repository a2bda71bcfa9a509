using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Onnx;
using MlNetDl.Tasks;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Benchmarks;

/// <summary>A training step with a teacher against its two parts one after the other: a step without a teacher, and the
/// teacher's pass over the batch in ONNX Runtime.</summary>
internal static class DistillationBenchmark
{
    private const int BatchSize = 128, Classes = 10;
    private static readonly Shape Input = Shape.Image(1, 28, 28);

    public static int Run(string[] args)
    {
        var (rounds, threads) = (args.Number("rounds", 15), args.Number("threads", 1));
        using var session = TorchSession.Enter(seed: 1, threads: threads);
        Compare("One hidden layer of 32, taught by LeNet-5", new Mlp { Hidden = [32] }, rounds, threads);
        Compare("LeNet-5, taught by LeNet-5", new LeNet5(), rounds, threads);
        return 0;
    }

    private static void Compare(string title, NetworkSpec student, int rounds, int threads)
    {
        var random = new Random(1);
        var features = Enumerable.Range(0, (int)Input.ElementsPerExample() * BatchSize * 4).Select(_ => random.NextSingle()).ToArray();
        var labels = Enumerable.Range(0, BatchSize * 4).Select(i => (long)(i % Classes)).ToArray();
        using var batches = new TensorBatches(new Examples(Input, features, labels), BatchSize, shuffleSeed: 1);
        var teacher = Teacher();
        using var model = new OnnxScorer(teacher, Network.DefaultInput, [1, 28, 28], [(Network.DefaultOutput, Classes)], new() { Threads = threads });
        using var alone = new Loop(student, batches, null);
        using var taught = new Loop(student, batches, Start(student, batches, teacher, cache: 0, threads));
        using var kept = new Loop(student, batches, Start(student, batches, teacher, cache: 256, threads));
        var (input, output) = (new float[BatchSize * Input.ElementsPerExample()], new float[BatchSize * Classes]);
        Interleaved.Run(
            $"{title}, batch {BatchSize}, {threads} thread(s)",
            rounds,
            ("step, then the teacher's pass", () => alone.Step(batch =>
            {
                batch.Inputs[0].data<float>().CopyTo(input);
                model.Run(input, BatchSize, output);
            })),
            ("step with the teacher", () => taught.Step()),
            ("step with kept answers", () => kept.Step()));
    }

    private static byte[] Teacher()
    {
        var network = new LeNet5().ToNetwork(Input, Classes);
        using var torch = new TorchNetwork(network);
        return OnnxWriter.Write(network, torch.ReadWeights());
    }

    private static StepHook Start(NetworkSpec student, TensorBatches batches, byte[] teacher, int cache, int threads) =>
        new Distilled { Teacher = [Compression.Teacher.Of(teacher)], CacheMB = cache }.Start(new()
        {
            Model = new(
                new Dictionary<string, Network> { [NetworkSpec.NetworkName] = student.ToNetwork(Input, Classes) },
                new Dictionary<string, Weights>()),
            Options = new() { Threads = threads },
            Data = batches,
            Task = new MulticlassClassification(),
            Label = new() { ClassNames = [.. Enumerable.Range(0, Classes).Select(i => $"{i}")] },
            Message = _ => { },
            Trains = (model, _, _) => model,
        });

    private sealed class Loop : IDisposable, IBatchSource
    {
        private readonly SupervisedStep step;
        private readonly TensorBatches batches;
        private IEnumerator<Batch>? rows;
        private Batch? drawn;
        private int epoch;
        private long steps;

        public Loop(NetworkSpec student, TensorBatches batches, StepHook? hook)
        {
            this.batches = batches;
            var options = new TrainingOptions { Optimizer = new Sgd { LearningRate = 0.001 } };
            step = new(new(student.ToNetwork(Input, Classes)), new MulticlassClassification(), options, hook is null ? [] : [hook]);
        }

        public Batch Next()
        {
            while (rows is null || !rows.MoveNext())
            {
                rows?.Dispose();
                rows = batches.Epoch(epoch++).GetEnumerator();
            }

            return drawn = rows.Current;
        }

        public long Step(Action<Batch>? behind = null)
        {
            using var scope = NewDisposeScope();
            var result = step.Run(this, new(0, steps++, long.MaxValue, 1));
            behind?.Invoke(drawn!);
            return result.Examples;
        }

        public void Dispose()
        {
            rows?.Dispose();
            step.Dispose();
        }
    }
}
