using MlNetDl.Configuration;
using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;
using MlNetDl.Search.Samplers.Tpe;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests.Samplers;

public sealed partial class TpeSamplerTests
{
    private static readonly Uniform Unit = new(0, 1);

    [Fact]
    public void Trials_stand_by_value_then_depth_then_violation()
    {
        TrialRecord[] order =
        [
            Trial(9, 0.9, value: double.NegativeInfinity),
            Trial(3, 0.3, value: 1),
            Trial(4, 0.4, value: 1),
            Trial(2, 0.2, value: double.PositiveInfinity),
            Trial(5, 0.5, value: double.NaN),
            Pruned(8, (0, 1), (7, 5)),
            Pruned(0, (0, 1), (7, double.NaN)),
            Pruned(1, (3, -9)),
            Pruned(6),
            Trial(7, 0.7, value: 0) with { Constraints = [-1, 0.5] },
            Trial(10, 0.1, value: 0) with { Constraints = [double.NaN] },
        ];
        Assert.Equal(
            order.Select(t => t.Number),
            order.Reverse().OrderBy(t => Standing.Of(t, [Goal.Minimize])!.Value).Select(t => t.Number));
        Assert.Null(Standing.Of(new() { Number = 11, State = TrialState.Failed }, [Goal.Minimize]));
        Assert.True(Standing.Of(order[1], [Goal.Maximize])!.Value.CompareTo(Standing.Of(order[0], [Goal.Maximize])!.Value) < 0);
    }

    [Fact]
    public void The_best_of_many_are_kept_in_order()
    {
        var ranking = Ranking.Of([Goal.Minimize]);
        for (int i = 0; i < 500; i++)
        {
            ranking.Add(Trial(i, 0.5, value: i * 7919 % 503));
        }

        Assert.Equal(500, ranking.Count);
        Assert.Equal(Enumerable.Range(0, 500).OrderBy(i => i * 7919 % 503).Take(25), ranking.Best(25).Select(t => t.Number));
    }

    [Fact]
    public void With_two_objectives_the_front_is_best_and_its_ends_first()
    {
        var ranking = Ranking.Of([Goal.Minimize, Goal.Maximize]);
        for (int i = 0; i < 1000; i++)
        {
            // Every tenth lies on the line a - b = 0, which no other beats; the others lie behind.
            double at = i / 1000.0, behind = i % 10 == 0 ? 0 : 0.2;
            ranking.Add(new()
            {
                Number = i,
                State = TrialState.Complete,
                Values = [at + behind, at - behind],
            });
        }

        var best = ranking.Best(25).ToList();
        Assert.Equal(25, best.Count);
        Assert.All(best, t => Assert.Equal(0, t.Number % 10));
        Assert.Contains(best, t => t.Number == 0);
        Assert.Contains(best, t => t.Number == 990);
    }

    [Fact]
    public void Infeasible_trials_do_not_attract()
    {
        // The best values lie at 0.9 and are infeasible.
        var trials = Enumerable.Range(0, 60).Select(i => i % 2 == 0
            ? Trial(i, 0.9, value: -1) with { Constraints = [1] }
            : Trial(i, 0.1 + (0.001 * i), value: i) with { Constraints = [0] });
        Assert.True(Proposals(History.Of([.. trials])).Average() < 0.5);
    }

    [Fact]
    public void Running_trials_push_away()
    {
        List<TrialRecord> trials = [.. Enumerable.Range(0, 30)
            .Select(i => Trial(i, (i + 0.5) / 30, value: Math.Abs(((i + 0.5) / 30) - 0.5)))];
        double Distance(TpeSampler sampler, int running) => Proposals(
            History.Of([
                .. trials,
                .. Enumerable.Range(30, running).Select(i => new TrialRecord
                {
                    Number = i,
                    State = TrialState.Running,
                    Numbers = Numbers(0.5),
                    Distributions = Distributions,
                }),
            ]),
            sampler).Average(x => Math.Abs(x - 0.5));
        double alone = Distance(new(), 0);
        Assert.True(Distance(new(), 10) > alone + 0.02);
        Assert.Equal(alone, Distance(new() { ConstantLiar = false }, 10), 0.02);
    }

