using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using MlNetDl;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Training;

// The memory of a training on sparse features beside one on ten columns, each in a process of its own:
// dotnet run -c Release --project experiments/sparse-memory
const int Rows = 1000, Words = 12, Bits = 18;
if (args is [var kind])
{
    Train(kind == "hashed");
    Console.WriteLine(Process.GetCurrentProcess().PeakWorkingSet64 / 1024 / 1024);
    return;
}

double columns = Peak("columns"), hashed = Peak("hashed");
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"{Rows:N0} rows of 10 columns: {columns:N0} MB at most; {Rows:N0} sentences hashed to 2^{Bits}: {hashed:N0} MB, {hashed - columns:N0} MB more"));

static double Peak(string kind)
{
    var start = new ProcessStartInfo(Environment.ProcessPath!, [kind]) { RedirectStandardOutput = true };
    using var process = Process.Start(start)!;
    return double.Parse(process.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
}

static void Train(bool hashed)
{
    var ml = new MLContext(seed: 1);
    var random = new Random(1);
    var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(i => new Sentence
    {
        Label = i % 2 == 0,
        Text = string.Join(' ', Enumerable.Range(0, Words).Select(_ => $"w{random.Next(5000)}").Append(i % 2 == 0 ? "good" : "bad")),
        Numbers = [.. Enumerable.Range(0, 10).Select(_ => random.NextSingle() + (i % 2))],
    }).ToList());
    var trainer = ml.BinaryClassification.Trainers.NeuralNetwork(new NeuralNetworkOptions
    {
        Network = new Mlp { Hidden = [] },
        Training = new TrainingOptions { Epochs = 5, BatchSize = 32 },
        Standardize = false,
        FeatureColumnName = hashed ? "Hashed" : nameof(Sentence.Numbers),
    });
    var chain = hashed
        ? ml.Transforms.Text.TokenizeIntoWords("Tokens", nameof(Sentence.Text)).Append(ml.Transforms.Conversion.MapValueToKey("Tokens"))
            .Append(ml.Transforms.Text.ProduceHashedNgrams("Hashed", "Tokens", numberOfBits: Bits)).Append(trainer)
        : (IEstimator<ITransformer>)trainer;
    var scored = chain.Fit(rows).Transform(rows);
    var figures = ml.BinaryClassification.Evaluate(scored);
    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"accuracy on the rows trained on: {figures.Accuracy:P1}"));
}

internal sealed class Sentence
{
    public bool Label { get; init; }

    public string Text { get; init; } = "";

    [Microsoft.ML.Data.VectorType(10)]
    public float[] Numbers { get; init; } = [];
}
