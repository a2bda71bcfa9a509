using MlNetDl.Analysis;
using MlNetDl.Extensions.Tests.Parts;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Seams;

/// <summary>What a stage works out by itself and keeps.</summary>
public sealed class StageWorkTests
{
    [Fact]
    public void Work_of_a_stage_comes_back_as_it_was()
    {
        using var folder = new TemporaryFolder();
        var works = new SeamWorks();
        var recipe = Recipe(new Fit { Epochs = 1 }, works) with { CheckpointPath = folder["checkpoint"] };
        recipe.Run(TestData.Digits(100));
        recipe.Run(TestData.Digits(100));
        Assert.Equal(SeamWorks.Expected, works.Got[0]);
        Assert.Equal(works.Got[0], works.Got[1]);
        // Drawn before, within and after the work that is kept.
        Assert.Equal(works.Drawn[0], works.Drawn[1]);
        Assert.Equal(1, works.Done);
    }

    [Theory]
    [InlineData("twice", "'a' twice")]
    [InlineData("unsupported", "StageContext.Once(\"a\") is of Tensor")]
    public void Work_that_cannot_be_kept_is_refused_with_and_without_a_checkpoint(string kind, string expected)
    {
        using var folder = new TemporaryFolder();
        foreach (var path in new[] { null, folder["checkpoint"] })
        {
            var wrong = new SeamWrongWork { Kind = kind };
            var e = Assert.ThrowsAny<Exception>(
                () => (Recipe(new Fit { Epochs = 1 }, wrong) with { CheckpointPath = path }).Run(TestData.Digits(100)));
            Assert.Contains(expected, e.Message, StringComparison.Ordinal);
            Assert.Equal(kind == "twice" ? 1 : 0, wrong.Done);
        }
    }

    [Fact]
    public void What_a_stage_keeps_belongs_to_what_it_has_trained_so_far()
    {
        using var folder = new TemporaryFolder();
        var stage = new SeamTrainsThenFollows();
        var recipe = Recipe(new Fit { Epochs = 2 }, stage) with { CheckpointPath = folder["checkpoint"] };
        (recipe with { Training = recipe.Training with { Epochs = 2 } }).Run(TestData.Digits(100));
        (recipe with { Training = recipe.Training with { Epochs = 2 } }).Run(TestData.Digits(100));
        Assert.Equal(1, stage.Done);
        (recipe with { Training = recipe.Training with { Epochs = 3 } }).Run(TestData.Digits(100));
        Assert.Equal(2, stage.Done);
    }

    private static Recipe Recipe(params Stage[] stages) => new()
    {
        Task = new MulticlassClassification(),
        Model = new Mlp { Hidden = [8] },
        Training = TestData.Training(1) with { Stages = [.. stages] },
    };
}

/// <summary>Works out values of many forms.</summary>
internal sealed record SeamWorks : Stage
{
    public static (float Least, string? Note, double Open, string Weights) Expected =>
        (-1.5f, null, double.PositiveInfinity, "w 2, 2: 1 2 3 4");

    internal List<(float Least, string? Note, double Open, string Weights)> Got { get; } = [];

    internal List<string> Drawn { get; } = [];

    internal int Done { get; private set; }

    public override TrainedModel Run(StageContext context)
    {
        var drawn = new List<float> { rand(1).item<float>() };
        var tuple = context.Once("tuple", () =>
        {
            Done++;
            return (Least: -1.5f, Note: (string?)null, Drawn: rand(1).item<float>());
        });
        drawn.AddRange([tuple.Drawn, rand(1).item<float>()]);
        var open = context.Once("open", () => new Dictionary<string, double> { ["a"] = double.PositiveInfinity });
        var weights = context.Once("weights", () => new Weights([new("w", [2, 2], [1, 2, 3, 4])])).Single();
        Got.Add((
            tuple.Least,
            tuple.Note,
            open["a"],
            $"{weights.Name} {string.Join(", ", weights.Dims)}: {string.Join(' ', weights.Data)}"));
        Drawn.Add(string.Join(' ', drawn));
        return context.Model;
    }
}

/// <summary>Asks for what cannot be kept.</summary>
internal sealed record SeamWrongWork : Stage
{
    public required string Kind { get; init; }

    internal int Done { get; private set; }

    public override TrainedModel Run(StageContext context)
    {
        for (int i = 0; i < 2; i++)
        {
            _ = Kind == "twice" ? context.Once("a", () => Done++) : (object)context.Once("a", () =>
            {
                Done++;
                return ones(1);
            });
        }

        return context.Model;
    }
}

/// <summary>Trains, and works something out of what it trained.</summary>
internal sealed record SeamTrainsThenFollows : Stage
{
    internal int Done { get; private set; }

    public override TrainedModel Run(StageContext context)
    {
        var model = context.Fit(context.Model, context.Options);
        context.Once("sum", () =>
        {
            Done++;
            return model.Weights.Values.Sum(w => w.Count);
        });
        return model;
    }
}
