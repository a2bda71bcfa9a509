using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Tests.Training;
using MlNetDl.Torch;
using MlNetDl.Training;

namespace MlNetDl.Tests.Compression;

[Collection("torch")]
public sealed class LowRankTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static Network Wide => new(
        new Sequential(
            new Conv2d(32, 3, Padding: 1) { Name = "first" },
            new ReLU(),
            new Conv2d(32, 3, 2, 1) { Name = "second", Bias = false },
            new ReLU(),
            new Conv2d(32, 3, 1, 1) { Name = "deep", Groups = 32 },
            new Flatten(),
            new Linear(64) { Name = "hidden" },
            new ReLU(),
            new Linear(3) { Name = "out" }),
        Shape.Image(3, 8, 8));

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("energy")]
    [InlineData("ratio")]
    [InlineData("rank")]
    public void Layers_become_factors_and_those_that_would_not_be_smaller_stay(string by)
    {
        var stage = by switch
        {
            "energy" => new LowRank { Energy = 0.5 },
            "ratio" => new LowRank { Ratio = 0.25 },
            _ => new LowRank { Rank = 8 },
        };
        var (model, messages) = PruningContexts.Do(stage, run: true, c => c, ("n", Wide));
        var plan = model.Networks["n"].Plan();
        var paths = plan.Steps.Select(s => s.Path).ToHashSet();
        Assert.Superset(new HashSet<string> { "second/reduce", "second/core", "second/expand", "hidden/reduce", "hidden/expand", "deep" }, paths);
        Assert.True(plan.Macs < Wide.Plan().Macs);
        Assert.True(plan.ParameterCount < Wide.Plan().ParameterCount);
        Assert.Contains("deep (its groups do not see each other's channels)", messages.Single(), StringComparison.Ordinal);
        Assert.Equal(by == "rank", messages.Single().Contains("out (its full rank is 3, and rank: 8 is no lower)", StringComparison.Ordinal));
        Assert.Contains("% of the energy, relative error 0.", messages.Single(), StringComparison.Ordinal);
        Assert.Contains($"multiply-adds {Wide.Plan().Macs:N0} → {plan.Macs:N0}", messages.Single(), StringComparison.Ordinal);
        var second = plan.Steps.Single(s => s.Path == "second/core").Leaf;
        if (by != "energy")
        {
            Assert.Equal(new Conv2d(8, 3, 2, 1) { Name = "core", Bias = false }, second);
            Assert.Equal(new Linear(by == "rank" ? 8 : 16) { Name = "reduce", Bias = false }, plan.Steps.Single(s => s.Path == "hidden/reduce").Leaf);
        }
    }

    [Fact]
    public void A_rank_that_no_layer_reaches_is_told_with_the_ranks_that_they_have()
    {
        var (model, messages) = PruningContexts.Do(new LowRank { Rank = 1000 }, run: true, c => c, ("n", Wide));
        Assert.Equal(Wide, model.Networks["n"]);
        var told = messages.Single();
        Assert.StartsWith("warning: lowRank changes nothing in 'n' with rank 1000; take a lower rank. lowRank of 'n': ", told, StringComparison.Ordinal);
        Assert.Contains("0 of 5 layers factorised", told, StringComparison.Ordinal);
        Assert.Contains("hidden (its full rank is 64, and rank: 1000 is no lower)", told, StringComparison.Ordinal);
        Assert.Contains("out (its full rank is 3, and", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("energy 1; take less energy")]
    [InlineData("ratio 1; take a lower ratio")]
    [InlineData("amount 0; take a greater amount")]
    public void Where_nothing_changes_the_member_that_was_given_is_told(string words)
    {
        LowRank stage = words[0] switch
        {
            'e' => new() { Energy = 1 },
            'r' => new() { Ratio = 1 },
            _ => new() { Amount = 0 },
        };
        Assert.StartsWith(
            $"warning: lowRank changes nothing in 'n' with {words}. ", PruningContexts.Do(stage, run: true, c => c, ("n", Wide)).Messages.Single(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Each_layer_keeps_the_energy_that_was_asked_for()
    {
        var (model, _) = PruningContexts.Do(new LowRank { Energy = 0.6, Convolutions = ConvolutionFactors.Filters }, run: true, c => c, ("n", Wide));
        var (whole, _) = PruningContexts.Do(new LowRank(), run: false, c => c, ("n", Wide));
        var layers = FactorLayers.Of(Wide.Plan(), whole.Weights["n"], [], ConvolutionFactors.Filters).All;
        foreach (var layer in layers.Where(l => model.Weights["n"].Contains($"{l.Name}/expand.weight")))
        {
            int rank = (int)model.Weights["n"][$"{layer.Name}/expand.weight"].Dims[1];
            Assert.True(layer.Energy(new(0, rank)) >= 0.6 && layer.Energy(new(0, rank - 1)) < 0.6);
        }
    }

    [Fact]
    public void Ranks_are_multiples_rounded_up()
    {
        var (model, _) = PruningContexts.Do(new LowRank { Energy = 0.5, Multiple = 8 }, run: true, c => c, ("n", Wide));
        var ranks = model.Weights["n"].Where(w => w.Name.EndsWith("expand.weight", StringComparison.Ordinal)).Select(w => w.Dims[1]).ToList();
        Assert.NotEmpty(ranks);
        Assert.All(ranks, r => Assert.Equal(0, r % 8));
    }

    [Theory]
    [InlineData(PruningMeasure.Macs, 0.5)]
    [InlineData(PruningMeasure.Parameters, 0.7)]
    [InlineData(PruningMeasure.Bytes, 0.5)]
    public void A_share_of_the_cost_goes_and_hardly_more(PruningMeasure of, double amount)
    {
        var (model, _) = PruningContexts.Do(new LowRank { Amount = amount, Of = of }, run: true, c => c, ("n", Wide));
        double Figure(Network network, Func<Weights> weights) => PruningMeasures.Of(of, network, weights, []);
        var (before, _) = PruningContexts.Do(new LowRank(), run: false, c => c, ("n", Wide));
        double left = Figure(model.Networks["n"], () => model.Weights["n"]) / Figure(Wide, () => before.Weights["n"]);
        Assert.InRange(left, 1 - amount - 0.08, 1 - amount);
    }

    [Theory]
    [InlineData("at most 0.")]
    [InlineData("keep names 'secnd'")]
    [InlineData("finds nothing to factorise")]
    [InlineData("its kernel is larger")]
    public void What_cannot_be_is_refused_before_the_training(string words)
    {
        var stage = words switch
        {
            "at most 0." => new LowRank { Amount = 0.999 },
            "keep names 'secnd'" => new LowRank { Keep = ["secnd"] },
            "its kernel is larger" => new LowRank { Convolutions = ConvolutionFactors.None, Keep = ["hidden", "out"] },
            _ => new LowRank { Keep = ["first", "second", "deep", "hidden", "out"] },
        };
        Assert.Contains(words, PruningContexts.Refused(stage, c => c, ("n", Wide)), StringComparison.Ordinal);
    }

    [Fact]
    public void Members_that_contradict_each_other_are_a_problem()
    {
        Assert.Equal("rank", new LowRank { Energy = 0.5, Rank = 3 }.Problems().Single().Path);
        Assert.Equal("of", new LowRank { Of = PruningMeasure.Channels }.Problems().Single().Path);
        Assert.Empty(new LowRank { Amount = 0.5 }.Problems());
    }

    /// <summary>One user of a shared weight is an embedding, which has no factors.</summary>
    [Fact]
    public void Weights_that_layers_of_different_kinds_share_stay()
    {
        using var session = TorchSession.Enter(seed: 1);
        var tied = ChannelSamples.Trees["tied"];
        using var torch = new TorchNetwork(tied);
        var layers = FactorLayers.Of(tied.Plan(), torch.ReadWeights(), [], ConvolutionFactors.Tucker);
        Assert.Equal([("in and out", "Embedding and Linear share its weights")], layers.Left);
        Assert.Equal(["hidden", "back"], layers.All.Select(l => l.Name));
    }

    [Fact]
    public void Fine_tuned_it_scores_as_well_from_the_file_and_resumes_to_the_same_bytes()
    {
        var recipe = SmallDigits.Recipe(new Fit(), new MagnitudePruning { Amount = 0.5 }, new LowRank { Amount = 0.5, FineTune = new() { Epochs = 2 } });
        recipe = recipe with { Model = new MlNetDl.Networks.Mlp { Hidden = [64, 32] }, Training = recipe.Training with { Epochs = 3 } };
        var told = new Messages();
        var package = (recipe with { Callbacks = [told] }).Run(SmallDigits.Rows).Package;
        Assert.Contains(told.Texts, m => m.StartsWith("warning: lowRank replaces hidden1.weight", StringComparison.Ordinal));
        Assert.DoesNotContain("hidden1.weight", package.Manifest.Pruned ?? []);
        double accuracy = SmallDigits.Accuracy(ModelPackage.Read(package.ToBytes()));
        Assert.True(accuracy > 0.9, $"{accuracy}");
        recipe.MustResume(folder, 5, 34, 44);
    }
}
