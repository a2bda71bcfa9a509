using System.Xml.Linq;
using Microsoft.ML;
using MlNetDl.Data;
using MlNetDl.Decomposition;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Tests.Docs;

namespace MlNetDl.Cli.Tests;

public sealed class PcaRunTests : IDisposable
{
    private const string Experiment = """
        name: digits
        data: { dataset: optdigits }
        network: { type: pca, components: 5 }
        """;
    private readonly TemporaryFolder folder = new();

    public PcaRunTests() => File.WriteAllText(folder["digits.yaml"], Experiment);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_a_call_and_a_saved_model_give_the_same_components()
    {
        var result = Tool.Json("run", folder["digits.yaml"], "--output", folder["run"]);
        Assert.Equal(1, (int)result["epochs"]!);
        var saved = ModelFile.Read(folder["run/model.zip"]);
        using var called = new MLContext(1).Transforms.Pca(5).Fit(Datasets.Find("optdigits")!.Load(false));
        Assert.Equal(PcaReport.Of(called.Package), PcaReport.Of(saved));
        Assert.Equal(called.Package.Graphs[Pca.Encode], saved.Graphs[Pca.Encode]);
        double explained = (double)result["metrics"]!["train"]!["explainedVariance"]!;
        Assert.Equal(PcaReport.Of(saved)!.ExplainedVarianceRatio.Sum(), explained, 1e-9);
    }

    [Fact]
    public void The_run_has_a_page_with_an_image_of_each_component()
    {
        Tool.Json("run", folder["digits.yaml"], "--output", folder["run"]);
        var text = File.ReadAllText(folder["run/pca.html"]);
        Assert.Contains("5 of 64 components keep", text, StringComparison.Ordinal);
        var page = XDocument.Parse(text.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal));
        Assert.Equal(6, page.Descendants().Count(e => e.Name.LocalName == "image"));
        Assert.Equal(["Scree plot", "Where rows lie", "Mean", .. Enumerable.Range(1, 5).Select(i => $"Component {i}")],
            page.Descendants("h3").Select(h => h.Value));
        Assert.Equal(5, page.Descendants("tbody").Single().Elements().Count());
    }

    [Fact]
    public void The_file_of_the_documentation_runs()
    {
        File.WriteAllText(folder["docs.yaml"], ReadmeCode.Blocks("yaml").Single(b => b.Contains("name: digits-pca", StringComparison.Ordinal)));
        var result = Tool.Json("run", folder["docs.yaml"], "--output", folder["docs"], "data.dataset=optdigits");
        Assert.Equal(2 * 64 * 20, (long)result["parameters"]!);
    }

    [Fact]
    public void A_table_has_a_page_without_images()
    {
        File.WriteAllText(folder["table.csv"], "a,b,c\n" + string.Join('\n', Enumerable.Range(0, 40).Select(i => $"{i},{i * i},{i % 3}")));
        File.WriteAllText(folder["table.yaml"], $"name: table\ndata: {{ csv: '{folder["table.csv"]}' }}\nnetwork: {{ type: pca, standardize: true }}");
        var (code, _, error) = Tool.Run("run", folder["table.yaml"], "--output", folder["table"]);
        Assert.True(code == 0, error);
        Assert.DoesNotContain("Images", File.ReadAllText(folder["table/pca.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_test_part_is_reconstructed_and_an_evaluation_says_the_same()
    {
        var figures = Tool.Json("run", folder["digits.yaml"], "--output", folder["run"])["metrics"]!;
        Assert.InRange((double)figures["test"]!["explainedVariance"]!, 0.3, (double)figures["train"]!["explainedVariance"]! + 0.05);
        var judged = Tool.Json("evaluate", folder["run/model.zip"], "--data", "optdigits");
        Assert.Equal((double)figures["test"]!["loss"]!, (double)judged["loss"]!, 1e-9);
        Assert.Equal(1797, (int)judged["rows"]!);

        // On the training rows themselves, the figures are those of the training; standardised ones too.
        File.WriteAllText(folder["t.csv"], "a,b,c\n" + string.Join('\n', Enumerable.Range(0, 40).Select(i => $"{i},{i * i},{i % 3}")));
        File.WriteAllText(folder["t.yaml"],
            $"name: t\ndata: {{ csv: '{folder["t.csv"]}', testCsv: '{folder["t.csv"]}' }}\nnetwork: {{ type: pca, components: 1, standardize: true }}");
        figures = Tool.Json("run", folder["t.yaml"], "--output", folder["t"])["metrics"]!;
        Assert.Equal((double)figures["train"]!["loss"]!, (double)figures["test"]!["loss"]!, 1e-5);
        Assert.Equal((double)figures["train"]!["explainedVariance"]!, (double)figures["test"]!["explainedVariance"]!, 1e-5);
        Assert.Equal((double)figures["test"]!["loss"]!, (double)Tool.Json("evaluate", folder["t/model.zip"], "--data", folder["t.csv"])["loss"]!, 1e-9);
    }

    [Fact]
    public void What_means_nothing_is_refused_before_it_runs()
    {
        Assert.Contains("takes 1 pass", Tool.Fails(1, "run", folder["digits.yaml"], "--output", folder["run"], "training.epochs=50"),
            StringComparison.Ordinal);
        Assert.Contains("a row has 64 features", Tool.Fails(2, "run", folder["digits.yaml"], "--output", folder["run"], "network.components=65"),
            StringComparison.Ordinal);
        Assert.Contains("is no single network", Tool.Fails(2, "inspect", "pca"), StringComparison.Ordinal);
        Assert.Contains("components", Tool.Run("list", "networks", "pca").Output, StringComparison.Ordinal);
    }
}
