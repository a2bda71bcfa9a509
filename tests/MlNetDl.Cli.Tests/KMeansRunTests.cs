using System.Text.Json.Nodes;
using System.Xml.Linq;
using MlNetDl.Clustering;
using MlNetDl.Models;
using MlNetDl.Tests.Docs;

namespace MlNetDl.Cli.Tests;

public sealed class KMeansRunTests : IDisposable
{
    private const string Experiment = """
        name: digits
        data: { dataset: optdigits, take: 400 }
        network: { type: kMeans, clusters: 10, restarts: 2 }
        """;
    private readonly TemporaryFolder folder = new();

    public KMeansRunTests() => File.WriteAllText(folder["digits.yaml"], Experiment);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_run_judges_clusters_on_the_test_part_and_an_evaluation_says_the_same()
    {
        var figures = Tool.Json("run", folder["digits.yaml"], "--output", folder["run"])["metrics"]!;
        var report = KMeansReport.Of(ModelFile.Read(folder["run/model.zip"]))!;
        Assert.Equal(report.Best.Inertia, (double)figures["train"]!["inertia"]!, 1e-6);
        Assert.Equal(400, report.Rows);
        Assert.Null(figures["train"]!["accuracy"]);
        Assert.InRange((double)figures["test"]!["accuracy"]!, 0.5, (double)figures["test"]!["purity"]!);
        var evaluated = Tool.Json("evaluate", folder["run/model.zip"], "--data", "optdigits");
        Assert.Equal(1797, (int)evaluated["rows"]!);
        foreach (var (name, value) in figures["test"]!.AsObject())
        {
            Assert.Equal((double)value!, (double)evaluated[name]!, 1e-9);
        }

        Assert.Contains("figures of its own", Tool.Fails(1, "evaluate", folder["run/model.zip"], "--data", "optdigits", "--metric", "mae"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_run_has_a_page_with_an_image_of_each_centre()
    {
        Tool.Json("run", folder["digits.yaml"], "--output", folder["run"]);
        var page = XDocument.Parse(File.ReadAllText(folder["run/kmeans.html"]).Replace("<!DOCTYPE html>", "", StringComparison.Ordinal));
        Assert.Equal(10, page.Descendants().Count(e => e.Name.LocalName == "image"));
        Assert.Equal([.. Enumerable.Range(1, 10).Select(i => $"Cluster {i}"), "Rows in each cluster"], page.Descendants("h3").Select(h => h.Value));
        Assert.Equal(2, page.Descendants("tbody").Single().Elements().Count());
    }

    [Fact]
    public void A_table_is_clustered_without_its_label_and_judged_by_it()
    {
        File.WriteAllText(folder["table.csv"], "a,b,kind\n" + string.Join('\n', Enumerable.Range(0, 90)
            .Select(i => $"{(i % 3 * 10) + (i % 5 * 0.1)},{i % 3 * 7000 + i},k{i % 3}")));
        File.WriteAllText(folder["table.yaml"], $"""
            name: table
            data: [ csv: '{folder["table.csv"]}', label: kind ]
            network: [ type: kMeans, clusters: 3, standardize: true ]
            """.Replace('[', '{').Replace(']', '}'));
        var result = Tool.Json("run", folder["table.yaml"], "--output", folder["table"]);
        Assert.Equal(6, (int)result["parameters"]!);
        Assert.Equal(1, (double)result["metrics"]!["test"]!["accuracy"]!);
        Assert.InRange((double)result["metrics"]!["test"]!["silhouette"]!, 0.9, 1);
        Assert.DoesNotContain("Centres", File.ReadAllText(folder["table/kmeans.html"]), StringComparison.Ordinal);
        var evaluated = Tool.Json("evaluate", folder["table/model.zip"], "--data", folder["table/config.resolved.yaml"]);
        Assert.Equal(1, (double)evaluated["purity"]!);
        Assert.Equal(90, (int)Tool.Json("evaluate", folder["table/model.zip"], "--data", folder["table.csv"])["rows"]!);
        Assert.Equal(1, (double)Tool.Json("evaluate", folder["table/model.zip"], "--data", folder["table.csv"], "--label", "kind")["accuracy"]!);
    }

    [Fact]
    public void Codes_of_another_model_are_clustered()
    {
        File.WriteAllText(folder["pca.yaml"], "name: pca\ndata: { dataset: optdigits, take: 400 }\nnetwork: { type: pca, components: 5 }");
        Tool.Json("run", folder["pca.yaml"], "--output", folder["pca"]);
        File.WriteAllText(folder["codes.yaml"], $$"""
            name: codes
            data: { codes: '{{folder["pca/model.zip"]}}', of: { dataset: optdigits, take: 400 } }
            network: { type: kMeans, clusters: 10, restarts: 2 }
            """);
        var result = Tool.Json("run", folder["codes.yaml"], "--output", folder["codes"]);
        Assert.Equal(50, (int)result["parameters"]!);
        Assert.InRange((double)result["metrics"]!["test"]!["accuracy"]!, 0.4, 1);
        Assert.Contains("does not exist", Tool.Fails(1, "run", folder["codes.yaml"], "--output", folder["none"], $"data.codes={folder["none.zip"]}"),
            StringComparison.Ordinal);
        Assert.Contains("does not encode", Tool.Fails(1, "run", folder["codes.yaml"], "--output", folder["none"],
            $"data.codes={folder["codes/model.zip"]}"), StringComparison.Ordinal);
        // Data that the codes are made of is no data of codes.
        Assert.Contains("the model takes [N, 5]. If these are codes of another model, give an experiment's YAML file with data: { codes: ENCODER.zip, "
            + "of: { dataset: optdigits } }", Tool.Fails(1, "evaluate", folder["codes/model.zip"], "--data", "optdigits"), StringComparison.Ordinal);
        Directory.CreateDirectory(folder["images"]);
        Assert.Contains("vectors of 5 values and no images", Tool.Fails(1, "evaluate", folder["codes/model.zip"], "--data", folder["images"]),
            StringComparison.Ordinal);
        File.WriteAllText(folder["rows.csv"], "a,b\n1,2\n");
        Assert.Contains("is a table, but the model takes vectors of 5 values", Tool.Fails(1, "evaluate", folder["codes/model.zip"], "--data",
            folder["rows.csv"]), StringComparison.Ordinal);
        Assert.Equal((double)result["metrics"]!["test"]!["loss"]!,
            (double)Tool.Json("evaluate", folder["codes/model.zip"], "--data", folder["codes/config.resolved.yaml"])["loss"]!, 1e-9);
        Assert.Contains("does not take data.of", Tool.Fails(1, "run", folder["codes.yaml"], "--output", folder["none"],
            "data.of.dataset=sprites", "data.of.take=10"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_is_cancelled_at_its_start_and_begins_anew()
    {
        var experiment = Experiments.Experiment.Load(folder["digits.yaml"]);
        for (int i = 0; i < 2; i++)
        {
            using var stop = new CancellationTokenSource();
            var runner = new Experiments.ExperimentRunner(folder["stopped"], new StopAtTheStart(stop));
            Assert.ThrowsAny<OperationCanceledException>(() => runner.Run(experiment, stop.Token));
            Assert.Empty(Directory.GetFiles(folder["stopped"], "model.*"));
        }

        // Graphs of an earlier model do not stay beside the new one.
        File.WriteAllText(folder["stopped/model.decode.onnx"], "old");
        File.WriteAllText(folder["stopped/model-mine.onnx"], "mine");
        new Experiments.ExperimentRunner(folder["stopped"]).Run(experiment);
        Assert.Equal(["model-mine.onnx", "model.onnx", "model.zip"], Directory.GetFiles(folder["stopped"], "model*").Select(Path.GetFileName)
            .Order(StringComparer.Ordinal));
        Assert.Equal(2, KMeansReport.Of(ModelFile.Read(folder["stopped/model.zip"]))!.Runs.Count);
    }

    [Theory]
    [InlineData("0", "30", "60")]
    [InlineData("x", "y", "z")]
    public void A_feature_that_is_named_like_a_label_is_none(params string[] values)
    {
        File.WriteAllText(folder["table.csv"], "a,Label,kind\n" + string.Join('\n', Enumerable.Range(0, 90)
            .Select(i => $"{(i % 3 * 10) + (i % 5 * 0.1)},{values[i % 3]},k{i % 3}")));
        File.WriteAllText(folder["table.yaml"], $"""
            name: table
            data: [ csv: '{folder["table.csv"]}', ignore: <kind> ]
            network: [ type: kMeans, clusters: 3, standardize: true ]
            """.Replace('[', '{').Replace(']', '}').Replace('<', '[').Replace('>', ']'));
        Tool.Json("run", folder["table.yaml"], "--output", folder["table"]);
        string[] evaluate = ["evaluate", folder["table/model.zip"], "--data", folder["table.csv"]];
        var judged = Tool.Json(evaluate);
        Assert.Null(judged["accuracy"]);
        Assert.InRange((double)judged["silhouette"]!, 0.9, 1);
        var labelled = Tool.Json([.. evaluate, "--label", "kind"]);
        Assert.Equal(1, (double)labelled["accuracy"]!);
        Assert.Equal((double)judged["loss"]!, (double)labelled["loss"]!);
    }

    [Fact]
    public void A_label_is_refused_where_none_is_read()
    {
        Tool.Json("run", folder["digits.yaml"], "--output", folder["run"]);
        Assert.Contains("A label ('kind') names a column of a table, but 'optdigits' is none; leave it out.",
            Tool.Fails(1, "evaluate", folder["run/model.zip"], "--data", "optdigits", "--label", "kind"), StringComparison.Ordinal);
        File.WriteAllText(folder["rows.csv"], "a,b\n" + string.Join('\n', Enumerable.Range(0, 20).Select(i => $"{i},{i * i}")));
        File.WriteAllText(folder["rows.yaml"], $"name: rows\ndata: {{ csv: '{folder["rows.csv"]}' }}\nnetwork: {{ type: pca, components: 1 }}\n");
        Tool.Json("run", folder["rows.yaml"], "--output", folder["rows"]);
        Assert.Contains("there is no label; leave it out", Tool.Fails(1, "evaluate", folder["rows/model.zip"], "--data", folder["rows.csv"], "--label", "a"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_elbow_of_the_documentation_is_a_search()
    {
        File.WriteAllText(folder["elbow.yaml"], ReadmeCode.Blocks("yaml").Single(b => b.Contains("name: elbow", StringComparison.Ordinal)));
        // Workers are processes of the built tool, so the search itself runs elsewhere.
        Assert.Empty(Experiments.Experiment.Load(folder["elbow.yaml"]).Problems());
    }

    [Fact]
    public void The_file_of_the_documentation_runs()
    {
        File.WriteAllText(folder["docs.yaml"], ReadmeCode.Blocks("yaml").Single(b => b.Contains("name: digits-clusters", StringComparison.Ordinal)));
        JsonNode result = Tool.Json(
            "run", folder["docs.yaml"], "--output", folder["docs"], "data.dataset=optdigits", "data.take=200", "network.restarts=1");
        Assert.Equal(640, (long)result["parameters"]!);
    }

    private sealed class StopAtTheStart(CancellationTokenSource stop) : Training.Callback
    {
        public override void Starting(Training.TrainingStep step, IReadOnlyList<Training.EpochReport> done) => stop.Cancel();
    }
}
