using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using MlNetDl;
using MlNetDl.Experiments;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Tasks;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

// The memory of trainings on sparse features beside one on ten columns, each in a process of its own:
// dotnet run -c Release --project experiments/sparse-memory            1,000 hashed sentences
// dotnet run -c Release --project experiments/sparse-memory -- texts   100,000 sentences of a table, in memory and streamed
const int Rows = 1000, Words = 12, Bits = 18, Sentences = 100_000, Least = 32;
if (args is ["texts"])
{
    double few = Peak("table 1000 1024"), kept = Peak($"table {Sentences} 1024"), streamed = Peak($"table {Sentences} {Least}");
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"1,000 sentences: {few:N0} MB at most; {Sentences:N0}: {kept:N0} MB with a budget of 1,024 MB, {streamed:N0} MB with one of {Least} MB"));
    return;
}

if (args is ["table", var count, var budget])
{
    TrainTable(int.Parse(count, CultureInfo.InvariantCulture), int.Parse(budget, CultureInfo.InvariantCulture));
    Console.WriteLine(Process.GetCurrentProcess().PeakWorkingSet64 / 1024 / 1024);
    return;
}

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
    var start = new ProcessStartInfo(Environment.ProcessPath!, kind.Split(' ')) { RedirectStandardOutput = true };
    using var process = Process.Start(start)!;
    return double.Parse(process.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
}

static string Sentence(Random random, bool isGood) =>
    string.Join(' ', Enumerable.Range(0, Words).Select(_ => $"w{random.Next(5000)}").Append(isGood ? "good" : "bad"));

// What an experiment with data.text does.
static void TrainTable(int count, int budget)
{
    var path = Path.Combine(Path.GetTempPath(), $"sentences-{Environment.ProcessId}.csv");
    var random = new Random(1);
    File.WriteAllLines(path, Enumerable.Range(0, count).Select(i => $"{Sentence(random, i % 2 == 0)},{i % 2}").Prepend("text,y"));
    try
    {
        var task = new BinaryClassification();
        var data = (LoadedRows)new CsvData { Csv = path, Label = "y", Text = ["text"] }.Load(task);
        var (model, network) = data.Fit(new MLContext(seed: 1), new NeuralNetworkOptions
        {
            Network = new Mlp { Hidden = [] },
            Training = new TrainingOptions { Epochs = 2, BatchSize = 64, MemoryBudgetMB = budget, Optimizer = new Adam { LearningRate = 0.01 } },
        });
        var (scores, targets) = data.Score(model, network, DataPart.Test);
        int right = scores.Index().Count(s => (s.Item >= 0.5f) == (targets[s.Index] == 1));
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"accuracy on {targets.Length:N0} rows held out: {(double)right / targets.Length:P1}"));
    }
    finally
    {
        File.Delete(path);
    }
}

static void Train(bool hashed)
{
    var ml = new MLContext(seed: 1);
    var random = new Random(1);
    var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(i => new Row
    {
        Label = i % 2 == 0,
        Text = Sentence(random, i % 2 == 0),
        Numbers = [.. Enumerable.Range(0, 10).Select(_ => random.NextSingle() + (i % 2))],
    }).ToList());
    var trainer = ml.BinaryClassification.Trainers.NeuralNetwork(new NeuralNetworkOptions
    {
        Network = new Mlp { Hidden = [] },
        Training = new TrainingOptions { Epochs = 5, BatchSize = 32 },
        Standardize = false,
        FeatureColumnName = hashed ? "Hashed" : nameof(Row.Numbers),
    });
    var chain = hashed
        ? ml.Transforms.Text.TokenizeIntoWords("Tokens", nameof(Row.Text)).Append(ml.Transforms.Conversion.MapValueToKey("Tokens"))
            .Append(ml.Transforms.Text.ProduceHashedNgrams("Hashed", "Tokens", numberOfBits: Bits)).Append(trainer)
        : (IEstimator<ITransformer>)trainer;
    var scored = chain.Fit(rows).Transform(rows);
    var figures = ml.BinaryClassification.Evaluate(scored);
    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"accuracy on the rows trained on: {figures.Accuracy:P1}"));
}

internal sealed class Row
{
    public bool Label { get; init; }

    public string Text { get; init; } = "";

    [Microsoft.ML.Data.VectorType(10)]
    public float[] Numbers { get; init; } = [];
}
