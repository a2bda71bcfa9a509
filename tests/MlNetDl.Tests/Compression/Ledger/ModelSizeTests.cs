using System.Text.Json.Nodes;
using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Tests.Training;

namespace MlNetDl.Tests.Compression.Ledger;

[Collection("torch")]
public sealed class ModelSizeTests
{
    private static ModelPackage Trained(params int[] hidden) => new Recipe
    {
        Task = new MulticlassClassification(),
        Model = new Mlp { Hidden = [.. hidden] },
        Training = Samples.Options,
    }.Run(Samples.Blobs()).Package;

    // A chain holds what a layer reads and what it writes; a shortcut holds its value until the sum.
    [Fact]
    public void The_peak_of_activations_is_what_is_needed_at_once()
    {
        var chain = new Network(new Sequential(new Linear(100), new ReLU(), new Linear(10)), Shape.Vector(50));
        Assert.Equal(4 * (100 + 100), ModelSize.PeakActivations(chain.Plan()));
        var residual = new Network(
            new Branches(new Sum(), new Sequential(new Linear(30), new Linear(50)), new Identity()), Shape.Vector(50));
        // The input waits for the sum beside the branch's 30 and 50, and then beside the identity's copy and the sum.
        Assert.Equal(4 * (50 + 50 + 50 + 50), ModelSize.PeakActivations(residual.Plan()) + (4 * 50));
    }

    [Fact]
    public void Parameters_and_multiply_adds_are_the_networks()
    {
        var size = ModelSize.Of(Trained(12));
        Assert.Equal((6 * 12) + 12 + (12 * 3) + 3, size.Parameters);
        Assert.Equal((6 * 12) + (12 * 3), size.Macs);
        Assert.Equal(size.Parameters, size.NonZeros);
        Assert.InRange(size.OnnxBytes, 4 * size.Parameters, (4 * size.Parameters) + 4000);
    }

    [Fact]
    public void A_ledger_has_a_row_for_each_model_and_its_forms_agree()
    {
        var ledger = CompressionLedger.Measure([("large", Trained(64)), ("=small", Trained(4))], runs: 20);
        Assert.Equal(["large", "=small"], ledger.Rows.Select(r => r.Name));
        Assert.All(ledger.Rows, r => Assert.True(r.Single!.P50 > 0 && r.Batch!.P95 >= r.Batch.P50 && r.Batch.Batch == 64 && r.CpuSecondsPer1000 > 0));
        var lines = ledger.ToCsv().TrimEnd().Split((char)10);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("'=small,", lines[2], StringComparison.Ordinal);
        Assert.All(lines, l => Assert.Equal(ledger.Columns.Count, l.Split(',').Length));
        var json = JsonNode.Parse(ledger.ToJson())!.AsArray();
        Assert.Equal(ledger.Rows[1].Size.Macs, (long)json[1]!["macs"]!);
    }

    [Fact]
    public void The_architecture_of_a_saved_model_is_built_anew()
    {
        var package = Trained(7, 5);
        var anew = SavedArchitecture.Of(ModelPackage.Read(package.ToBytes())).ToNetwork(Shape.Vector(6), 3);
        Assert.Equal(
            new Mlp { Hidden = [7, 5] }.ToNetwork(Shape.Vector(6), 3).Plan().Parameters.Select(p => p.Name),
            anew.Plan().Parameters.Select(p => p.Name));
    }
}
