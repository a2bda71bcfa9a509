using MlNetDl.Models;
using System.Diagnostics;
using System.Globalization;
using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Onnx;

namespace MlNetDl.Benchmarks;

/// <summary>What a process that scores one row waits for: reading the package, making the session (first call), and a
/// call after that.</summary>
internal static class LoadingBenchmark
{
    public static int Run(string[] args)
    {
        using var trained = new TrainedModel(new LeNet5(), Shape.Image(1, 28, 28), threads: 1);
        var bytes = trained.Transformer.Package.ToBytes();
        for (int round = 0; round < args.Number("rounds", 5); round++)
        {
            var clock = Stopwatch.StartNew();
            var package = ModelPackage.Read(bytes);
            double read = clock.Elapsed.TotalMilliseconds;
            using var scorer = new OnnxScorer(
                package.Graphs[ModelPackage.MainGraph],
                Network.DefaultInput,
                [1, 28, 28],
                [(Network.DefaultOutput, 10)],
                new() { Threads = 1 });
            float[] input = new float[784], scores = new float[10];
            clock.Restart();
            scorer.Run(input, 1, scores);
            double first = clock.Elapsed.TotalMilliseconds;
            clock.Restart();
            scorer.Run(input, 1, scores);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"LeNet-5, {bytes.Length:N0} bytes: read {read:F2} ms, first call {first:F2} ms, second "
                    + $"{clock.Elapsed.TotalMilliseconds:F3} ms"));
        }

        return 0;
    }
}
