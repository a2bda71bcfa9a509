using System.Text.Json.Nodes;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Experiments;
using MlNetDl.Generative;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Networks;

namespace MlNetDl.Cli.Tests;

/// <summary>Figures by which trained models are judged beside those of a task.</summary>
public sealed class JudgeTests : IDisposable
{
    private const string Data = "data: { dataset: optdigits }\n", Training = "training: { epochs: 3, threads: 1, seed: 1 }\n";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_area_by_ranks_counts_pairs()
    {
        Assert.Equal(1, Outliers.Area([1, 2, 3], [4, 5]));
        Assert.Equal(0, Outliers.Area([4, 5], [1, 2, 3]));
        Assert.Equal(0.5, Outliers.Area([1, 2], [1, 2]));
        // Of four pairs two are right, one is a tie.
        Assert.Equal(2.5 / 4, Outliers.Area([1, 3], [2, 3]));
    }

    [Fact]
    public void Sharpness_is_the_variance_of_the_Laplacian()
    {
        var shape = Shape.Image(1, 4, 4);
        Assert.Equal(0, Sharpness.Of(Enumerable.Repeat(7f, 16).ToArray(), shape, 16));
        // A checkerboard: inside, each white place has black neighbours and the reverse: −4 and 4.
        float[] board = [.. Enumerable.Range(0, 16).Select(i => ((i / 4) + i) % 2 == 0 ? 255f : 0)];
        Assert.Equal(16, Sharpness.Of(board, shape, 255), 1e-9);
        // A slope has none.
        Assert.Equal(0, Sharpness.Of([.. Enumerable.Range(0, 16).Select(i => (float)(i % 4))], shape, 1), 1e-9);
    }

    [Fact]
    public void An_autoencoder_is_judged_by_what_its_codes_say()
    {
        var test = Run("""
            network: { type: autoencoder, latent: 8, peak: 16 }
            judges: [ reconstruction, linearProbe, sharpness, { type: nearestRows, rows: 50 }, { type: clusters, restarts: 2 },
              { type: outliers, data: { dataset: optdigits, only: ["1"] } } ]
            """);
        Assert.InRange(test["probeAccuracy"], 0.8, 1);
        Assert.InRange(test["clusterAccuracy"], 0.4, 1);
        Assert.True(test["clusterPurity"] >= test["clusterAccuracy"]);
        Assert.True(test["reconstructionSharpness"] < test["dataSharpness"]);
        Assert.InRange(test["outlierAuc"], 0.3, 0.7);

        using var model = CodeModel.Of(ModelFile.Read(folder["run/model.zip"]));
        var rows = Datasets.Find("optdigits")!.Load(true);
        var known = Datasets.Find("optdigits")!.Load(false);
        float[][] Pixels(Examples some, int count)
        {
            var pixels = new float[count * 64];
            some.CopyTo(0, count, pixels);
            return [.. pixels.Chunk(64)];
        }

        var train = Pixels(known, known.Count);
        double Distance(IEnumerable<float[]> some) => some.Average(r => Math.Sqrt(train.Min(k => k.Zip(r, (a, b) => (double)(a - b) * (a - b)).Sum())) / 16);
        var first = Pixels(rows, 50);
        Assert.Equal(Distance(first), test["dataDistance"], 1e-4);
        var own = model.Encode([.. first.SelectMany(r => r)]).Means.Chunk(8).ToList();
        var middles = own.Select((c, i) => c.Zip(own[(i + 1) % 50], (a, b) => (a + b) / 2)).SelectMany(c => c).ToArray();
        Assert.Equal(Distance(model.Decode(middles).Chunk(64)), test["middleDistance"], 1e-4);
        Assert.Equal(Distance(model.Decode(Gauss.Draw(400, new Random(1))).Chunk(64)), test["sampleDistance"], 1e-4);
        var values = new float[rows.Count * 64];
        rows.CopyTo(0, rows.Count, values);
        var made = model.Decode(model.Encode(values).Means);
        Assert.Equal(values.Zip(made, (a, b) => Math.Pow((a - b) / 16, 2)).Average(), test["squaredError"], 1e-6);
        // The command tells the same.
        Assert.Equal(
            test["squaredError"], (double)Tool.Json("evaluate", folder["run/model.zip"], "--data", "optdigits")["squaredError"]!, 1e-9);
    }

