using MlNetDl.Configuration;
using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Search.Tests;

public sealed class SearchSpaceTests
{
    private const string Yaml = """
        parameters:
          network: { choice: [mlp, leNet5] }
          network.width: { integer: [8, 256], log: true, when: { network: [mlp] } }
          network.dropout: { uniform: [0, 0.5], when: { network: [mlp] } }
          network.pooling: { choice: [max, average], when: { network: [leNet5] } }
          learningRate: { logUniform: [1e-5, 1e-1] }
        constraints:
          latencyMs: { atMost: 5 }
        """;

    private static SearchSpace Space => SearchSpace.From(ConfigurationDocument.Parse(Yaml, "space.yaml").Bind<SpaceForm>());

    [Fact]
    public void A_space_written_in_yaml_is_the_one_meant()
    {
        Assert.Equal(
            ["network", "network.width", "network.dropout", "network.pooling", "learningRate"],
            Space.Parameters.Select(p => p.Name));
        Assert.Equal(new Integer(8, 256, Log: true), Space.Find("network.width")!.Distribution);
        Assert.Equal([new Constraint("latencyMs") { AtMost = 5 }], Space.Constraints);
        Assert.Equal(Space, SearchSpace.From(Space.ToForm()));
    }

    [Fact]
    public void Parameters_of_a_branch_exist_only_there()
    {
        using var study = Study.InMemory("branches", sampler: new RandomSampler { Seed = 1 }, space: Space);
        study.Optimize(trial =>
        {
            trial.Constrain("latencyMs", 1);
            return trial.Choice("network", "mlp", "leNet5") == "mlp"
                ? trial.Uniform("network.dropout", 0, 0.5)
                : trial.LogUniform("learningRate", 1e-5, 1e-1);
        }, trials: 40);
        Assert.All(study.Trials, t => Assert.Equal(
            t.Numbers["network"] == 0
                ? ["learningRate", "network", "network.dropout", "network.width"]
                : ["learningRate", "network", "network.pooling"],
            t.Numbers.Keys.Order(StringComparer.Ordinal)));
        Assert.Equal(2, study.Trials.Select(t => t.Numbers["network"]).Distinct().Count());
    }

