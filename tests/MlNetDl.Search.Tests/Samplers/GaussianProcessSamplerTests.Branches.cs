using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Search.Tests.Samplers;

/// <content>Parameters that exist in some branches only.</content>
public sealed partial class GaussianProcessSamplerTests
{
    private static readonly SearchSpace Nested = new SearchSpace
    {
        Parameters =
        [
            new("kind", Choice.Of("flat", "deep")),
            new("a", new Uniform(-5, 5)) { When = [new("kind", [Option.Of("flat")])] },
            new("inner", Choice.Of("u", "v")) { When = [new("kind", [Option.Of("deep")])] },
            new("b", new Uniform(-5, 5)) { When = [new("kind", [Option.Of("deep")]), new("inner", [Option.Of("u")])] },
            new("rate", new LogUniform(1e-5, 1)) { When = [new("inner", [Option.Of("v")])] },
        ],
    }.Checked();

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    public void Within_nested_branches_it_finds_more_than_300_random_trials(int seed, bool declared)
    {
        static double Objective(Trial t) => t.Choice("kind", "flat", "deep") == "flat"
            ? 1 + Math.Pow(t.Uniform("a", -5, 5), 2)
            : t.Choice("inner", "u", "v") == "u"
                ? 0.5 + Math.Pow(t.Uniform("b", -5, 5) - 2, 2)
                : Math.Pow(Math.Log10(t.LogUniform("rate", 1e-5, 1)) + 2, 2);
        using var study = Study.InMemory("nested", sampler: new GaussianProcessSampler { Seed = seed }, space: declared ? Nested : null);
        using var random = Study.InMemory("nested", sampler: new RandomSampler { Seed = seed }, space: Nested);
        study.Optimize(Objective, trials: 40);
        random.Optimize(Objective, trials: 300);
        Assert.True(study.Best!.Value < random.Best!.Value);
        Assert.Contains(study.Trials.Skip(10), t => t.Numbers["kind"] == 0);
        Assert.All(study.Trials, t => Assert.Equal(t.Numbers["kind"] == 0, t.Numbers.ContainsKey("a")));
    }

    [Fact]
    public void A_branch_with_wide_values_is_searched_beside_one_with_narrow_values()
    {
        // The best lies in a bent valley of a branch that is worse nearly everywhere.
        using var study = Study.InMemory("deceptive", sampler: new GaussianProcessSampler());
        study.Optimize(
            t => t.Choice("kind", "bowl", "valley") == "bowl"
                ? 2 + Math.Pow(t.Uniform("a", -2, 2), 2) + Math.Pow(t.Uniform("b", -2, 2), 2)
                : (10 * Math.Pow(t.Uniform("y", -2, 2) - Math.Pow(t.Uniform("x", -2, 2), 2), 2))
                    + Math.Pow(1 - t.Uniform("x", -2, 2), 2),
            trials: 60);
        Assert.InRange(study.Best!.Value, 0, 0.1);
    }

    [Fact]
    public void With_a_fixed_branch_its_parameters_are_searched()
    {
        using var study = Study.InMemory("fixed", sampler: new GaussianProcessSampler(), space: Nested);
        for (int i = 0; i < 30; i++)
        {
            study.Enqueue(new Dictionary<string, object?> { ["kind"] = "flat" });
        }

        study.Optimize(t => Math.Pow(t.Uniform("a", -5, 5) - 1, 2) + t.Choice("kind", "flat", "deep").Length, trials: 30);
        Assert.Equal(4, study.Best!.Value, 1e-3);
    }

    [Fact]
    public void Where_a_branch_fails_another_is_taken()
    {
        using var study = Study.InMemory("broken", sampler: new GaussianProcessSampler(), space: Nested);
        study.Optimize(
            t => t.Choice("kind", "flat", "deep") == "flat"
                ? throw new InvalidOperationException("out of memory")
                : t.Choice("inner", "u", "v") == "u" ? Math.Abs(t.Uniform("b", -5, 5)) : 1 + t.LogUniform("rate", 1e-5, 1),
            trials: 40);

        // Of 20 trials every eighth takes a random branch.
        Assert.InRange(study.Trials.Skip(20).Count(t => t.State == TrialState.Failed), 0, 4);
        Assert.InRange(study.Best!.Value, 0, 0.02);
    }
}
