using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Tests.Training;
using MlNetDl.Training;

namespace MlNetDl.Tests.Compression;

/// <summary>Residual branches that go.</summary>
[Collection("torch")]
public sealed class BlockPruningTests
{
    private static readonly string[] Branches = ["stage1/0/body", "stage1/1/body", "stage2/1/body", "stage3/1/body"];

    private static Network Network => new CifarResNet { Depth = 14 }.ToNetwork(Shape.Image(1, 8, 8), 3);

    [Fact]
    public void Branches_beside_an_unchanged_input_can_go_and_others_keep_their_weights()
    {
        Assert.Equal(Branches, ResidualBranches.Of(Network));
        var left = ResidualBranches.Without(Network, "stage1/0/body").Plan();
        Assert.Equal(
            Network.Plan().Parameters.Select(p => p.Name).Where(n => !n.StartsWith("stage1/0/body/", StringComparison.Ordinal)),
            left.Parameters.Select(p => p.Name));
    }

    [Theory]
    [InlineData(BlockCost.NormScale)]
    [InlineData(BlockCost.Loss)]
    public void The_branch_that_adds_nothing_goes(BlockCost by)
    {
        var silent = new Silence { Branch = Branches[2] };
        var (result, messages) = Run(new Fit { Epochs = 1 }, silent, new BlockPruning { By = by, Examples = 32 });
        Assert.Contains(messages.Texts, t => t.StartsWith("blockPruning: stage2/1/body removed; parameters ", StringComparison.Ordinal));
        var whole = Run(new Fit { Epochs = 1 }, silent).Result.Package;
        var (before, after) = (whole.ReadWeights(), result.Package.ReadWeights());
        Assert.All(after, w => Assert.Equal(before[w.Name].Data, w.Data));
        Assert.Equal(before.Count - 10, after.Count);
    }

    [Fact]
    public void Several_go_and_the_rest_trains_on()
    {
        var (result, _) = Run(new Fit { Epochs = 1 }, new BlockPruning
        {
            By = BlockCost.NormScale,
            Count = 3,
            Keep = ["stage3"],
            FineTune = new Fit { Epochs = 1 },
        });
        Assert.Equal(2, result.Reports.Count);
        Assert.DoesNotContain(result.Package.ReadWeights(), w => Branches[..3].Any(b => w.Name.StartsWith($"{b}/", StringComparison.Ordinal)));
    }

    [Fact]
    public void More_branches_than_there_are_is_refused() => Assert.StartsWith(
        "blockPruning.count is 5, but the network has 4 residual branches that can go;",
        Assert.Throws<ArgumentException>(() => Run(new Fit { Epochs = 1 }, new BlockPruning { Count = 5 })).Message,
        StringComparison.Ordinal);

    private static (RecipeResult Result, Messages Messages) Run(params ValueList<Stage> stages)
    {
        var messages = new Messages();
        var random = new Random(1);
        var pixels = Enumerable.Range(0, 48 * 64).Select(i => (float)random.NextDouble() + (i / 64 % 3 == i % 3 ? 1 : 0)).ToArray();
        var recipe = new Recipe
        {
            Task = new MulticlassClassification(),
            Model = new CifarResNet { Depth = 14 },
            Training = new()
            {
                BatchSize = 16,
                Threads = 1,
                Seed = 5,
                Device = "cpu",
                Stages = stages,
            },
            Callbacks = [messages],
        };
        return (recipe.Run(new Examples(Shape.Image(1, 8, 8), pixels, Enumerable.Range(0, 48).Select(i => i % 3L).ToArray())
        {
            ClassNames = ["a", "b", "c"],
        }), messages);
    }

    /// <summary>Lets a branch add 0.</summary>
    private sealed record Silence : Stage
    {
        public string Branch { get; init; } = "";

        public override TrainedModel Run(StageContext context) => context.Model with
        {
            Weights = context.Model.Weights.ToDictionary(n => n.Key, n => new Weights(n.Value.Select(w =>
                w.Name == $"{Branch}/b/norm.weight" || w.Name == $"{Branch}/b/norm.bias" ? new(w.Name, w.Dims, new float[w.Data.Length]) : w))),
        };
    }
}
