using CsCheck;
using MlNetDl.Configuration;
using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;
using MlNetDl.Search.Samplers.Nsga2;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests.Samplers;

public sealed class Nsga2Tests
{
    private const double Infinity = double.PositiveInfinity;

    [Fact]
    public void Fronts_of_an_example()
    {
        // (1,5), (2,3) and (4,1) are best; (3,4) lies behind (2,3), (5,5) behind (3,4).
        var fronts = Selection.Fronts(Population([[5, 5], [1, 5], [3, 4], [2, 3], [4, 1]]));
        Assert.Equal<int[]>([[1, 3, 4], [2], [0]], fronts.Select(f => f.Select(i => i.Trial.Number).Order().ToArray()));
    }

    [Fact]
    public void Fronts_peel_off_what_nothing_left_dominates() =>
        Gen.Int[0, 6].Array[2].Array[1, 40].Sample(points =>
        {
            var left = Population([.. points.Select(p => p.Select(v => (double)v).ToArray())]);
            foreach (var front in Selection.Fronts(left))
            {
                var expected = left.Where(p => !left.Exists(q => Dominates(q.Losses, p.Losses))).Select(p => p.Trial.Number);
                Assert.Equal(expected.Order(), front.Select(p => p.Trial.Number).Order());
                left.RemoveAll(front.Contains);
            }

            Assert.Empty(left);
        }, seed: "0000KOIPHC90", iter: 200, threads: 1);

    [Fact]
    public void Feasible_trials_dominate_infeasible_ones_and_these_each_other_by_violation()
    {
        var trials = Population([[9, 9], [0, 0], [1, 1], [5, 5], [6, 6]], [0, 2, 1, 0, double.NaN]);
        Assert.Equal<int[]>([[3], [0], [2], [1], [4]], Selection.Fronts(trials).Select(f => f.Select(i => i.Trial.Number).ToArray()));
    }

    [Fact]
    public void Crowding_distances_of_an_example()
    {
        // Ranges are 4 and 8: (1,6) lies between (0,8) and (3,1): 3/4 + 7/8; (3,1) between (1,6) and (4,0): 3/4 + 6/8.
        Assert.Equal([Infinity, 1.625, 1.5, Infinity], Crowding.Distances([[0, 8], [1, 6], [3, 1], [4, 0]]));
        Assert.Equal([0, 0], Crowding.Distances([[1, 1], [1, 1]]));
        Assert.DoesNotContain(
            double.NaN,
            Crowding.Distances(
                [[double.NegativeInfinity, 3], [double.NegativeInfinity, 3], [1, 2], [Infinity, 1], [Infinity, 1]]));
    }

    [Fact]
    public void Of_the_last_front_the_least_crowded_are_kept()
    {
        var best = Selection.Best(Population([[0, 8], [1, 6], [3, 1], [4, 0], [9, 9]]), 3);
        Assert.Equal([0, 3, 1], best.Select(b => b.Trial.Number));
        Assert.Equal([0, 0, 0, 0, 1], Selection.Best(Population([[0, 8], [1, 6], [3, 1], [4, 0], [9, 9]]), 5).Select(b => b.Rank));
    }

    [Fact]
    public void On_Zdt1_the_front_has_more_volume_than_random_search()
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            double random = Zdt1(new RandomSampler { Seed = seed }, 600), evolved = Zdt1(new Nsga2Sampler { Seed = seed }, 600);
            Assert.True(evolved > random + 0.5, $"{evolved} {random}");
        }
    }

    [Fact]
    public void One_objective_is_searched_too()
    {
        double Best(Sampler sampler)
        {
            using var study = Study.InMemory("sphere", Goal.Maximize, sampler);
            study.Optimize(t => -Enumerable.Range(0, 5).Sum(i => Math.Pow(t.Uniform($"x{i}", -5, 5), 2)), trials: 400);
            return study.Best!.Value;
        }

        Assert.True(Best(new Nsga2Sampler { PopulationSize = 20 }) > Best(new RandomSampler()) / 4);
    }

    [Fact]
    public void Children_without_mutation_take_all_from_two_parents_and_branches_fit()
    {
        var space = new SearchSpace
        {
            Parameters =
            [
                new("kind", Choice.Of("a", "b")),
                new("x", new Uniform(0, 1)),
                new("b", new Uniform(0, 1)) { When = [new("kind", [Option.Of("b")])] },
            ],
        };
        using var study = Study.InMemory(
            "genes",
            new StudyOptions
            {
                Sampler = new Nsga2Sampler { PopulationSize = 8, MutationProbability = 0 },
                Space = space,
            });
        study.Optimize(t => t.Uniform("x", 0, 1) + (t.Choice<string>("kind", "a", "b") == "b" ? t.Uniform("b", 0, 1) : 0.5), trials: 40);
        foreach (string name in new[] { "x", "b" })
        {
            var first = study.Trials.Take(8).Where(t => t.Numbers.ContainsKey(name)).Select(t => t.Numbers[name]).ToHashSet();
            Assert.All(study.Trials.Skip(8).Where(t => t.Numbers.ContainsKey(name)), t => Assert.Contains(t.Numbers[name], first));
        }
    }

    [Fact]
    public void With_mutation_only_all_is_drawn_anew()
    {
        using var study = Study.InMemory("mutants", sampler: new Nsga2Sampler { PopulationSize = 4, MutationProbability = 1 });
        study.Optimize(t => t.Uniform("x", 0, 1), trials: 40);
        Assert.Equal(40, study.Trials.Select(t => t.Numbers["x"]).Distinct().Count());
    }

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentException>(() => RecordCheck.Require(new Nsga2Sampler { PopulationSize = 1 }, ""));
        Assert.Throws<ArgumentException>(() => RecordCheck.Require(new Nsga2Sampler { CrossoverProbability = 1.1 }, ""));
        Assert.Throws<ArgumentException>(() => RecordCheck.Require(new Nsga2Sampler { SwappingProbability = -1 }, ""));
        Assert.Throws<ArgumentException>(() => RecordCheck.Require(new Nsga2Sampler { MutationProbability = double.NaN }, ""));
    }

    private static bool Dominates(double[] a, double[] b) => a.Zip(b).All(p => p.First <= p.Second)
        && a.Zip(b).Any(p => p.First < p.Second);

    private static List<Individual> Population(double[][] values, double[]? violations = null) =>
        [.. values.Select((v, i) => Individual.Of(
            new()
            {
                Number = i,
                State = TrialState.Complete,
                Values = v,
                Constraints = [violations?[i] ?? 0],
            },
            [.. v.Select(_ => Goal.Minimize)]))];

    // Zitzler, Deb and Thiele 2000, in 8 dimensions: the volume that the front dominates below (1.1, 8).
    private static double Zdt1(Sampler sampler, int trials)
    {
        using var study = Study.InMemory("zdt1", new StudyOptions { Goals = [Goal.Minimize, Goal.Minimize], Sampler = sampler });
        study.Optimize(t =>
        {
            double[] x = [.. Enumerable.Range(0, 8).Select(i => t.Uniform($"x{i}", 0, 1))];
            double g = 1 + (9 * x.Skip(1).Average());
            return [x[0], g * (1 - Math.Sqrt(x[0] / g))];
        }, trials: trials);
        double volume = 0, height = 8;
        foreach (var trial in study.ParetoFront.OrderBy(t => t.Values[0]).Where(t => t.Values[0] < 1.1))
        {
            volume += (1.1 - trial.Values[0]) * Math.Max(0, height - trial.Values[1]);
            height = Math.Min(height, trial.Values[1]);
        }

        return volume;
    }
}