    [Fact]
    public void The_history_that_counts_is_bounded()
    {
        var trials = Enumerable.Range(0, 400).Select(i => Trial(i, i * 0.618 % 1, value: Math.Abs((i * 0.618 % 1) - 0.3))).ToList();
        var space = new List<KeyValuePair<string, Distribution>> { new("x", Unit) };
        var observations = TpeMemory.Of(new() { HistoryCap = 50 }, History.Of(trials)).In("x", space);
        var (good, others) = observations.Split([]);
        Assert.Equal(400, observations.Count);
        var best = trials.OrderBy(t => t.Value).Take(25).ToHashSet();
        Assert.Equal(best.OrderBy(t => t.Number).Select(t => t.Numbers["x"]), good.Select(p => p[0]));
        Assert.Equal(trials.Where(t => !best.Contains(t)).TakeLast(50).Select(t => t.Numbers["x"]), others.Select(p => p[0]));
    }

    [Fact]
    public void Draws_follow_the_density()
    {
        var whole = new Integer(1, 12, Log: true);
        var choice = Choice.Of("a", "b", "c");
        var density = new ParzenEstimator(
            [whole, choice], [[whole.ToUnit(2), 0], [whole.ToUnit(9), 2], [whole.ToUnit(9), 1]], priorWeight: 0.5);
        const int draws = 40_000;
        var random = new TrialRandom(1, 0, "draws");
        var counts = new Dictionary<(double, double), int>();
        for (int i = 0; i < draws; i++)
        {
            var point = density.Draw(random);
            counts[(point[0], point[1])] = counts.GetValueOrDefault((point[0], point[1])) + 1;
        }

        double sum = 0;
        for (int n = 1; n <= 12; n++)
        {
            for (int option = 0; option < 3; option++)
            {
                double probability = Math.Exp(density.LogDensity([n, option]));
                sum += probability;

                // Five standard errors.
                Assert.Equal(probability, counts.GetValueOrDefault((n, option)) / (double)draws, 5 * Math.Sqrt(probability / draws));
            }
        }

        Assert.Equal(1, sum, 1e-12);
    }

    [Fact]
    public void A_density_of_numbers_integrates_to_one()
    {
        var rate = new LogUniform(1e-4, 1);
        var density = new ParzenEstimator([rate], [[0.2], [0.21], [0.9]], priorWeight: 1);
        const int cells = 20_000;
        Assert.Equal(1, Enumerable.Range(0, cells).Average(i => Math.Exp(density.LogDensity([rate.FromUnit((i + 0.5) / cells)]))), 1e-6);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_finds_better_trials_than_random_search(bool multivariate)
    {
        double Best(Sampler sampler)
        {
            using var study = Study.InMemory("rosenbrock", sampler: sampler);
            study.Optimize(
                t => Math.Pow(1 - t.Uniform("x", -5, 10), 2)
                    + (100 * Math.Pow(t.Uniform("y", -5, 10) - Math.Pow(t.Uniform("x", -5, 10), 2), 2)),
                trials: 60);
            return study.Best!.Value;
        }

        int wins = Enumerable.Range(1, 9)
            .Count(seed => Best(new TpeSampler { Seed = seed, Multivariate = multivariate })
                < Best(new RandomSampler { Seed = seed }));
        Assert.True(wins >= 6, $"it won {wins} of 9");
    }

    [Theory]
    [InlineData("startUpTrials", -1)]
    [InlineData("candidates", 0)]
    [InlineData("historyCap", 24)]
    [InlineData("priorWeight", 0)]
    public void Settings_out_of_range_are_refused(string setting, double value) =>
        Assert.Throws<ArgumentException>(() => RecordCheck.Require(
            setting switch
            {
                "startUpTrials" => new TpeSampler { StartUpTrials = (int)value },
                "candidates" => new() { Candidates = (int)value },
                "historyCap" => new() { HistoryCap = (int)value },
                _ => new TpeSampler { PriorWeight = value },
            },
            ""));

    private static Dictionary<string, Distribution> Distributions { get; } = new() { ["x"] = Unit };

    private static Dictionary<string, double> Numbers(double x) => new() { ["x"] = x };

    private static TrialRecord Trial(int number, double x, double value) => new()
    {
        Number = number,
        State = TrialState.Complete,
        Numbers = Numbers(x),
        Distributions = Distributions,
        Values = [value],
    };

    private static TrialRecord Pruned(int number, params (long Step, double Value)[] reports) => new()
    {
        Number = number,
        State = TrialState.Pruned,
        Reports = [.. reports.Select(r => new Report(r.Step, r.Value))],
    };

    // What it would propose by many seeds.
    private static List<double> Proposals(History history, TpeSampler? sampler = null)
    {
        var next = new TrialRecord { Number = history.Trials.Count, State = TrialState.Running };
        return [.. Enumerable.Range(0, 60)
            .Select(seed => ((sampler ?? new()) with { Seed = seed })
                .SampleJointly(history, next, Distributions)["x"])];
    }
}
