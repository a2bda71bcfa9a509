using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Extensions.Tests;

/// <summary>Small real data.</summary>
internal static class TestData
{
    public static Examples Digits(int count = 600, bool test = false) => Datasets.Find("optdigits")!.Load(test).Take(count);

    public static string File(string name) => DatasetFolder.Find($"tabular/{name}.csv");

    /// <summary>The 442 patients of the diabetes study: 10 measurements and the progression of the disease.</summary>
    public static IDataView Diabetes(MLContext ml) => ml.Data.LoadFromTextFile(File("diabetes"),
        [new("Features", DataKind.Single, 0, 9), new("progression", DataKind.Single, 10)], separatorChar: ',', hasHeader: true);

    public static Examples Diabetes()
    {
        var rows = System.IO.File.ReadLines(File("diabetes")).Skip(1)
            .Select(line => line.Split(',').Select(v => float.Parse(v, CultureInfo.InvariantCulture)).ToArray()).ToList();
        return new(Shape.Vector(10), rows.SelectMany(r => r.Take(10)).ToArray(), rows.Select(r => r[10]).ToArray());
    }

    public static IDataView Rows(MLContext ml, Examples digits)
    {
        var features = new float[digits.Count * 64];
        digits.CopyTo(0, digits.Count, features);
        return ml.Data.LoadFromEnumerable(features.Chunk(64)
            .Select((f, i) => new DigitRow { Features = f, Digit = (uint)((long[])digits.Targets!)[i] }).ToList());
    }

    public static TrainingOptions Training(int epochs = 2) => new()
    {
        Epochs = epochs,
        BatchSize = 64,
        Optimizer = new Adam { LearningRate = 5e-3 },
        Threads = 1,
        Seed = 3,
    };
}

/// <summary>A digit as ML.NET has it; what an object says of a key counts from 0.</summary>
internal sealed class DigitRow
{
    [VectorType(64)]
    public float[] Features { get; set; } = [];

    [KeyType(10)]
    public uint Digit { get; set; }
}

/// <summary>Counts steps.</summary>
internal sealed class StepCount : Callback
{
    public int Steps { get; private set; }

    public override void StepEnded(TrainingProgress progress) => Steps++;
}

/// <summary>Cancels in a training of several.</summary>
internal sealed class CancelIn(int training, CancellationTokenSource stop) : Callback
{
    private int started;

    public override void Starting(TrainingStep step, IReadOnlyList<EpochReport> done) => started++;

    public override void StepEnded(TrainingProgress progress)
    {
        if (started == training && progress.Step == 2)
        {
            stop.Cancel();
        }
    }
}
