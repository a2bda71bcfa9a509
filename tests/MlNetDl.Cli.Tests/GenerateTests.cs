using Microsoft.ML.Data;
using MlNetDl.Generative;
using MlNetDl.Models;
using MlNetDl.Tests.Docs;

namespace MlNetDl.Cli.Tests;

/// <summary>New rows of a saved variational autoencoder.</summary>
public sealed class GenerateTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_file_of_the_documentation_leaves_a_model_that_draws_and_is_judged()
    {
        File.WriteAllText(folder["docs.yaml"], ReadmeCode.Blocks("yaml").Single(b => b.Contains("name: digits-vae", StringComparison.Ordinal)));
        var result = Tool.Json(
            "run", folder["docs.yaml"], "--output", folder["run"], "data.dataset=optdigits", "network.peak=16", "training.epochs=2");
        Assert.True((double)result["metrics"]!["validation"]!["negativeElbo"]! > 0);
        var model = folder["run/model.zip"];

        Tool.Json("generate", model, "--count", "5", "--seed", "3", "--output", folder["a.png"]);
        Tool.Json("generate", model, "--count", "5", "--seed", "3", "--output", folder["b.png"]);
        Assert.Equal(File.ReadAllBytes(folder["a.png"]), File.ReadAllBytes(folder["b.png"]));
        // Three columns and two rows of 8×8, with lines of 2 between.
        using var picture = MLImage.CreateFromFile(folder["a.png"]);
        Assert.Equal((32, 22), (picture.Width, picture.Height));

        Tool.Json("generate", model, "--count", "5", "--seed", "3", "--output", folder["a.csv"]);
        var lines = File.ReadAllLines(folder["a.csv"]);
        Assert.Equal(6, lines.Length);
        using var vae = VaeModel.Of(ModelFile.Read(model));
        var values = lines[1..].SelectMany(l => l.Split(',')).Select(v => float.Parse(v, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(vae.Generate(5, 3), values);

        string[] mixture = ["generate", model, "--sampler", "mixture", "--count", "5", "--seed", "3", "--output", folder["m.csv"]];
        Tool.Json([.. mixture, "--components", "3", "--data", "optdigits"]);
        var sampler = vae.FitMixture(Data.Datasets.Find("optdigits")!.Load(false), new() { Components = 3 });
        values = File.ReadAllLines(folder["m.csv"])[1..].SelectMany(l => l.Split(','))
            .Select(v => float.Parse(v, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(vae.Generate(5, 3, sampler), values);
        Assert.Contains("name them by --data", Tool.Fails(2, mixture), StringComparison.Ordinal);
        Assert.Contains("must be 1 or more", Tool.Fails(2, [.. mixture, "--data", "optdigits", "--components", "0"]), StringComparison.Ordinal);
        Assert.Contains("for --sampler mixture", Tool.Fails(2, "generate", model, "--components", "4"), StringComparison.Ordinal);

        var judged = Tool.Json("evaluate", model, "--data", "optdigits", "--samples", "5");
        Assert.True((double)judged["negativeLogLikelihood"]! < (double)judged["negativeElbo"]!);
        Assert.Equal(5, (double)judged["samples"]!);
    }

    [Fact]
    public void Rows_of_a_table_get_the_names_of_its_columns()
    {
        File.WriteAllLines(folder["rows.csv"], ["a,\"b, c\"", .. Enumerable.Range(0, 60).Select(i => $"{i / 60.0},{1 - (i / 60.0)}")]);
        File.WriteAllText(folder["rows.yaml"], $$"""
            name: rows
            data: { csv: '{{folder["rows.csv"]}}' }
            network: { type: vae, latent: 1, encoder: { type: mlp, hidden: [4] }, decoder: { type: mlp, hidden: [4] }, likelihood: gaussian }
            training: { epochs: 2, threads: 1 }
            """);
        Tool.Json("run", folder["rows.yaml"], "--output", folder["run"]);
        Tool.Json("generate", folder["run/model.zip"], "--count", "3", "--output", folder["made.csv"]);
        Assert.Equal("a,\"b, c\"", File.ReadLines(folder["made.csv"]).First());
        var refused = Tool.Fails(1, "generate", folder["run/model.zip"], "--output", folder["made.png"]);
        Assert.Contains("makes rows of 2 values and no images", refused, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["made.png"]));
        Assert.Contains("must be 1 or more", Tool.Fails(2, "generate", folder["run/model.zip"], "--count", "0"), StringComparison.Ordinal);
        refused = Tool.Fails(2, "evaluate", folder["run/model.zip"], "--data", "optdigits", "--samples", "0");
        Assert.Contains("must be 1 or more", refused, StringComparison.Ordinal);
    }
}
