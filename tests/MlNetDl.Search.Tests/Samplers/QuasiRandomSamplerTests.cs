using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Search.Tests.Samplers;

public sealed class QuasiRandomSamplerTests
{
    [Fact]
    public void Options_and_whole_numbers_are_met_equally_often()
    {
        using var study = Study.InMemory("even", sampler: new QuasiRandomSampler());
        study.Optimize(t => t.Integer("n", 1, 16) + t.Choice<int>("c", 1, 2, 3, 4) + t.Uniform("x", 0, 1), trials: 64);
        Assert.All(study.Trials.GroupBy(t => t.Numbers["n"]), g => Assert.Equal(4, g.Count()));
        Assert.All(study.Trials.GroupBy(t => t.Numbers["c"]), g => Assert.Equal(16, g.Count()));
        Assert.Equal(16, study.Trials.GroupBy(t => t.Numbers["n"]).Count());
        Assert.Equal(Enumerable.Range(0, 64), study.Trials.Select(t => (int)(t.Numbers["x"] * 64)).Order());
    }

    [Fact]
    public void A_declared_space_and_the_same_one_defined_by_running_give_the_same_points()
    {
        static double Objective(Trial t) => t.Uniform("a", -1, 1) + t.LogUniform("b", 1e-3, 1) + t.Integer("c", 0, 9);
        using var running = Study.InMemory("running", sampler: new QuasiRandomSampler());
        using var declared = Study.InMemory("declared", sampler: new QuasiRandomSampler(),
            space: SearchSpace.Of(("a", new Uniform(-1, 1)), ("b", new LogUniform(1e-3, 1)), ("c", new Integer(0, 9))));
        running.Optimize(Objective, trials: 20);
        declared.Optimize(Objective, trials: 20);
        Assert.Equal(running.Trials.SelectMany(t => t.Numbers), declared.Trials.SelectMany(t => t.Numbers));
    }

    [Fact]
    public void Workers_share_the_sequence()
    {
        using var one = Study.InMemory("one", sampler: new QuasiRandomSampler());
        using var four = Study.InMemory("four", sampler: new QuasiRandomSampler());
        one.Optimize(t => t.Uniform("x", 0, 1), trials: 64);
        four.Optimize(t => t.Uniform("x", 0, 1), trials: 64, parallel: 4);
        Assert.Equal(one.Trials.Select(t => t.Numbers["x"]), four.Trials.Select(t => t.Numbers["x"]));
    }

    [Fact]
    public void Parameters_behind_the_last_dimension_are_random()
    {
        var parameters = Enumerable.Range(0, 300).Select(i => ($"p{i}", (Distribution)new Uniform(0, 1))).ToArray();
        using var study = Study.InMemory("wide", sampler: new QuasiRandomSampler(), space: SearchSpace.Of(parameters));
        study.Optimize(t => t.Number, trials: 64);
        Assert.Equal(64, study.Trials.Select(t => (int)(t.Numbers["p255"] * 64)).Distinct().Count());
        Assert.InRange(study.Trials.Select(t => (int)(t.Numbers["p256"] * 64)).Distinct().Count(), 30, 55);
    }

    [Fact]
    public void Without_scrambling_the_plain_sequence()
    {
        using var study = Study.InMemory("plain", sampler: new QuasiRandomSampler { Scramble = false, Seed = 9 });
        study.Optimize(t => t.Uniform("x", 0, 1) + t.Uniform("y", 0, 1), trials: 4);
        Assert.Equal([0, 0.5, 0.75, 0.25], study.Trials.Select(t => t.Numbers["x"]));
        Assert.Equal([0, 0.5, 0.25, 0.75], study.Trials.Select(t => t.Numbers["y"]));
    }
}
