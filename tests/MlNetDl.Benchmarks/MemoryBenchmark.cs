using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.MlNet;
using MlNetDl.Networks;

namespace MlNetDl.Benchmarks;

/// <summary>Peak memory of training LeNet-5 for one epoch on as many rows as MNIST has, from an <c>IDataView</c> that
/// makes them as they are read.</summary>
internal static class MemoryBenchmark
{
    private const int Width = 28 * 28;

    public static int Run(string[] args)
    {
        var context = new MLContext(seed: 1);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Width);
        var data = context.Data.LoadFromEnumerable(Rows(args.Number("rows", 60_000)), schema);
        double before = PeakMegabytes();
        using var model = context.MulticlassClassification.Trainers.NeuralNetwork(new NeuralNetworkOptions
        {
            Network = new LeNet5(),
            InputShape = Layers.Contracts.Shape.Image(1, 28, 28),
            Training = new() { Epochs = 1 },
        }).Fit(data);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Peak working set: {before:F0} MB before Fit, {PeakMegabytes():F0} MB after it"));
        return 0;
    }

    private static IEnumerable<Row> Rows(int count)
    {
        var random = new Random(1);
        for (int i = 0; i < count; i++)
        {
            var pixels = new float[Width];
            for (int p = 0; p < Width; p++)
            {
                pixels[p] = random.Next(256);
            }

            yield return new() { Features = pixels, Label = (uint)(i % 10) + 1 };
        }
    }

    private static double PeakMegabytes()
    {
        using var self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64 / 1e6;
    }
}
