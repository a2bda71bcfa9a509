using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;
using MlNetDl.Search.Samplers.PopulationBased;
using MlNetDl.Search.Samplers.Tpe;

namespace MlNetDl.Search.Tests.Samplers;

/// <summary>Samplers on real ranges with a step.</summary>
public sealed class StepSamplerTests
{
    private static readonly Uniform Range = new(0, 0.5, 0.1);

    public static TheoryData<string> Names => [.. SearchCatalogs.Samplers.Entries.Select(e => e.Name)];

    // A grid has all steps but not all whole numbers, and a population multiplies values.
    public static TheoryData<string> ByPosition =>
        [.. SearchCatalogs.Samplers.Entries.Select(e => e.Name).Except(["grid", "populationBased"])];

    [Theory]
    [MemberData(nameof(Names))]
    public void All_values_are_on_the_grid_and_most_of_the_grid_is_met(string name)
    {
        using var study = Searched(name, SearchSpace.Of(("x", Range), ("y", new Uniform(-1, 1, 0.25))), 120);
        Assert.All(study.Trials, t => Assert.Contains(t.Numbers["x"], new[] { 0, 0.1, 0.2, 0.3, 0.4, 0.5 }));
        Assert.All(study.Trials, t => Assert.Equal(0, t.Numbers["y"] % 0.25));
        Assert.InRange(study.Trials.Select(t => t.Numbers["x"]).Distinct().Count(), 5, 6);
    }

    [Fact]
    public void A_grid_has_all_steps_whatever_its_points()
    {
        var grid = new GridSampler { Points = 3 };
        Assert.Equal(6 * 9, grid.Size(SearchSpace.Of(("x", Range), ("y", new Uniform(-1, 1, 0.25)))));
        Assert.Contains(
            "more than 10000000 combinations",
            Assert.Throws<SamplerException>(() => grid.Size(SearchSpace.Of(("x", new Uniform(0, 1, 1e-9))))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_Gaussian_process_runs_each_combination_once_before_it_repeats_one()
    {
        using var study = Searched("gaussianProcess", SearchSpace.Of(("x", Range), ("y", new Uniform(0, 1, 0.25))), 30);
        Assert.InRange(study.Trials.Skip(10).Select(At).Except(study.Trials.Take(10).Select(At)).Count(), 20, 20);

        static (double, double) At(TrialRecord trial) => (trial.Numbers["x"], trial.Numbers["y"]);
    }

    [Fact]
    public void Tpe_finds_the_best_steps()
    {
        using var study = Study.InMemory("tpe", sampler: new TpeSampler { Seed = 1 });
        study.Optimize(
            t => Math.Pow(t.Uniform("x", -5, 5, step: 0.1) - 1.3, 2) + Math.Pow(t.Uniform("y", 0, 1, step: 0.05) - 0.75, 2), trials: 150);
        Assert.Equal(1.3, study.Best!.Numbers["x"]);
        Assert.InRange(study.Best.Numbers["y"], 0.6, 0.9);
    }

    [Fact]
    public void Masses_of_all_steps_sum_to_one_and_are_those_of_whole_numbers()
    {
        var axis = new SteppedAxis(Range, [Range.ToUnit(0.2), Range.ToUnit(0.5)]);
        var whole = new SteppedAxis(new Integer(0, 5), [new Integer(0, 5).ToUnit(2), new Integer(0, 5).ToUnit(5)]);
        double[] sums = new double[3];
        for (int i = 0; i < 6; i++)
        {
            double[] logs = new double[3], others = new double[3];
            axis.AddLog(Range.At(i), logs);
            whole.AddLog(i, others);
            Assert.Equal(others, logs);
            sums = [.. sums.Zip(logs, (sum, log) => sum + Math.Exp(log))];
        }

        Assert.All(sums, s => Assert.Equal(1, s, 12));
    }

    [Theory]
    [MemberData(nameof(ByPosition))]
    public void Steps_are_searched_as_whole_numbers_are(string name)
    {
        // A tenth of a whole number is a step: positions, and so proposals, are the same.
        using var steps = Searched(name, SearchSpace.Of(("x", new Uniform(0, 2, 0.1)), ("y", new Uniform(-1, 1))), 60);
        using var whole = Searched(name, SearchSpace.Of(("x", new Integer(0, 20)), ("y", new Uniform(-1, 1))), 60);
        Assert.Equal(whole.Trials.Select(t => t.Numbers["x"] / 10), steps.Trials.Select(t => t.Numbers["x"]));
    }

    [Theory]
    [InlineData(0.2, 1.2, 0.3)]
    [InlineData(0.2, 0.8, 0.1)]
    [InlineData(0.5, 1.2, 0.5)]
    [InlineData(0, 1.2, 0.1)]
    [InlineData(0, 0.8, 0)]
    public void A_population_moves_by_a_step_at_least(double number, double factor, double moved) =>
        Assert.Equal(moved, Neighbour.Of(Range, number, factor));

    private static Study Searched(string name, SearchSpace space, int trials)
    {
        var sampler = (Sampler)Activator.CreateInstance(SearchCatalogs.Samplers.Find(name).Type)!;
        var whole = sampler is PopulationBasedSampler population ? population.WithParent(space) : space;
        var study = Study.InMemory("steps", sampler: sampler, space: whole);
        study.Optimize(
            t => t.Record.Numbers.Where(n => n.Key is "x" or "y").Sum(n => Math.Pow(space.Find(n.Key)!.Distribution.ToUnit(n.Value) - 0.7, 2)),
            trials);
        return study;
    }
}
