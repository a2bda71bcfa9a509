using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;
using MlNetDl.Search.Samplers.CmaEs;
using MlNetDl.Search.Statistics;

namespace MlNetDl.Search.Tests.Samplers;

/// <summary>Samplers where a parameter bounds another one.</summary>
public sealed class DependentRangesSamplerTests
{
    private static SearchSpace Triangle => new SearchSpace
    {
        Parameters = [new("x", new Uniform(0, 1)), new("y", new Uniform(0, 1)) { AtMost = "x" }],
    }.Checked();

    [Theory]
    [InlineData(typeof(RandomSampler))]
    [InlineData(typeof(QuasiRandomSampler))]
    [InlineData(typeof(TpeSampler))]
    [InlineData(typeof(GaussianProcessSampler))]
    [InlineData(typeof(Nsga2Sampler))]
    public void Random_values_are_even_over_what_is_left(Type type)
    {
        // A study without results: whatever draws its first trials at random goes on so.
        using var study = Study.InMemory("even", sampler: (Sampler)Activator.CreateInstance(type)!, space: Triangle);
        var trials = Enumerable.Range(0, 1000).Select(_ => study.Ask().Record.Numbers).ToList();
        var counts = trials.CountBy(n => (int)Math.Min(10 * n["y"] / n["x"], 9)).ToList();
        Assert.Equal(10, counts.Count);

        // 27.9: what chi squared of 9 degrees of freedom exceeds with probability 0.001.
        Assert.InRange(counts.Sum(c => Math.Pow(c.Value - 100, 2) / 100), 0, 27.9);
    }

    [Fact]
    public void A_grid_leaves_out_what_the_bound_excludes_and_runs_all_else_once()
    {
        var space = new SearchSpace
        {
            Parameters =
            [
                new("a", new Integer(1, 4)), new("b", new Integer(1, 4)) { AtMost = "a" },
                new("c", new Integer(1, 4)) { AtMost = "b" }, new("d", Choice.Of("x", "y")),
            ],
        }.Checked();
        var grid = new GridSampler();
        var all = from a in Enumerable.Range(1, 4)
                  from b in Enumerable.Range(1, a)
                  from c in Enumerable.Range(1, b)
                  from d in Enumerable.Range(0, 2)
                  select (a, b, c, d);
        Assert.Equal(2 * 20, grid.Size(space));
        using var study = Study.InMemory("grid", sampler: grid, space: space);
        study.Optimize(_ => 0, grid.Size(space));
        Assert.Equal(
            all.Order(),
            study.Trials.Select(t => ((int)t.Numbers["a"], (int)t.Numbers["b"], (int)t.Numbers["c"], (int)t.Numbers["d"])).Order());
    }

    [Theory]
    [InlineData(typeof(TpeSampler), 0.03)]
    [InlineData(typeof(GaussianProcessSampler), 0.01)]
    [InlineData(typeof(CmaEsSampler), 0.01)]
    public void The_best_point_on_the_bound_is_found(Type type, double near)
    {
        // Beyond the bound it would be better still.
        using var study = Study.InMemory("bound", sampler: (Sampler)Activator.CreateInstance(type)!, space: Triangle);
        study.Optimize(t => Math.Pow(t.Record.Numbers["x"] - 0.3, 2) + Math.Pow(t.Record.Numbers["y"] - 0.7, 2), trials: 100);
        Assert.InRange(study.Best!.Value, 0.08, 0.08 + near);
        Assert.All(study.Trials, t => Assert.True(t.Numbers["y"] <= t.Numbers["x"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CMA_ES_knows_its_samples_again_where_a_bound_has_clipped_them(bool steps)
    {
        var space = steps
            ? new SearchSpace { Parameters = [new("x", new Integer(0, 9)), new("y", new Uniform(0, 1, 0.1)) { AtMost = "x" }] }.Checked()
            : Triangle;
        var sampler = new CmaEsSampler();
        using var study = Study.InMemory("own", sampler: sampler, space: space);
        study.Optimize(t => Math.Pow(t.Record.Numbers["x"] - 0.3, 2) + Math.Pow(t.Record.Numbers["y"] - 0.7, 2), trials: 60);
        var axes = new SpaceAxes(SpaceAxes.Everywhere(study.History), space: space);
        var search = new CmaEsSearch(sampler, axes, study.History.Goals);
        int clipped = 0;
        for (int i = 1; i < study.Trials.Count; i++)
        {
            search.Read([.. study.Trials.Take(i)]);
            double[] drawn = search.Propose(i);
            double[]? taken = axes.Taken(study.Trials[i], drawn);
            Assert.NotNull(taken);
            clipped += taken.SequenceEqual(drawn) ? 0 : 1;
        }

        Assert.InRange(clipped, 5, 59);
        // The first trial was drawn at random.
        Assert.Null(axes.Taken(study.Trials[0], search.Propose(0)));
    }

    [Fact]
    public void A_Gaussian_process_does_not_repeat_what_a_bound_maps_to_one_point()
    {
        var space = new SearchSpace
        {
            Parameters = [new("x", new Integer(0, 9)), new("y", new Integer(0, 9)) { AtMost = "x" }],
        }.Checked();
        using var study = Study.InMemory("repeat", sampler: new GaussianProcessSampler(), space: space);
        study.Optimize(t => Math.Pow(t.Record.Numbers["x"] - 3, 2) + Math.Pow(t.Record.Numbers["y"] - 9, 2), trials: 40);
        Assert.Equal(30, study.Trials.Skip(10).Select(At).Except(study.Trials.Take(10).Select(At)).Count());

        static (double, double) At(TrialRecord trial) => (trial.Numbers["x"], trial.Numbers["y"]);
    }

    [Fact]
    public void A_sampler_of_ones_own_finds_the_range_of_the_study_at_the_part()
    {
        var sampler = new Noting();
        using var study = Study.InMemory("whole", sampler: sampler, space: Triangle);
        study.Optimize(_ => 0, trials: 10);
        Assert.Equal(20, sampler.Seen.Count);
        Assert.All(sampler.Seen, s => Assert.Equal(study.History.Parameters[s.Name], s.Distribution.Whole ?? s.Distribution));
        Assert.Contains(sampler.Seen, s => s.Distribution != study.History.Parameters[s.Name]);
    }

    [Theory]
    [InlineData(-1, 2)]
    [InlineData(0.5, 0.6)]
    [InlineData(3, 4)]
    [InlineData(-4, -3)]
    [InlineData(30, 31)]
    [InlineData(-50, -45)]
    public void A_normal_between_bounds_has_its_quantiles(double a, double b)
    {
        double before = a;
        foreach (double unit in (double[])[0.001, 0.1, 0.5, 0.9, 0.999])
        {
            double z = NormalMass.QuantileBetween(unit, a, b);
            Assert.InRange(z, before, b);
            before = z;
            if (Math.Abs(a) < 20)
            {
                Assert.Equal(unit, Math.Exp(NormalMass.LogBetween(a, z) - NormalMass.LogBetween(a, b)), 9);
            }
        }
    }

    private sealed record Noting : Sampler
    {
        public List<(string Name, Distribution Distribution)> Seen { get; } = [];

        public override double Sample(History history, TrialRecord trial, string name, Distribution distribution)
        {
            Seen.Add((name, distribution));
            return distribution.FromUnit(Random(trial, name).NextDouble());
        }
    }
}
