using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Generative;
using MlNetDl.Models;
using MlNetDl.Tests.Docs;

namespace MlNetDl.Cli.Tests;

/// <summary>Anomaly detection by the tool: tables with and without labels, and images.</summary>
public sealed class AnomalyRunTests : IDisposable
{
    private const string Experiment = """
        name: machine
        task: { type: anomalyDetection, falseAlarms: 0.05 }
        data: { csv: CSV, testCsv: TEST, label: broken }
        network:
          type: vae
          latent: 1
          encoder: { type: mlp, hidden: [16] }
          decoder: { type: mlp, hidden: [16] }
          likelihood: gaussian
        training: { epochs: 30, validationFraction: 0.2, optimizer: { type: adam, learningRate: 0.01 }, threads: 1 }
        """;

    private readonly TemporaryFolder folder = new();

    public AnomalyRunTests()
    {
        File.WriteAllText(folder["normal.csv"], Csv(600, strange: 0, seed: 1));
        File.WriteAllText(folder["test.csv"], Csv(400, strange: 100, seed: 2));
        File.WriteAllText(folder["machine.yaml"], Experiment.Replace("CSV", folder["normal.csv"], StringComparison.Ordinal)
            .Replace("TEST", folder["test.csv"], StringComparison.Ordinal));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_table_is_trained_on_without_its_label_and_judged_by_it()
    {
        var result = Tool.Json("run", folder["machine.yaml"], "--output", folder["run"]);
        var test = result["metrics"]!["test"]!;
        Assert.InRange((double)test["auc"]!, 0.9, 1);
        Assert.InRange((double)test["falseAlarmRate"]!, 0, 0.15);
        Assert.InRange((double)test["detectionRate"]!, 0.6, 1);
        Assert.NotNull(result["metrics"]!["validation"]!["negativeElbo"]);

        var model = folder["run/model.zip"];
        var judged = Tool.Json("evaluate", model, "--data", folder["test.csv"]);
        Assert.Equal((double)test["auc"]!, (double)judged["auc"]!, 1e-9);
        Assert.Equal((double)test["detectionRate"]!, (double)judged["detectionRate"]!, 1e-9);
        Assert.Equal(500, (int)judged["rows"]!);

        var inspected = Tool.Json("inspect", model);
        var report = AnomalyReport.Of(ModelFile.Read(model))!;
        Assert.Equal(report.Threshold, (double)inspected["anomalies"]!["threshold"]!);
        Assert.Contains("chosen for 5% false alarms", Tool.Run("inspect", model).Output, StringComparison.Ordinal);

        File.WriteAllText(folder["rows.csv"], "a,b,c\n0,0,0\n9,-9,9\n");
        var predicted = Tool.Json("predict", model, folder["rows.csv"]).AsArray();
        Assert.Equal(["False", "True"], predicted.Select(p => (string)p!["predicted"]!));
        Assert.Contains("True, ", Tool.Run("predict", model, folder["rows.csv"]).Output, StringComparison.Ordinal);

        var ml = new MLContext();
        var chain = ml.Model.Load(model, out _);
        var scored = chain.Transform(ml.Data.LoadFromEnumerable(new[] { new Row { A = 9, B = -9, C = 9 } }));
        Assert.True(scored.GetColumn<float>("Score").Single() > report.Threshold);
    }

    [Fact]
    public void A_table_without_a_label_has_figures_of_the_validation_alone()
    {
        File.WriteAllText(folder["bare.csv"], string.Join('\n', File.ReadLines(folder["normal.csv"]).Select(l => l[..l.LastIndexOf(',')])));
        var result = Tool.Json(
            "run", folder["machine.yaml"], "--output", folder["bare"], $"data={{ csv: '{folder["bare.csv"]}' }}", "training.epochs=1");
        Assert.Empty(result["metrics"]!["test"]!.AsObject());
        Assert.NotNull(result["metrics"]!["validation"]!["negativeElbo"]);
    }

    [Fact]
    public void Images_with_classes_are_trained_on_without_them()
    {
        File.WriteAllText(folder["digits.yaml"], """
            name: digits
            task: anomalyDetection
            data: { dataset: optdigits }
            network: { type: autoencoder, latent: 4, peak: 16, encoder: { type: mlp, hidden: [16] }, decoder: { type: mlp, hidden: [16] } }
            training: { epochs: 1, validationFraction: 0.1, threads: 1 }
            """);
        var result = Tool.Json("run", folder["digits.yaml"], "--output", folder["digits"]);
        Assert.Empty(result["metrics"]!["test"]!.AsObject());
        Assert.NotNull(AnomalyReport.Of(ModelFile.Read(folder["digits/model.zip"])));
    }

    [Fact]
    public void A_network_that_needs_labels_is_refused()
    {
        var run = Tool.Run("run", folder["machine.yaml"], "--output", folder["mlp"], "network={ type: mlp, hidden: [4] }");
        Assert.NotEqual(0, run.Code);
        Assert.Contains("learns without labels", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_of_the_documentation_binds() => Assert.Equal(
        0.01,
        ((Tasks.AnomalyDetection)ConfigurationOf(ReadmeCode.Blocks("yaml").Single(b => b.Contains("task: anomalyDetection", StringComparison.Ordinal))).Task!)
            .FalseAlarms);

    private Experiments.Experiment ConfigurationOf(string text)
    {
        File.WriteAllText(folder["docs.yaml"], text);
        return Experiments.Experiment.Load(folder["docs.yaml"]);
    }

    // Normal rows lie along a line, strange ones beside it.
    private static string Csv(int normal, int strange, int seed)
    {
        var random = new Random(seed);
        double Noise() => random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5;
        return "a,b,c,broken\n" + string.Concat(Enumerable.Range(0, normal + strange).Select(i =>
        {
            double t = 2 * Noise(), off = i < normal ? 0 : (random.Next(2) == 0 ? 2.5 : -2.5);
            return string.Create(CultureInfo.InvariantCulture,
                $"{t + (0.2 * Noise())},{t + off + (0.2 * Noise())},{-t + (0.2 * Noise())},{(i < normal ? "false" : "true")}\n");
        }));
    }

    private sealed class Row
    {
        [ColumnName("a")]
        public float A { get; set; }

        [ColumnName("b")]
        public float B { get; set; }

        [ColumnName("c")]
        public float C { get; set; }
    }
}
