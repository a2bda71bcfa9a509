using System.Globalization;
using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Training;

namespace MlNetDl.Benchmarks;

/// <summary>What 8-bit integers save in the model that is shipped: ResNet-18 and GoogLeNet, in float and rounded, whole and with
/// 30 % of the channels pruned, timed in turns by ONNX Runtime.</summary>
internal static class QuantizationBenchmark
{
    public static int Run(string[] args)
    {
        int runs = args.Number("rounds", 40);
        var small = Shape.Image(3, 64, 64);
        var whole = Model(new ResNet(), small, null);
        var pruned = Model(null, small, whole, new FilterPruning { Amount = 0.3, Multiple = 16 });
        Table(
            "ResNet-18, 3x64x64",
            runs,
            ("float", whole),
            ("int8", Model(null, small, whole, new Int8())),
            ("30 % of the channels pruned", pruned),
            ("pruned and int8", Model(null, small, pruned, new Int8())));
        var large = Shape.Image(3, 224, 224);
        var big = Model(new ResNet(), large, null);
        Table("ResNet-18, 3x224x224", runs, ("float", big), ("int8", Model(null, large, big, new Int8())));
        var medium = Shape.Image(3, 96, 96);
        var google = Model(new GoogLeNet(), medium, null);
        Table("GoogLeNet, 3x96x96", runs, ("float", google), ("int8", Model(null, medium, google, new Int8())));
        return 0;
    }

    private static void Table(string title, int runs, params (string Name, ModelPackage Model)[] models)
    {
        var ledger = CompressionLedger.Measure(models, runs);
        var first = ledger.Rows[0];
        Console.WriteLine($"| {title}, 1 thread | .onnx | p50 of 1 row | p50 of 64 | times smaller | times as fast, 1 row | 64 |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var row in ledger.Rows)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {row.Name} | {row.Size.OnnxBytes:N0} | {row.Single!.P50:0.00} ms | {row.Batch!.P50:0.0} ms | "
                    + $"{(double)first.Size.OnnxBytes / row.Size.OnnxBytes:0.00} | {first.Single!.P50 / row.Single.P50:0.00} | "
                    + $"{first.Batch!.P50 / row.Batch.P50:0.00} |"));
        }
    }

    // What weights say does not matter here, so nothing is trained but one step.
    private static ModelPackage Model(ModelSpec? spec, Shape image, ModelPackage? from, params ValueList<Stage> stages)
    {
        const int rows = 4, classes = 10;
        var random = new Random(1);
        long size = image.ElementsPerExample()!;
        var features = Enumerable.Range(0, (int)(rows * size)).Select(_ => (byte)random.Next(256)).ToArray();
        var examples = new Examples(image, features, Enumerable.Range(0, rows).Select(i => (long)i).ToArray())
        {
            ClassNames = [.. Enumerable.Range(0, classes).Select(i => $"{i}")],
        };
        return new Recipe
        {
            Task = new MulticlassClassification(),
            Model = spec,
            ContinueFrom = from,
            Callbacks = [new Told()],
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

    private sealed class Told : Callback
    {
        public override void Message(string text)
        {
            if (text.StartsWith("int8", StringComparison.Ordinal))
            {
                Console.WriteLine(text);
            }
        }
    }
}