    [Fact]
    public void A_digit_that_was_left_out_is_strange()
    {
        var test = Run("""
            network: { type: vae, latent: 8, peak: 16 }
            judges: [ { type: outliers, data: { dataset: optdigits, only: ["4"] } }, { type: likelihood, samples: 5, rows: 100 } ]
            """, "data: { dataset: optdigits, without: [\"4\"] }\n", Training.Replace("3", "10", StringComparison.Ordinal));
        Assert.InRange(test["outlierAuc"], 0.6, 1);
        Assert.True(test["negativeLogLikelihood"] < test["negativeElbo"]);
    }

    [Fact]
    public void A_data_set_without_classes_has_the_other_rows()
    {
        var all = Rows(new() { Dataset = "optdigits" });
        var (only, without) = (Rows(new() { Dataset = "optdigits", Only = ["3", "5"] }), Rows(new() { Dataset = "optdigits", Without = ["3", "5"] }));
        Assert.Equal(all.Count, only.Count + without.Count);
        Assert.Equal(["3", "5"], only.ClassNames);
        Assert.Equal([0, 1], ((long[])only.Targets!).Distinct().Order());
        // Names stay with their rows.
        Assert.Equal(
            ((long[])all.Targets!).Select(t => all.ClassNames[(int)t]).Where(n => n is not ("3" or "5")),
            ((long[])without.Targets!).Select(t => without.ClassNames[(int)t]));
        Assert.Contains(
            "these: 0, 1",
            Assert.Throws<InvalidDataException>(() => Rows(new() { Dataset = "optdigits", Only = ["ten"] })).Message,
            StringComparison.Ordinal);
        Assert.Single(new NamedDataset { Dataset = "optdigits", Only = ["1"], Without = ["2"] }.Problems());
        var two = new NamedDataset { Dataset = "optdigits", Only = ["1", "2"] }.Load(new MlNetDl.Tasks.MulticlassClassification());
        Assert.Equal(2, two.InputAndOutputs().Outputs);
    }