    [Fact]
    public void A_parameter_of_another_branch_cannot_be_asked_for()
    {
        using var study = Study.InMemory("branches", space: Space);
        study.Enqueue(new Dictionary<string, object?> { ["network"] = "leNet5" });
        var trial = study.Ask();
        Assert.Contains(
            "'network' is not mlp",
            Assert.Throws<StudyException>(() => trial.Uniform("network.dropout", 0, 0.5)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "has no parameter 'momentum'",
            Assert.Throws<SpaceChangedException>(() => trial.Uniform("momentum", 0, 1)).Message,
            StringComparison.Ordinal);
        // What the space declares is drawn when the trial begins, so another range of the same name is a contradiction
        // within the trial.
        Assert.Contains(
            "was suggested as {\"logUniform\":[1E-05,0.1]}",
            Assert.Throws<SpaceChangedException>(() => trial.LogUniform("learningRate", 1e-4, 1)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_trial_that_violates_a_constraint_is_never_the_best()
    {
        using var study = Study.InMemory("constrained", space: Space);
        study.Optimize(trial =>
        {
            trial.Constrain("latencyMs", trial.Number == 0 ? 9 : 4);
            return trial.Number;
        }, trials: 3);
        Assert.Equal([4, -1, -1], study.Trials.Select(t => t.Constraints.Single()));
        Assert.Equal(1, study.Best!.Number);
    }

    [Fact]
    public void A_trial_says_each_declared_constraint_once()
    {
        using var study = Study.InMemory("constrained", space: Space);
        var trial = study.Ask();
        Assert.Contains(
            "gave no value for constraint 'latencyMs'",
            Assert.Throws<ArgumentException>(() => study.Tell(trial, 1)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "no constraint 'size'; it has latencyMs",
            Assert.Throws<StudyException>(() => trial.Constrain("size", 1)).Message,
            StringComparison.Ordinal);
        trial.Constrain("latencyMs", 1);
        Assert.Contains(
            "given already",
            Assert.Throws<StudyException>(() => trial.Constrain("latencyMs", 2)).Message,
            StringComparison.Ordinal);
        study.Tell(trial, 1);
    }

    [Theory]
    [InlineData("parameters: { a: { uniform: [0, 1], when: { b: [1] } } }", "depends on 'b', which does not stand before it")]
    [InlineData(
        "parameters: { b: { choice: [x, y] }, a: { uniform: [0, 1], when: { b: [z] } } }",
        "exists when 'b' is \"z\", which that never is")]
    [InlineData("parameters: { a: { gaussian: [0, 1] } }", "unknown key 'gaussian'")]
    [InlineData("parameters: { a: { logUniform: [0, 1] } }", "a logarithmic range lies above zero")]
    [InlineData("parameters: { a: { unifrom: [0, 1] } }", "did you mean 'uniform'")]
    public void Spaces_that_are_none_say_why(string yaml, string message) => Assert.Contains(
        message,
        Assert.ThrowsAny<ConfigurationException>(
            () => SearchSpace.From(ConfigurationDocument.Parse(yaml, "space.yaml").Bind<SpaceForm>())).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_name_means_one_parameter()
    {
        using var study = Study.InMemory("names");
        var trial = study.Ask();
        trial.Uniform("x", 0, 1);
        Assert.Equal(trial.Uniform("x", 0, 1), trial.Uniform("x", 0, 1));
        Assert.Contains(
            "'x' was suggested as",
            Assert.Throws<SpaceChangedException>(() => trial.Uniform("x", 0, 2)).Message,
            StringComparison.Ordinal);
        study.Tell(trial, 1);
        var changed = Assert.Throws<SpaceChangedException>(() => study.Ask().Integer("x", 0, 2));
        Assert.Contains("{\"uniform\":[0,1]}", changed.Message, StringComparison.Ordinal);
        Assert.Contains("{\"integer\":[0,2]}", changed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_grid_runs_every_combination_once()
    {
        var space = Space;
        var grid = new GridSampler { Points = 3 };
        // mlp: 3 widths x 3 dropouts, leNet5: 2 poolings; each with 3 learning rates.
        Assert.Equal((9 + 2) * 3, grid.Size(space));
        using var study = Study.InMemory("grid", sampler: grid, space: space);
        for (int i = 0; i < grid.Size(space); i++)
        {
            var trial = study.Ask();
            trial.Constrain("latencyMs", 0);
            study.Tell(trial, 0);
        }

        Assert.Equal(
            grid.Size(space),
            study.Trials.Select(t => string.Join(",", t.Numbers.OrderBy(n => n.Key).Select(n => n.ToString())))
                .Distinct().Count());
        Assert.Equal(
            [1e-5, 1e-3, 1e-1],
            study.Trials.Select(t => t.Numbers["learningRate"]).Distinct().Order(),
            (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(
            [8, 45, 256],
            study.Trials.Where(t => t.Numbers.ContainsKey("network.width"))
                .Select(t => t.Numbers["network.width"]).Distinct().Order());
    }

    [Fact]
    public void A_grid_needs_a_declared_space_of_bounded_size()
    {
        using var study = Study.InMemory("grid", sampler: new GridSampler());
        Assert.Contains(
            "a grid needs a declared space",
            Assert.Throws<SamplerException>(() => study.Ask().Uniform("x", 0, 1)).Message,
            StringComparison.Ordinal);
        var large = SearchSpace.Of([.. Enumerable.Range(0, 12).Select(i => ($"x{i}", (Distribution)new Uniform(0, 1)))]);
        Assert.Contains(
            "more than 10000000 combinations",
            Assert.Throws<SamplerException>(() => new GridSampler().Size(large)).Message,
            StringComparison.Ordinal);
    }
}
