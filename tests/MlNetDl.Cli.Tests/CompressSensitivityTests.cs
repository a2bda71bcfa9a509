using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.MlNet;
using MlNetDl.Models;

namespace MlNetDl.Cli.Tests;

/// <summary>What the layers of a saved model bear.</summary>
public sealed class CompressSensitivityTests(DigitsModel digits) : IDisposable, IClassFixture<DigitsModel>
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Each_point_is_the_figure_of_a_model_of_which_just_that_is_pruned()
    {
        var found = Found();
        var layers = found["sensitivity"]!["layers"]!.AsArray();
        Assert.Equal([32, 64 * 32, 32 * 10], layers.Select(l => (int)l!["count"]!));
        Assert.Equal(119, (int)found["sensitivity"]!["examples"]!);
        string[] still = ["--set", "optimizer={ type: sgd, learningRate: 1e-30 }", "--set", "epochs=1"];
        Assert.Equal(Validation("fit", still), Accuracy(found["sensitivity"]!["baseline"]!), 9);
        Assert.Equal(Validation("filterPruning(amount=0.5)"), Accuracy(Point(0, 0.5)["figures"]!), 9);
        var paths = layers.Select(l => (string)l!["layers"]![0]!).ToList();
        Assert.Equal(Validation($"magnitudePruning(amount=0.7, keep=[{paths[2]}])"), Accuracy(Point(1, 0.7)["figures"]!), 9);
        Assert.Equal(Validation($"magnitudePruning(amount=0.9, keep=[{paths[1]}])"), Accuracy(Point(2, 0.9)["figures"]!), 9);

        JsonNode Point(int layer, double amount) => layers[layer]!["points"]!.AsArray().Single(p => (double)p!["amount"]! == amount)!;
    }

    [Fact]
    public void The_channels_that_would_go_are_those_with_the_smallest_weights()
    {
        var layer = Found()["sensitivity"]!["layers"]![0]!;
        var weight = ModelFile.Read(digits.Zip).ReadWeights("network").First(w => w.Dims is [32, 64]).Data;
        var order = Enumerable.Range(0, 32).OrderBy(c => weight.Skip(64 * c).Take(64).Sum(Math.Abs)).ToList();
        foreach (var point in layer["points"]!.AsArray())
        {
            int gone = (int)point!["gone"]!;
            Assert.Equal(order.Take(gone).Order(), point["channels"]!.AsArray().Select(c => (int)c!));
        }

        Assert.Equal([3, 10, 16, 22, 29], layer["points"]!.AsArray().Select(p => (int)p!["gone"]!));
    }

    [Fact]
    public void Files_and_table_tell_the_same_and_name_the_rows()
    {
        var (code, output, error) = Tool.Run("compress", digits.Zip, "--data", digits.Yaml, "--sensitivity", "--output", folder["out"]);
        Assert.True(code == 0, error);
        Assert.Contains(
            "119 rows that validationFraction 0.2 and seed 1 hold out of the training part; the model may have learnt", output, StringComparison.Ordinal);
        var lines = File.ReadAllLines(folder["out/sensitivity.csv"]);
        Assert.StartsWith("layer,kind,count,amount,gone,", lines[0], StringComparison.Ordinal);
        Assert.Equal(1 + (3 * 6), lines.Length);
        var histogram = JsonNode.Parse(File.ReadAllText(folder["out/sensitivity.json"]))!["sensitivity"]!["layers"]![1]!["histogram"]!;
        Assert.Equal(64 * 32, histogram["counts"]!.AsArray().Sum(c => (int)c!));
        var page = File.ReadAllText(folder["out/sensitivity.html"]);
        Assert.Equal(4, page.Split("<svg").Length - 1);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_was_judged_by_held_out_rows_is_judged_by_the_same()
    {
        Assert.Equal(0, Tool.Run(
            "run", digits.Yaml, "training.validationFraction=0.25", "training.threads=1", "training.epochs=1", "--output", folder["run"]).Code);
        var found = Tool.Json("compress", folder["run/model.zip"], "--data", digits.Yaml, "--sensitivity", "--output", folder["out"]);
        Assert.Equal(
            ModelFile.Read(folder["run/model.zip"]).Manifest.Training!.Validation["accuracy"], Accuracy(found["sensitivity"]!["baseline"]!), 9);
        Assert.Contains("it has not learnt from them", (string)found["rows"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void How_it_is_measured_is_set_beside_the_training()
    {
        var found = Tool.Json(
            "compress", digits.Zip, "--data", digits.Yaml, "--sensitivity", "--set", "sensitivity.examples=32", "--set", "batchSize=32",
            "--set", "sensitivity.amounts=[0.25]", "--output", folder["out"])["sensitivity"]!;
        Assert.Equal(32, (int)found["examples"]!);
        Assert.All(found["layers"]!.AsArray(), l => Assert.Equal([0.25], l!["points"]!.AsArray().Select(p => (double)p!["amount"]!)));
        Assert.Contains("is of --sensitivity", Fails("--stage", "filterPruning"), StringComparison.Ordinal);
        Assert.Contains("above 0 and below 1", Fails("--sensitivity"), StringComparison.Ordinal);

        string Fails(params string[] mode) => Tool.Fails(
            2, ["compress", digits.Zip, "--data", digits.Yaml, "--set", "sensitivity.amounts=[2]", "--output", folder["not"], .. mode]);
    }

    // The first training saw all rows, though the last held some out.
    [Fact]
    public void Rows_are_unseen_only_where_every_training_held_them_out()
    {
        Tool.Json("compress", digits.Zip, "--data", digits.Yaml, "--stage", "fit", "--set", "validationFraction=0.2", "--set", "epochs=1",
            "--output", folder["fit"]);
        var found = Tool.Json("compress", folder["fit/model.zip"], "--data", digits.Yaml, "--sensitivity", "--output", folder["out"]);
        Assert.Contains("may have learnt from them", (string)found["rows"]!, StringComparison.Ordinal);
        var other = Tool.Fails(2, "compress", digits.Zip, "--data", digits.Yaml, "--sensitivity", "--output", folder["fit"]);
        Assert.Contains("holds something else", other, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fitted_model_is_measured_from_ml_net_too()
    {
        var ml = new MLContext(1);
        var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 100).Select(i => new Row { Features = [i % 10, i % 7], Label = i % 10 > 4 }));
        using var model = ml.BinaryClassification.Trainers.NeuralNetwork(new NeuralNetworkOptions
        {
            Network = new Networks.Mlp { Hidden = [4] },
            Training = new() { Epochs = 5, ValidationFraction = 0.3, Threads = 1 },
        }).Fit(rows);
        var found = ml.Compression().Sensitivity(model, rows, new() { Amounts = [0.5] });
        Assert.Equal(model.Package.Manifest.Training!.Validation["loss"], found.Baseline["loss"], 5);
        Assert.Equal([4L, 8L, 4L], found.Layers.Select(l => l.Count));
        Assert.Equal([2L, 4L, 2L], found.Layers.Select(l => l.Points.Single().Gone));
        Assert.Throws<ArgumentException>(() => ml.Compression().Sensitivity(model, rows, new() { Amounts = [1] }));
    }

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }

    private JsonNode Found() => Tool.Json("compress", digits.Zip, "--data", digits.Yaml, "--sensitivity", "--output", folder["out"]);

    private double Validation(string stage, params string[] more)
    {
        var output = folder[$"{Guid.NewGuid():N}"];
        Tool.Json(["compress", digits.Zip, "--data", digits.Yaml, "--stage", stage, "--set", "validationFraction=0.2", "--output", output, .. more]);
        return ModelFile.Read(Path.Combine(output, "model.zip")).Manifest.Training!.Validation["accuracy"];
    }

    private static double Accuracy(JsonNode figures) => (double)figures["accuracy"]!;
}
