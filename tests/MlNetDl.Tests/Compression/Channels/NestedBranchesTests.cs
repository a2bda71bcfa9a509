using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Training;
using static MlNetDl.Tests.Compression.PruningContexts;

namespace MlNetDl.Tests.Compression;

/// <summary>Residual branches within others, and what branches are chosen by.</summary>
[Collection("torch")]
public sealed class NestedBranchesTests
{
    private static readonly Network Nested = new(
        new Sequential(
            Block("x", Part("outer", Block("p", Part("one")), Block("q", Part("two")))), Block("y", Part("last")), new Flatten(),
            new Linear(3) { Name = "out" }),
        Shape.Image(4, 1, 1));

    private static readonly string[] Inner = ["x/outer/p/one", "x/outer/q/two", "y/last"];

    [Fact]
    public void Branches_within_a_branch_are_not_counted_beside_it()
    {
        Assert.Equal(["x/outer", .. Inner], ResidualBranches.Of(Nested));
        Assert.Equal(3, ResidualBranches.Together(ResidualBranches.Of(Nested)));
        Assert.StartsWith(
            "blockPruning.count is 4, but only 3 of the 4 residual branches can go together, because some lie within others: x/outer,",
            Refused(new BlockPruning { Count = 4 }, c => c, ("n", Nested)),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "blockPruning.count is 2, but only 1 of the 2 residual",
            Refused(new BlockPruning { Count = 2, Keep = ["y", "x/outer/q"] }, c => c, ("n", Nested)),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BlockCost.NormScale)]
    [InlineData(BlockCost.Loss)]
    [InlineData(BlockCost.Metric)]
    public void Where_three_go_the_outer_one_stays(BlockCost by)
    {
        var (model, messages) = Do(new BlockPruning { By = by, Count = 3, Examples = 16 }, run: true, OuterIsLeast, ("n", Nested));
        Assert.All(Inner, b => Assert.Contains(b, messages.Single(), StringComparison.Ordinal));
        Assert.Equal(["x/outer"], ResidualBranches.Of(model.Networks["n"]));
    }

    [Fact]
    public void Where_two_go_those_within_the_first_are_gone_with_it()
    {
        var (model, messages) = Do(new BlockPruning { By = BlockCost.NormScale, Count = 2 }, run: true, OuterIsLeast, ("n", Nested));
        Assert.StartsWith("blockPruning: x/outer, y/last removed", messages.Single(), StringComparison.Ordinal);
        Assert.Empty(ResidualBranches.Of(model.Networks["n"]));
    }

    [Fact]
    public void What_nothing_can_be_chosen_by_is_refused()
    {
        var bare = new Network(
            new Sequential(Block("x", new Conv2d(4, 1) { Name = "bare" }), new Flatten(), new Linear(3) { Name = "out" }), Shape.Image(4, 1, 1));
        Assert.StartsWith(
            "x/bare has no batch normalisation",
            Refused(new BlockPruning { By = BlockCost.NormScale }, c => c, ("n", bare)),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "blockPruning.by is loss, which needs labels", Refused(new BlockPruning(), c => c with { Task = null }, ("n", bare)), StringComparison.Ordinal);
        Assert.StartsWith(
            "blockPruning.by is metric, which needs labels",
            Refused(new BlockPruning { By = BlockCost.Metric }, c => c with { Task = null }, ("n", bare)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_metric_is_the_accuracy_of_classes_and_then_the_loss()
    {
        Do(new BlockPruning(), run: false, context =>
        {
            var (plan, weights) = (Nested.Plan(), context.Model.Weights["n"]);
            var constant = new Weights(weights.Select(w => w.Name switch
            {
                "out.weight" => w with { Data = new float[w.Data.Length] },
                "out.bias" => w with { Data = [0, 1, 0] },
                _ => w,
            }));

            // Five of sixteen rows are of the class that it always takes.
            double loss = Math.Log(2 + Math.E) - (5 / 16.0);
            var (first, second) = BranchTrial.CostOf(context, BlockCost.Metric, plan, constant, 16);
            Assert.Equal((-5 / 16.0, loss), (first, second), (a, b) => Math.Abs(a.Item1 - b.Item1) + Math.Abs(a.Item2 - b.Item2) < 1e-5);
            Assert.Equal(loss, BranchTrial.CostOf(context, BlockCost.Loss, plan, constant, 16).First, 1e-5);
            return context;
        }, ("n", Nested));
    }

    // The last normalisation of the outer branch stands behind the two within it.
    private static StageContext OuterIsLeast(StageContext context) => context with
    {
        Model = context.Model with
        {
            Weights = context.Model.Weights.ToDictionary(n => n.Key, n => new Weights(n.Value.Select(w =>
                w.Name == "x/outer/norm.weight" ? w with { Data = [0.1f, 0.1f, 0.1f, 0.1f] }
                : w.Name == "y/last/norm.weight" ? w with { Data = [0.2f, 0.2f, 0.2f, 0.2f] } : w))),
        },
    };

    private static Branches Block(string name, Layer branch) => new(new Sum(), new Identity(), branch) { Name = name };

    private static Sequential Part(string name, params Layer[] within) =>
        new([new Conv2d(4, 1) { Name = "conv" }, .. within, new BatchNorm2d { Name = "norm" }]) { Name = name };
}
