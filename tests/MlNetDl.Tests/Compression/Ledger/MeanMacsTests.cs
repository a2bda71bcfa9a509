using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Tests.Training;
using MlNetDl.Training;

namespace MlNetDl.Tests.Compression;

/// <summary>What rows take in the mean where each decides which layers compute it.</summary>
[Collection("torch")]
public sealed class MeanMacsTests
{
    private static readonly Examples Rows = Samples.Blobs(150);

    // 6·2 for the gate, 6·3 + 3·3 for an expert.
    [Theory]
    [InlineData(1, 12 + 27)]
    [InlineData(2, 12 + 27 + 27)]
    public void Experts_that_a_row_asks_count(int top, int expected)
    {
        var package = Run(new MixtureOfExperts { Expert = new Mlp { Hidden = [3] }, Experts = 2, Top = top });
        var row = Row(package);
        Assert.Equal(12 + 27 + 27, row.Size.Macs);
        Assert.Equal(expected, row.MeanMacs!.Value, 1e-9);
    }

    [Fact]
    public void A_rounded_network_with_exits_has_both_figures()
    {
        var exits = new EarlyExit { Network = new Mlp { Hidden = [12, 12] }, Exits = [new() { After = "hidden1", Threshold = 0.9 }] };
        var row = Row(Run(exits, new Fit(), new Int8 { Rows = 50 }));
        Assert.InRange(row.MeanMacs!.Value, 1, row.Size.Macs - 1);
        Assert.InRange(row.Sqnr!.Value, 15, 80);
    }

    [Fact]
    public void Where_all_rows_take_the_same_way_there_is_none()
    {
        var row = Row(Run(new Mlp { Hidden = [3] }));
        Assert.Null(row.MeanMacs);
        Assert.Null(row.Sqnr);
    }

    private static LedgerRow Row(ModelPackage package) => CompressionLedger.Measure([("model", package)], 20, [(float[])Rows.Features]).Rows[0];

    private static ModelPackage Run(ModelSpec model, params ValueList<Stage> stages) => new Recipe
    {
        Task = new MulticlassClassification(),
        Model = model,
        Training = new() { Epochs = 2, Seed = 1, Stages = stages },
    }.Run(Rows).Package;
}
