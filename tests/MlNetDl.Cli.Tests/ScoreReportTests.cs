using MlNetDl.Experiments;
using MlNetDl.Metrics;

namespace MlNetDl.Cli.Tests;

/// <summary>Runs and evaluations tell where a model is right and wrong, on the screen and in <c>result.json</c>.</summary>
public sealed class ScoreReportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_classification_has_its_classes_and_their_confusion_matrix()
    {
        File.WriteAllText(folder["a.yaml"], Tool.Digits);
        var (code, output, error) = Tool.Run("run", folder["a.yaml"], "--output", folder["run"]);
        Assert.True(code == 0, error);
        Assert.Contains("true \\ predicted", output, StringComparison.Ordinal);
        var result = RunResult.FromJson(File.ReadAllText(folder["run/result.json"]));
        var report = result.Report!;
        Assert.Equal(10, report.Classes.Count);
        Assert.Equal(report.Rows, report.Confusion!.Sum(r => r.Sum()));
        Assert.Equal(result.Metrics.Test["accuracy"], report.Confusion!.Select((r, k) => r[k]).Sum() / (double)report.Rows, 12);
        Assert.Contains("\n      {\"name\":\"3\",\"rows\":", File.ReadAllText(folder["run/result.json"]), StringComparison.Ordinal);
        var evaluated = Tool.Json("evaluate", folder["run/model.zip"], "--data", "optdigits")["report"]!;
        Assert.Equal(report.Classes[3].Rows, (long)evaluated["classes"]![3]!["rows"]!);
        // A result of an earlier version has none.
        File.WriteAllText(folder["run/result.json"], (result with { Report = null }).ToJson());
        Assert.Null(RunResult.FromJson(File.ReadAllText(folder["run/result.json"])).Report);
        Assert.Equal(0, Tool.Run("run", folder["a.yaml"], "--output", folder["run"]).Code);
    }

    [Fact]
    public void A_regression_names_the_lines_of_its_worst_rows()
    {
        // The label is the feature, but for two lines of the test table.
        File.WriteAllText(folder["train.csv"], "x,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i % 8},{i % 8}.5\n")));
        File.WriteAllText(folder["test.csv"], "x,y\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{i % 8},{(i == 7 ? 90 : i % 8)}.5\n")));
        File.WriteAllText(folder["a.yaml"], $$"""
            name: t
            task: regression
            data: { csv: "{{folder["train.csv"]}}", testCsv: "{{folder["test.csv"]}}", label: y }
            network: mlp
            training: { epochs: 2, batchSize: 8 }
            """);
        var report = Tool.Json("run", folder["a.yaml"], "--output", folder["run"])["report"]!["residuals"]![0]!;
        Assert.Equal(9, (int)report["worst"]![0]!["line"]!);
        Assert.Equal(90.5, (double)report["worst"]![0]!["truth"]!);
        var (_, output, _) = Tool.Run("evaluate", folder["run/model.zip"], "--data", folder["test.csv"]);
        Assert.Contains("line 9", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_figure_that_is_not_defined_is_null_in_the_file()
    {
        var result = RunResult.FromJson("""
            {
              "name": "t", "seeds": [1], "model": "model.zip",
              "metrics": { "train": {}, "validation": {}, "test": { "auc": null } },
              "environment": { "libraryVersion": "", "runtime": "", "system": "", "architecture": "", "cores": 1, "torchSharp": "", "onnxRuntime": "" }
            }
            """);
        var report = new ScoreReport
        {
            Rows = 1,
            Classes = [new("a", 0, 0, null, null, null)],
            Residuals = [new(0, null, null, null, null, null, null, null)],
        };
        var written = (result with { Report = report }).ToJson();
        Assert.Contains("""{"name":"a","rows":0,"predicted":0,"precision":null,"recall":null,"f1":null}""", written, StringComparison.Ordinal);
        Assert.Contains("\"median\": null", written, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", written, StringComparison.Ordinal);
        Assert.Null(RunResult.FromJson(written).Report!.Residuals[0].Median);
    }
}
