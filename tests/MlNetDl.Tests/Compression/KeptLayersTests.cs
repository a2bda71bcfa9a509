using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Training;

namespace MlNetDl.Tests.Compression;

/// <summary>Names under <c>keep</c>, which all stages read alike.</summary>
[Collection("torch")]
public sealed class KeptLayersTests
{
    private static readonly Network Network = new(
        new Sequential(
            new Conv2d(16, 3, Padding: 1) { Name = "first" },
            new ReLU() { Name = "act" },
            new Branches(new Sum(), new Sequential(new Conv2d(16, 3, Padding: 1) { Name = "inner" }) { Name = "f" }, new Identity()) { Name = "block" },
            new ReLU(),
            new Flatten(),
            new Linear(16) { Name = "hidden" },
            new ReLU(),
            new Linear(3) { Name = "out" }),
        Shape.Image(3, 8, 8));

    public static TheoryData<string, string> Stages => new()
    {
        { "filterPruning", "hidden" },
        { "blockPruning", "block/f" },
        { "lowRank", "hidden" },
        { "magnitudePruning", "hidden" },
        { "weightClustering", "block" },
        { "int8", "hidden" },
        { "dynamicInt8", "hidden" },
        { "weightOnly", "hidden" },
        { "halfPrecision", "first" },
    };

    [Theory]
    [MemberData(nameof(Stages))]
    public void A_name_that_changes_nothing_is_told_and_others_are_not(string name, string meant)
    {
        var idle = Messages(Of(name, "act"));
        Assert.Equal(
            $"warning: {name}.keep names act, but there is nothing there that {name} would change; it does the same without this name", Assert.Single(idle));
        Assert.Empty(Messages(Of(name, meant)));
    }

    /// <summary>What a stage before leaves of the network is not known yet.</summary>
    [Theory]
    [MemberData(nameof(Stages))]
    public void Behind_a_stage_that_changes_the_network_nothing_is_told(string name, string meant)
    {
        Assert.NotEqual("act", meant);
        var stage = Of(name, "act");
        Assert.Empty(PruningContexts.Do(
            stage, run: false, c => c with { Options = c.Options with { Stages = [new Fit(), new FoldNorms(), stage] } }, ("n", Network)).Messages);
    }

    /// <summary>Behind a normalisation the pool has no integers on either side, but normalisations are folded before numbers are rounded.</summary>
    [Fact]
    public void Int8_judges_the_network_that_it_rounds()
    {
        var network = new Network(
            new Sequential(
                new Conv2d(16, 3) { Name = "conv" }, new BatchNorm2d(), new MaxPool2d(2) { Name = "pool" }, new Tanh() { Name = "act" },
                new Flatten(), new Linear(3)),
            Shape.Image(3, 8, 8));
        List<string> Told(string keep) => PruningContexts.Do(new Int8 { Keep = [keep] }, run: false, c => c, ("n", network)).Messages;
        Assert.Empty(Told("pool"));
        Assert.Single(Told("act"));
    }

    private static List<string> Messages(Stage stage) => PruningContexts.Do(stage, run: false, c => c, ("n", Network)).Messages;

    private static Stage Of(string name, string keep) => name switch
    {
        "filterPruning" => new FilterPruning { Keep = [keep] },
        "blockPruning" => new BlockPruning { Keep = [keep], Count = 0 },
        "lowRank" => new LowRank { Keep = [keep] },
        "magnitudePruning" => new MagnitudePruning { Keep = [keep] },
        "weightClustering" => new WeightClustering { Keep = [keep] },
        "int8" => new Int8 { Keep = [keep] },
        "dynamicInt8" => new DynamicInt8 { Keep = [keep] },
        "weightOnly" => new WeightOnly { Keep = [keep] },
        _ => new HalfPrecision { Keep = [keep] },
    };
}
