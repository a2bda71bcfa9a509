using System.Text.Json.Nodes;
using MlNetDl.Data;
using MlNetDl.Experiments;
using MlNetDl.Generative;
using MlNetDl.Models;

namespace MlNetDl.Cli.Tests.Disentanglement;

public sealed class ModelDisentanglementTests : IDisposable
{
    private const string Few = "{ training: 100, test: 50, variancePoints: 100, informationPoints: 200, trees: 2, batchSize: 8 }";

    private const string Experiment = $$"""
        name: codes
        data: { dataset: sprites, take: 500 }
        network: { type: vae, latent: 4, encoder: { type: mlp, hidden: [16] }, decoder: { type: mlp, hidden: [16] } }
        training: { epochs: 1 }
        judges: [ { type: disentanglement, options: {{Few}} } ]
        """;

    private static readonly string[] Names =
        ["betaVaeScore", "factorVaeScore", "mig", "sap", "dciDisentanglement", "dciCompleteness", "dciInformativeness"];

    private readonly TemporaryFolder folder = new();

    public ModelDisentanglementTests() => File.WriteAllText(folder["codes.yaml"], Experiment);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_figures_of_a_run_are_those_of_the_means_of_its_codes()
    {
        var figures = Tool.Json("run", folder["codes.yaml"], "--output", folder["run"])["metrics"]!["test"]!.AsObject();
        Assert.Equal(Names, figures.Select(f => f.Key));
        using var vae = VaeModel.Of(ModelFile.Read(folder["run/model.zip"]));
        var scores = new DisentanglementScorer(FactorImages.Sprites, (pixels, _) => vae.Encode(pixels).Means, new()
        {
            Training = 100,
            Test = 50,
            VariancePoints = 100,
            InformationPoints = 200,
            Trees = 2,
            BatchSize = 8,
        }).All();
        Assert.Equal(scores.BetaVae, Value("betaVaeScore"), 1e-9);
        Assert.Equal(scores.FactorVae, Value("factorVaeScore"), 1e-9);
        Assert.Equal(scores.MutualInformationGap, Value("mig"), 1e-6);
        Assert.Equal(scores.SeparatedAttributes, Value("sap"), 1e-6);
        Assert.Equal(scores.Dci.Completeness, Value("dciCompleteness"), 1e-6);
        Assert.All(figures, f => Assert.InRange((double)f.Value!, 0, 1));

        double Value(string name) => (double)figures[name]!;
    }

    [Fact]
    public void A_saved_model_is_judged_by_its_seed()
    {
        File.WriteAllText(folder["pca.yaml"], "name: pca\ndata: { dataset: sprites, take: 300 }\nnetwork: { type: pca, components: 3 }");
        Tool.Json("run", folder["pca.yaml"], "--output", folder["pca"]);
        var judged = Tool.Json("evaluate", folder["pca/model.zip"], "--data", "sprites", "--disentanglement", "--seed", "3");
        Assert.InRange((int)judged["rows"]!, 40_000, Sprites.Count);
        using var network = MlNet.NeuralNetworkTransformer.Load(new(), folder["pca/model.zip"]);
        var scorer = new DisentanglementScorer(
            FactorImages.Sprites, (pixels, _) => network.Score(new(network.Graph.Inputs[0].Shape, pixels)), new() { Seed = 3 });
        Assert.Equal(scorer.MutualInformationGap(), (double)judged["mig"]!, 1e-9);
        Assert.Equal(scorer.FactorVae(), (double)judged["factorVaeScore"]!, 1e-9);
        Assert.Equal(Names.Length + 2, ((JsonObject)judged).Count);
    }

    [Fact]
    public void Scores_are_cancelled()
    {
        using var stop = new CancellationTokenSource();
        int asked = 0;
        float[] Encode(float[] pixels, int count)
        {
            if (++asked == 3)
            {
                stop.Cancel();
            }

            return [.. Enumerable.Range(0, count).Select(i => pixels[i * pixels.Length / count])];
        }

        var scorer = new DisentanglementScorer(FactorImages.Sprites, Encode, new() { EncoderBatch = 8 }, stop.Token);
        Assert.Throws<OperationCanceledException>(() => scorer.All());
        Assert.Equal(3, asked);
    }

    [Fact]
    public void Other_data_and_models_are_refused()
    {
        File.WriteAllText(folder["digits.yaml"], "name: pca\ndata: { dataset: optdigits }\nnetwork: { type: pca, components: 3 }");
        Tool.Json("run", folder["digits.yaml"], "--output", folder["digits"]);
        string[] judge = ["evaluate", folder["digits/model.zip"], "--disentanglement", "--data"];
        Assert.Contains("but the model takes [N, 1, 8, 8]", Tool.Fails(1, [.. judge, "sprites"]), StringComparison.Ordinal);
        Assert.Contains("give --data sprites", Tool.Fails(2, [.. judge, "optdigits"]), StringComparison.Ordinal);
        Assert.Contains("judges codes of sprites", Tool.Fails(2, "run", folder["codes.yaml"], "data.dataset=optdigits"),
            StringComparison.Ordinal);
        Assert.Contains(
            "bins", Tool.Fails(2, "run", folder["codes.yaml"], "judges=[{ type: disentanglement, options: { bins: 1 } }]"), StringComparison.Ordinal);
        File.WriteAllText(folder["clusters.yaml"], "name: k\ndata: { dataset: sprites, take: 200 }\nnetwork: { type: kMeans, clusters: 2, restarts: 1 }");
        Tool.Json("run", folder["clusters.yaml"], "--output", folder["clusters"]);
        Assert.Contains("The model does not encode", Tool.Fails(1, "evaluate", folder["clusters/model.zip"], "--data", "sprites", "--disentanglement"),
            StringComparison.Ordinal);
    }
}