    [Theory]
    [InlineData("network: lenet5\njudges: [ reconstruction ]\n", "judges[0]")]
    [InlineData("network: lenet5\njudges: [ linearProbe ]\n", "judges[0]")]
    [InlineData("network: autoencoder\njudges: [ sharpness, likelihood ]\n", "judges[1]")]
    [InlineData("network: autoencoder\njudges: [ sharpness, { type: sharpness, rows: 20 } ]\n", "give it a name")]
    [InlineData("network: kMeans\njudges: [ linearProbe ]\n", "judges[0]")]
    [InlineData("network: vae\njudges: [ { type: outliers, data: { csv: none.csv } } ]\n", "a table")]
    [InlineData("network: cvae\njudges: [ { type: outliers, data: { dataset: mnist } } ]\n", "told no class")]
    [InlineData("network: vae\njudges: [ { type: likelihood, samples: 0 } ]\n", "samples")]
    [InlineData("network: vae\njudges: [ likelihood ]\nsearch: { objective: { minimize: loss }, space: { network.latent: { choice: [2] } } }\n", "judges")]
    public void A_judge_that_does_not_suit_is_refused_before_training(string yaml, string named)
    {
        File.WriteAllText(folder["wrong.yaml"], $"name: wrong\n{Data}{yaml}");
        var result = Tool.Run("run", folder["wrong.yaml"], "--output", folder["wrong"]);
        Assert.Equal(2, result.Code);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["wrong"]));
    }

    [Fact]
    public void A_model_that_is_told_the_class_makes_rows_of_it_from_the_tool()
    {
        Run("network: { type: cvae, latent: 6, peak: 16 }\n");
        using var vae = VaeModel.Of(ModelFile.Read(folder["run/model.zip"]));
        Tool.Json("generate", folder["run/model.zip"], "--count", "3", "--seed", "2", "--condition", "7", "--output", folder["seven.csv"]);
        // Values, and behind them the class.
        var lines = File.ReadLines(folder["seven.csv"]).Select(l => l.Split(',')).ToList();
        Assert.Equal(["Label", "7", "7", "7"], lines.Select(l => l[^1]));
        Assert.Equal(
            vae.Generate(3, 2, "7"), lines.Skip(1).SelectMany(l => l[..^1].Select(v => float.Parse(v, System.Globalization.CultureInfo.InvariantCulture))));

        var none = Tool.Run("traverse", folder["run/model.zip"], "--output", folder["way.csv"]);
        Assert.Contains("--condition", none.Error, StringComparison.Ordinal);
        Assert.Equal(1, none.Code);
        // Rows are encoded by their own classes, also where another is asked for.
        var rows = Datasets.Find("optdigits")!.Load(true);
        var values = new float[128];
        rows.CopyTo(0, 2, values);
        var ends = vae.Encode(values, [(int)((long[])rows.Targets!)[0], (int)((long[])rows.Targets!)[1]]).Means;
        Tool.Json("interpolate", folder["run/model.zip"], "1", "2", "--data", "optdigits", "--condition", "3", "--steps", "2", "--output", folder["ends.csv"]);
        var made = File.ReadLines(folder["ends.csv"]).Skip(1)
            .SelectMany(l => l.Split(',').Select(v => float.Parse(v, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(vae.Decode(ends, [3, 3]), made, (a, b) => Math.Abs(a - b) < 1e-3);
        Tool.Json("interpolate", folder["run/model.zip"], "1", "2", "--data", "optdigits", "--condition", "1", "--output", folder["way.csv"]);
        Tool.Json("reconstruct", folder["run/model.zip"], "--data", "optdigits", "--count", "4", "--output", folder["again.csv"]);
        Assert.Equal(5, File.ReadLines(folder["again.csv"]).Count());
        Assert.True(File.Exists(folder["run/generation.html"]) && File.Exists(folder["run/samples/epoch-0003.png"]));
        Assert.Contains("There is no class 'x'", Tool.Run("generate", folder["run/model.zip"], "--condition", "x").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_are_told_their_label_s_class()
    {
        var random = new Random(1);
        File.WriteAllLines(folder["rows.csv"], Enumerable.Range(0, 200)
            .Select(i => FormattableString.Invariant($"{(i % 2 * 3) + random.NextDouble():F3},{random.NextDouble():F3},{(i % 2 == 0 ? "low" : "high")}"))
            .Prepend("a,b,kind"));
        var test = Run(
            "network: { type: cvae, latent: 1, likelihood: { type: gaussian, variance: 0.1 } }\njudges: [ { type: likelihood, samples: 5 }, linearProbe ]\n",
            $"data: {{ csv: {folder["rows.csv"]}, label: kind }}\n",
            "training: { epochs: 40, threads: 1, seed: 1 }\n");
        Assert.True(double.IsFinite(test["negativeLogLikelihood"]));
        Tool.Json("reconstruct", folder["run/model.zip"], "--data", folder["rows.csv"], "--count", "5", "--output", folder["again.csv"]);
        Assert.True(double.IsFinite((double)Tool.Json("evaluate", folder["run/model.zip"], "--data", folder["rows.csv"])["negativeElbo"]!));
        File.WriteAllLines(folder["unknown.csv"], ["a,b,kind", "1,0.5,middle"]);
        Assert.Contains("'middle'", Tool.Run("evaluate", folder["run/model.zip"], "--data", folder["unknown.csv"]).Error, StringComparison.Ordinal);
        File.WriteAllLines(folder["untold.csv"], ["a,b", "1,0.5"]);
        Assert.Contains("no column 'kind'", Tool.Run("evaluate", folder["run/model.zip"], "--data", folder["untold.csv"]).Error, StringComparison.Ordinal);
        Tool.Json("generate", folder["run/model.zip"], "--count", "20", "--condition", "high", "--output", folder["high.csv"]);
        Assert.Equal("a,b,kind", File.ReadLines(folder["high.csv"]).First());
        var first = File.ReadLines(folder["high.csv"]).Skip(1).Select(l => double.Parse(l.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture));
        Assert.InRange(first.Average(), 2.5, 4.5);

        File.WriteAllText(
            folder["wrong.yaml"],
            $"name: wrong\ndata: {{ csv: {folder["rows.csv"]} }}\nnetwork: {{ type: cvae, latent: 1, likelihood: gaussian }}\n{Training}");
        Assert.Contains("data.label", Tool.Run("run", folder["wrong.yaml"], "--output", folder["wrong"]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_judge_that_fails_costs_no_training()
    {
        File.WriteAllText(
            folder["run.yaml"],
            $"name: run\n{Data}network: {{ type: autoencoder, latent: 4 }}\njudges: [ {{ type: clusters, clusters: 5000 }} ]\n{Training}");
        var failed = Tool.Run("run", folder["run.yaml"], "--output", folder["run"]);
        Assert.Equal(1, failed.Code);
        Assert.Contains("judges[0]: ", failed.Error, StringComparison.Ordinal);
        var trained = File.ReadAllText(folder["run/metrics.jsonl"]);
        var result = Tool.Json("run", folder["run.yaml"], "judges=[{ type: clusters, restarts: 2 }]", "--output", folder["run"]);
        Assert.InRange((double)result["metrics"]!["test"]!["clusterAccuracy"]!, 0.2, 1);
        Assert.Equal(trained, File.ReadAllText(folder["run/metrics.jsonl"]));
        // What was judged is another result.
        Assert.Contains("judges", Tool.Run("run", folder["run.yaml"], "judges=[linearProbe]", "--output", folder["run"]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_a_class_that_no_training_row_has_are_wrong()
    {
        var random = new Random(1);
        string Row(int i, string kind) => FormattableString.Invariant($"{(kind == "a" ? 0 : 3) + random.NextDouble():F3},{i % 5},{kind}");
        File.WriteAllLines(folder["train.csv"], Enumerable.Range(0, 100).Select(i => Row(i, i % 2 == 0 ? "a" : "b")).Prepend("x,y,kind"));
        File.WriteAllLines(folder["test.csv"], Enumerable.Range(0, 60).Select(i => Row(i, i % 3 == 0 ? "a" : i % 3 == 1 ? "b" : "c")).Prepend("x,y,kind"));
        var test = Run(
            "network: { type: autoencoder, latent: 2 }\njudges: [ linearProbe ]\n",
            $"data: {{ csv: {folder["train.csv"]}, testCsv: {folder["test.csv"]}, label: kind }}\n",
            "training: { epochs: 30, threads: 1, seed: 1 }\n");
        Assert.InRange(test["probeAccuracy"], 0.4, 40.0 / 60);
    }

    private static Examples Rows(NamedDataset source) => source.Load(null).RowsOf(DataPart.Test)!;

    private Dictionary<string, double> Run(string yaml, string data = Data, string training = Training)
    {
        File.WriteAllText(folder["run.yaml"], $"name: run\n{data}{yaml}\n{training}");
        Tool.Json("run", folder["run.yaml"], "--output", folder["run"]);
        var metrics = JsonNode.Parse(File.ReadAllText(folder["run/result.json"]))!["metrics"]!["test"]!.AsObject();
        return metrics.ToDictionary(m => m.Key, m => (double)m.Value!);
    }
}
