using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Training;
using static MlNetDl.Tests.Compression.PruningContexts;

namespace MlNetDl.Tests.Compression;

/// <summary>What is known of a pruning before anything is trained.</summary>
[Collection("torch")]
public sealed class FilterPruningCheckTests
{
    private static readonly Network Plain = new(
        new Sequential(new Linear(9) { Name = "a" }, new Tanh(), new Linear(3) { Name = "out" }), Shape.Vector(6));

    // A head that only training needs, between two hidden layers.
    private static readonly Network Headed = new(
        new Sequential(
            new Linear(8) { Name = "a" },
            new ReLU(),
            new Tap("aux", new Sequential(new Linear(6) { Name = "hidden" }, new Tanh(), new Linear(3) { Name = "last" }))
            {
                Name = "head",
                Role = TapRole.Auxiliary,
            },
            new Linear(4) { Name = "b" },
            new ReLU(),
            new Linear(3) { Name = "out" }),
        Shape.Vector(6));

    [Fact]
    public void A_score_that_does_not_suit_is_refused()
    {
        Is("a has no batch normalisation", Refused(new FilterPruning { By = new NormScale() }, c => c, ("n", Plain)));
        Is("a has no ReLU behind", Refused(new FilterPruning { By = new ActivationZeros() }, c => c, ("n", Plain)));
        Is("taylor needs labels", Refused(new FilterPruning { By = new Taylor() }, c => c with { Task = null }, ("n", Plain)));
        Is("taylor follows the data through one network", Refused(new FilterPruning { By = new Taylor() }, c => c, ("n", Plain), ("m", Plain)));
        Is("activationZeros follows the data through one", Refused(new FilterPruning { By = new ActivationZeros() }, c => c, ("n", Headed), ("m", Plain)));
        Do(new FilterPruning { By = new NormScale(), Keep = ["a"] }, run: false, c => c, ("n", Plain), ("m", Normalised));
    }

    [Theory]
    [InlineData(PruningMeasure.Parameters)]
    [InlineData(PruningMeasure.Macs)]
    [InlineData(PruningMeasure.Bytes)]
    public void A_share_that_cannot_go_is_refused(PruningMeasure measure)
    {
        var stage = new FilterPruning { Amount = 0.95, Of = measure };
        Assert.Contains(": at most 0.", Refused(stage, c => c, ("n", Plain)), StringComparison.Ordinal);
        Assert.Contains(": at most 0.", Refused(stage with { Schedule = new Iterative() }, c => c, ("n", Plain)), StringComparison.Ordinal);
        Do(stage with { Amount = 0.1 }, run: false, c => c, ("n", Plain));

        // An earlier stage may take away the rest.
        Do(stage, run: false, c => c with { Options = c.Options with { Stages = [new Fit(), new BlockPruning(), stage] } }, ("n", Plain));
    }

    [Fact]
    public void The_least_that_stays_is_allowed_and_nothing_less()
    {
        // One of nine units stays: 6 + 3 multiply-adds of 81.
        Do(new FilterPruning { Amount = (8 / 9.0) - 1e-9, Of = PruningMeasure.Macs }, run: false, c => c, ("n", Plain));
        Is("filterPruning.amount is 0.89 of", Refused(new FilterPruning { Amount = 0.89, Of = PruningMeasure.Macs }, c => c, ("n", Plain)));
    }

    [Fact]
    public void Heads_keep_their_channels_whatever_the_score()
    {
        foreach (var score in (ChannelScore[])[new L1Norm(), new Taylor(), new ActivationZeros(), new RandomScore()])
        {
            var stage = new FilterPruning { By = score, Scope = PruningScope.Global };
            var (model, messages) = Do(stage, run: true, c => c, ("n", Headed));
            var plan = model.Networks["n"].Plan();
            var sizes = plan.Steps.Where(s => s.Leaf is Linear).ToDictionary(s => s.Path.Split('/')[^1], s => ((Linear)s.Leaf).Out);
            Assert.Equal(6, sizes["hidden"]);
            Assert.Equal(6, sizes["a"] + sizes["b"]);
            Assert.Contains("6 of 12 groups", messages.Single(), StringComparison.Ordinal);
            Assert.Matches("; whole, because heads are only for training: [^,;]*hidden", messages.Single());
        }
    }

    [Fact]
    public void Cells_that_begin_with_one_layer_each_lose_their_share_of_the_original()
    {
        var network = new Network(
            new Sequential(
                new Branches(
                    new Sum(),
                    new Linear(32) { Name = "c" },
                    new Branches(new Concat(), new Linear(8) { Name = "a" }, new Linear(24) { Name = "b" }) { Name = "both" }),
                new Linear(3) { Name = "out" }),
            Shape.Vector(6));
        var stage = new FilterPruning { Amount = 0.75, Schedule = new Iterative { Rounds = 2 } };
        var plan = Do(stage, run: true, c => c, ("n", network)).Model.Networks["n"].Plan();
        Assert.Equal([8, 2, 6, 3], plan.Steps.Where(s => s.Leaf is Linear).Select(s => ((Linear)s.Leaf).Out));
    }

    private static Network Normalised => new CifarResNet { Depth = 8 }.ToNetwork(Shape.Image(1, 8, 8), 3);

    private static void Is(string start, string message) => Assert.StartsWith(start, message, StringComparison.Ordinal);
}
