using System.Globalization;
using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Training;

namespace MlNetDl.Benchmarks;

/// <summary>What pruning filters saves in the model that is shipped: ResNet-18 and a half of its multiply–adds, with odd
/// widths and with widths that are multiples of 16, timed in turns by ONNX Runtime.</summary>
internal static class PruningBenchmark
{
    public static int Run(string[] args)
    {
        int runs = args.Number("rounds", 60);
        var whole = Model(null);
        var ledger = CompressionLedger.Measure(
            [
                ("whole", whole),
                ("half of the multiply-adds", Model(whole, new FilterPruning { Amount = 0.5, Of = PruningMeasure.Macs })),
                ("the same, widths of 16", Model(whole, new FilterPruning { Amount = 0.5, Of = PruningMeasure.Macs, Multiple = 16 })),
                ("half of the channels", Model(whole, new FilterPruning { Amount = 0.5 })),
                ("90 % of the weights 0", Model(whole, new MagnitudePruning())),
            ],
            runs);
        var first = ledger.Rows[0];
        Console.WriteLine("| ResNet-18, 3x64x64, 1 thread | multiply-adds | .onnx | in a .zip | p50 of 1 row | p50 of 64 | "
            + "multiply-adds, times of the whole | 1 row | 64 |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var row in ledger.Rows)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {row.Name} | {row.Size.Macs:N0} | {row.Size.OnnxBytes:N0} | {row.Size.ZippedBytes:N0} | {row.Single!.P50:0.00} ms | "
                    + $"{row.Batch!.P50:0.0} ms | {(double)row.Size.Macs / first.Size.Macs:0.00} | {row.Single.P50 / first.Single!.P50:0.00} | "
                    + $"{row.Batch.P50 / first.Batch!.P50:0.00} |"));
        }

        return 0;
    }

    // What weights say does not matter here, so nothing is trained.
    private static ModelPackage Model(ModelPackage? from, params ValueList<Stage> stages)
    {
        const int rows = 4, classes = 10;
        var random = new Random(1);
        var image = Shape.Image(3, 64, 64);
        var features = Enumerable.Range(0, rows * 3 * 64 * 64).Select(_ => (byte)random.Next(256)).ToArray();
        var examples = new Examples(image, features, Enumerable.Range(0, rows).Select(i => (long)i).ToArray())
        {
            ClassNames = [.. Enumerable.Range(0, classes).Select(i => $"{i}")],
        };
        return new Recipe
        {
            Task = new MulticlassClassification(),
            Model = from is null ? new ResNet() : null,
            ContinueFrom = from,
            Training = new()
            {
                Epochs = 1,
                BatchSize = rows,
                Threads = 1,
                Seed = 1,
                Stages = stages,
            },
        }.Run(examples).Package;
    }
}
