using System.Globalization;
using System.Text.Json.Nodes;
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
    public void The_threshold_is_chosen_without_strange_rows_of_the_validation_part()
    {
        var rows = File.ReadAllLines(folder["test.csv"]);
        File.WriteAllLines(folder["normal-only.csv"], rows.Where(r => !r.EndsWith("true", StringComparison.Ordinal)));
        var (mixed, told) = Threshold("test.csv");
        var (clean, said) = Threshold("normal-only.csv");
        Assert.Equal(clean, mixed);
        Assert.Contains("warning: 100 strange rows are left out of the validation part: the threshold is chosen of normal ones.", told,
            StringComparison.Ordinal);
        Assert.DoesNotContain("strange rows are left out", said, StringComparison.Ordinal);

        (double Threshold, string Told) Threshold(string validation)
        {
            var run = folder[$"run-{validation}"];
            var (code, output, error) = Tool.Run("run", folder["machine.yaml"], "--output", run, $"data.validation={folder[validation]}",
                "training.validationFraction=0", "training.epochs=3");
            Assert.True(code == 0, error);
            return ((double)Tool.Json("inspect", Path.Combine(run, "model.zip"))["anomalies"]!["threshold"]!, output + error);
        }
    }

    [Fact]
    public void All_rows_of_a_table_without_a_label_count_as_normal()
    {
        Bare();
        var (code, output, error) = Tool.Run(
            "run", folder["machine.yaml"], "--output", folder["bare"], $"data={{ csv: '{folder["bare.csv"]}' }}", "training.epochs=1");
        Assert.True(code == 0, error);
        Assert.Contains("auc and detectionRate of the test part are left out: no label says which rows are strange, so all ", output,
            StringComparison.Ordinal);
        Assert.Matches("(?m)^test: falseAlarmRate [0-9.E-]+\r?$", output);
        var result = JsonNode.Parse(File.ReadAllText(folder["bare/result.json"]))!["metrics"]!;
        Assert.True(result["test"]!.AsObject().ContainsKey("auc"));
        Assert.Null(result["test"]!["auc"]);
        Assert.InRange((double)result["test"]!["falseAlarmRate"]!, 0, 0.3);
        Assert.NotNull(result["validation"]!["negativeElbo"]);
        // Figures of the training's own epochs are not replaced by those that rows without labels have.
        Assert.NotNull(result["train"]!["negativeElbo"]);
        Assert.Null(result["train"]!["falseAlarmRate"]);
        // As it was written, so it is read.
        Assert.Equal(double.NaN, Experiments.RunResult.FromJson(File.ReadAllText(folder["bare/result.json"])).Metrics.Test["auc"]);

        (_, output, error) = Tool.Run("evaluate", folder["bare/model.zip"], "--data", folder["bare.csv"]);
        Assert.Contains("all 600 rows count as normal", error, StringComparison.Ordinal);
        Assert.DoesNotContain("auc", output, StringComparison.Ordinal);
        Assert.Contains("falseAlarmRate", output, StringComparison.Ordinal);
        Assert.Contains("count as normal",
            Tool.Run("evaluate", folder["bare/model.zip"], "--data", folder["bare/config.resolved.yaml"]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void One_of_the_two_files_may_lack_the_label()
    {
        Bare();
        var test = Tool.Json(
            "run", folder["machine.yaml"], "--output", folder["half"], $"data.csv={folder["bare.csv"]}", "training.epochs=1")["metrics"]!["test"]!;
        Assert.InRange((double)test["auc"]!, 0, 1);
        test = Tool.Json(
            "run", folder["machine.yaml"], "--output", folder["other"], $"data.testCsv={folder["bare.csv"]}", "training.epochs=1")["metrics"]!["test"]!;
        Assert.Null(test["auc"]);
        Assert.NotNull(test["falseAlarmRate"]);
        Assert.Contains("No column 'broken' says which rows are strange", Tool.Fails(1, "run", folder["machine.yaml"], "--output", folder["none"],
            $"data={{ csv: '{folder["bare.csv"]}', label: broken }}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Figures_of_rows_that_are_all_alike_are_left_out_with_a_reason()
    {
        File.WriteAllText(folder["strange.csv"], Csv(0, strange: 50, seed: 3));
        var (_, output, _) = Tool.Run(
            "run", folder["machine.yaml"], "--output", folder["strange"], $"data.testCsv={folder["strange.csv"]}", "training.epochs=1");
        Assert.Contains("auc and falseAlarmRate of the test part are left out: all 50 rows are strange.", output, StringComparison.Ordinal);
        Assert.Matches("(?m)^test: detectionRate [0-9.]+\r?$", output);
        (_, output, var error) = Tool.Run("evaluate", folder["strange/model.zip"], "--data", folder["normal.csv"]);
        Assert.Contains("auc and detectionRate are left out: all 600 rows are normal.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", output, StringComparison.Ordinal);

        // A yes or no that is learnt has figures of that kind too.
        File.WriteAllText(folder["yes.yaml"], $$"""
            name: yes
            task: binary
            data: { csv: '{{folder["test.csv"]}}', testCsv: '{{folder["strange.csv"]}}', label: broken }
            network: { type: mlp, hidden: [4] }
            training: { epochs: 1, threads: 1 }
            """);
        (_, output, _) = Tool.Run("run", folder["yes.yaml"], "--output", folder["yes"]);
        Assert.Contains("auc of the test part is left out: all 50 rows have the label true.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Arms_without_a_label_have_no_undefined_figures_in_their_ledger()
    {
        Bare();
        var (code, output, error) = Tool.Run("run", folder["machine.yaml"], "--output", folder["arms"], $"data={{ csv: '{folder["bare.csv"]}' }}",
            "training.epochs=1", "seeds=[1, 2]", "arms={ one: {}, two: { set: { network.latent: 2 } } }");
        Assert.True(code == 0, error);
        Assert.Contains("falseAlarmRate, test", output, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", output, StringComparison.Ordinal);
        var ledger = JsonNode.Parse(File.ReadAllText(folder["arms/result.json"]))!["arms"]!["two"]!["ledger"]!;
        Assert.Equal(["falseAlarmRate"], ledger["metrics"]!.AsObject().Select(f => f.Key));
        Assert.Equal(["falseAlarmRate"], ledger["standardDeviations"]!.AsObject().Select(f => f.Key));
        Assert.All(["result.json", "ledger.json", "ledger.csv", "ledger.html"],
            name => Assert.DoesNotContain("NaN", File.ReadAllText(folder[$"arms/{name}"]), StringComparison.Ordinal));
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
        Assert.InRange((double)result["metrics"]!["test"]!["falseAlarmRate"]!, 0, 0.2);
        Assert.Null(result["metrics"]!["test"]!["auc"]);
        Assert.NotNull(AnomalyReport.Of(ModelFile.Read(folder["digits/model.zip"])));
    }

    [Fact]
    public void A_network_that_needs_labels_is_refused()
    {
        string Refused(params string[] overrides)
        {
            var error = Tool.Fails(2, ["run", folder["machine.yaml"], "--output", folder["refused"], .. overrides]);
            Assert.False(Directory.Exists(folder["refused"]));
            return error;
        }

        const string learns = "task: anomalyDetection learns without labels";
        Assert.Contains($"network is mlp, which is trained with labels, but {learns}", Refused("network={ type: mlp, hidden: [4] }"),
            StringComparison.Ordinal);
        Assert.Contains($"network is pca, which gives no score of how strange a row is, and {learns}", Refused("network=pca"), StringComparison.Ordinal);
        Assert.Contains($"network.condition tells the model the class of each row, but {learns}", Refused("network=cvae"), StringComparison.Ordinal);
        Assert.Contains("task is binary, which learns from labels, but network: vae is trained without them; leave task out",
            Refused("task=binary"), StringComparison.Ordinal);
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

    private void Bare() =>
        File.WriteAllText(folder["bare.csv"], string.Join('\n', File.ReadLines(folder["normal.csv"]).Select(l => l[..l.LastIndexOf(',')])));

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
