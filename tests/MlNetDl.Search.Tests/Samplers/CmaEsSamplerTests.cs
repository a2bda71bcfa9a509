using MlNetDl.Configuration;
using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests.Samplers;

public sealed class CmaEsSamplerTests
{
    private static double Sphere(Trial trial) => Enumerable.Range(0, 4).Sum(i => Math.Pow(trial.Uniform($"x{i}", -5, 5) - 1, 2));

    [Fact]
    public void Trials_that_are_all_pruned_at_one_step_are_told_apart_by_their_reports()
    {
        // Equal ones would start the search anew after 20 generations of 6, far from where it is.
        using var study = Study.InMemory("pruned", sampler: new CmaEsSampler());
        study.Optimize(
            t =>
            {
                t.Report(1, Math.Pow(t.Uniform("x", 0, 1) - 0.3, 2) + Math.Pow(t.Uniform("y", 0, 1) - 0.6, 2));
                throw new TrialPrunedException();
            },
            trials: 200);
        Assert.All(study.Trials.Skip(125), t => Assert.InRange(t.Value, 0, 1e-3));
    }

    [Fact]
    public void Only_ranks_count()
    {
        using var plain = Study.InMemory("plain", sampler: new CmaEsSampler());
        using var bent = Study.InMemory("bent", sampler: new CmaEsSampler());
        plain.Optimize(Sphere, trials: 80);
        bent.Optimize(t => Math.Exp(Sphere(t) / 10) - 1e3, trials: 80);
        Assert.Equal(plain.Trials.SelectMany(t => t.Numbers), bent.Trials.SelectMany(t => t.Numbers));
    }

    [Fact]
    public void A_moved_function_in_a_moved_range_is_searched_alike()
    {
        using var here = Study.InMemory("here", sampler: new CmaEsSampler());
        using var there = Study.InMemory("there", sampler: new CmaEsSampler());
        here.Optimize(t => Math.Pow(t.Uniform("x", -4, 4), 2) + Math.Pow(t.Uniform("y", -4, 4), 2), trials: 60);
        there.Optimize(t => Math.Pow(t.Uniform("x", 4, 12) - 8, 2) + Math.Pow(t.Uniform("y", 4, 12) - 8, 2), trials: 60);
        Assert.All(here.Trials.Zip(there.Trials), p => Assert.Equal(p.First.Numbers["x"] + 8, p.Second.Numbers["x"], 6));
    }

    // Medians over 40 seeds and 100 trials of Optuna 5.0.0rc1's CMA-ES are 0.153 on Sphere5 in [-5.12, 5.12]
    // and 6.76 for random.
    [Fact]
    public void Sphere5_after_100_trials_is_as_good_as_with_other_implementations()
    {
        static double Sphere5(Trial t) => Enumerable.Range(0, 5).Sum(i => Math.Pow(t.Uniform($"x{i}", -5.12, 5.12), 2));
        double[] bests = [.. Enumerable.Range(1, 21).Select(seed => Best(Sphere5, new CmaEsSampler { Seed = seed }, 100)).Order()];
        Assert.InRange(bests[10], 0, 0.283);
    }

    [Fact]
    public void Whole_numbers_on_both_scales_are_found()
    {
        static double Objective(Trial t) => Math.Abs(t.Integer("n", 0, 100) - 71)
            + (10 * Math.Abs(Math.Log2(t.Integer("w", 1, 1024, log: true)) - 6))
            + Math.Abs(t.Uniform("x", 0, 1) - 0.2);
        using var study = Study.InMemory("whole", sampler: new CmaEsSampler());
        study.Optimize(Objective, trials: 400);
        Assert.Equal((71L, 64L), (study.Best!.ValueOf("n"), study.Best.ValueOf("w")));
    }

    [Fact]
    public void Generations_close_whatever_the_order_of_finishing_and_workers_may_be_many()
    {
        using var study = Study.InMemory("parallel", sampler: new CmaEsSampler());
        var running = new List<Trial>();
        for (int i = 0; i < 400; i++)
        {
            running.Add(study.Ask());
            if (running.Count == 16)
            {
                var last = running[(i * 7) % 16];
                running.Remove(last);
                study.Tell(last, Sphere(last));
            }
        }

        Assert.True(study.Best!.Value < 0.05, $"{study.Best.Value}");
    }

    [Fact]
    public void Failed_trials_do_not_count_and_pruned_ones_are_worse_than_complete_ones()
    {
        using var study = Study.InMemory("half", sampler: new CmaEsSampler());
        study.Optimize(t =>
        {
            double value = Sphere(t);
            if (t.Uniform("x0", -5, 5) < 0.5)
            {
                throw t.Number % 2 == 0 ? new TrialPrunedException() : new InvalidOperationException("diverged");
            }

            return value;
        }, trials: 300);
        Assert.True(study.Best!.Value < 0.05, $"{study.Best.Value}");
    }

    [Fact]
    public void Constraints_are_kept()
    {
        using var study = Study.InMemory("constrained", new StudyOptions
        {
            Sampler = new CmaEsSampler(),
            Space = new SearchSpace
            {
                Parameters = [new("x", new Uniform(0, 10)), new("y", new Uniform(0, 10))],
                Constraints = [new("sum") { AtLeast = 12 }],
            },
        });
        study.Optimize(t =>
        {
            double x = t.Uniform("x", 0, 10), y = t.Uniform("y", 0, 10);
            t.Constrain("sum", x + y);
            return (x * x) + (y * y);
        }, trials: 200);

        // The nearest point of x + y ≥ 12 to the origin is (6, 6).
        Assert.InRange(study.Best!.Value, 72, 73.5);
    }

    [Fact]
    public void A_search_that_stagnates_starts_anew()
    {
        // The middle is a wide basin with value 1; a narrow one with value 0 lies at 0.9. One descent
        // ends in the former.
        static double Two(Trial t) => Math.Min(1 + Math.Abs(t.Uniform("x", 0, 1) - 0.5), 30 * Math.Abs(t.Uniform("x", 0, 1) - 0.9));
        Assert.True(Best(Two, new CmaEsSampler(), 2000) < 0.01);
    }

    [Fact]
    public void Several_objectives_are_refused()
    {
        using var study = Study.InMemory("two", new StudyOptions { Goals = [Goal.Minimize, Goal.Minimize], Sampler = new CmaEsSampler() });
        var trial = study.Ask();
        Assert.Equal(
            "study 'two' has 2 objectives but CMA-ES searches for one; use nsga2 or tpe.",
            Assert.Throws<SamplerException>(() => trial.Uniform("x", 0, 1)).Message);
    }

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentException>(() => RecordCheck.Require(new CmaEsSampler { StartUpTrials = -1 }, ""));
        Assert.Throws<ArgumentException>(() => RecordCheck.Require(new CmaEsSampler { PopulationSize = 1 }, ""));
        Assert.Throws<ArgumentException>(() => RecordCheck.Require(new CmaEsSampler { PopulationGrowth = double.NaN }, ""));
        RecordCheck.Require(
            new CmaEsSampler
            {
                StartUpTrials = 0,
                PopulationSize = 2,
                PopulationGrowth = 1,
            },
            "");
    }

    private static double Best(Func<Trial, double> objective, Sampler sampler, int trials)
    {
        using var study = Study.InMemory("study", sampler: sampler);
        study.Optimize(objective, trials: trials);
        return study.Best!.Value;
    }
}
