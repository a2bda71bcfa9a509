// Records how small networks learn, so that pruners can be compared on real curves without training: see
// datasets/learning-curves/README.md. `dotnet run -c Release --project experiments/record-curves`; `-- curves` or `--
// seeds` records one of the two files only.
using System.Diagnostics;
using MlNetDl.Data;
using MlNetDl.RecordCurves;

const int Epochs = 27, SeedEpochs = 6;
string folder = DatasetFolder.Find("learning-curves");
var clock = Stopwatch.StartNew();

if (args is [] or ["curves"])
{
    // The seed of weights, order and held-out rows is the same for all.
    var configurations = Configuration.Sample(100, seed: 1);
    CurveFile.Write(
        Path.Combine(folder, "optdigits-mlp.csv.gz"),
        configurations,
        "epoch",
        Enumerable.Range(1, Epochs),
        c => Training.Curve(c, Epochs, seed: 1));
    Console.WriteLine($"{configurations.Count} curves of {Epochs} epochs in {clock.Elapsed.TotalSeconds:F0} s");
}

clock.Restart();
if (args is [] or ["seeds"])
{
    int[] seeds = [.. Enumerable.Range(1, 12)];
    var configurations = Configuration.Sample(40, seed: 2);
    CurveFile.Write(
        Path.Combine(folder, "optdigits-mlp-seeds.csv.gz"),
        configurations,
        "seed",
        seeds,
        c => [.. seeds.Select(s => Training.Curve(c, SeedEpochs, s)[^1])]);
    Console.WriteLine($"{configurations.Count} configurations with {seeds.Length} seeds, {SeedEpochs} epochs each, in "
        + $"{clock.Elapsed.TotalSeconds:F0} s");
}
