using MlNetDl.Configuration;
using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests.Samplers;

public sealed partial class GaussianProcessSamplerTests
{
    private static double Branin(Trial t)
    {
        double x = t.Uniform("x0", -5, 10), y = t.Uniform("x1", 0, 15);
        return Math.Pow(y - (5.1 / (4 * Math.PI * Math.PI) * x * x) + (5 / Math.PI * x) - 6, 2)
            + (10 * (1 - (1 / (8 * Math.PI))) * Math.Cos(x))
            + 10;
    }

    // Minimum -3.32237; parameters by Dixon and Szegö 1978.
    private static double Hartmann6(Trial t)
    {
        double[] x = [.. Enumerable.Range(0, 6).Select(i => t.Uniform($"x{i}", 0, 1))];
        double[] alpha = [1, 1.2, 3, 3.2];
        double[][] a = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]];
        double[][] p =
        [
            [1312, 1696, 5569, 124, 8283, 5886],
            [2329, 4135, 8307, 3736, 1004, 9991],
            [2348, 1451, 3522, 2883, 3047, 6650],
            [4047, 8828, 8732, 5743, 1091, 381],
        ];
        return -Enumerable.Range(0, 4)
            .Sum(i => alpha[i]
                * Math.Exp(-Enumerable.Range(0, 6).Sum(j => a[i][j] * Math.Pow(x[j] - (p[i][j] / 10_000), 2))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Thirty_trials_on_Branin_beat_300_random_ones(int seed) =>
        Assert.True(Best(Branin, new GaussianProcessSampler { Seed = seed }, 30) < Best(Branin, new RandomSampler { Seed = seed }, 300));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Forty_trials_on_Hartmann6_beat_300_random_ones(int seed) => Assert.True(
        Best(Hartmann6, new GaussianProcessSampler { Seed = seed }, 40)
            < Best(Hartmann6, new RandomSampler { Seed = seed }, 300));

    [Fact]
    public void Choices_and_whole_numbers_are_found_together()
    {
        static double Objective(Trial t) => Math.Abs(t.Integer("n", 0, 100) - 71)
            + (5 * Math.Abs(Math.Log2(t.Integer("w", 1, 1024, log: true)) - 6))
            + (t.Choice<string>("kind", "a", "b", "c", "d") == "c" ? 0 : 20);
        Assert.InRange(Best(Objective, new GaussianProcessSampler(), 45), 0, 2);
    }

    [Fact]
    public void Nothing_is_tried_twice_while_there_is_something_new()
    {
        using var study = Study.InMemory("twelve", sampler: new GaussianProcessSampler { StartUpTrials = 1 });
        study.Optimize(t => t.Choice<int>("a", 1, 2, 3) * t.Integer("b", 1, 4), trials: 13);

        // The first parameters of a study without a space are quasi-random: trial 0, alone.
        Assert.Equal(12, study.Trials.Select(t => (t.Numbers["a"], t.Numbers["b"])).Distinct().Count());
    }

    [Fact]
    public void What_is_best_is_repeated_once_all_has_been_tried()
    {
        using var study = Study.InMemory("twelve", sampler: new GaussianProcessSampler { StartUpTrials = 1 });
        study.Optimize(t => t.Choice<int>("a", 1, 2, 3) * t.Integer("b", 1, 4), trials: 40);

        // Twelve values from 1 to 12: at random one of four is 1 or 2.
        Assert.All(study.Trials.Skip(13), t => Assert.InRange(t.Value, 1, 2));
    }

    [Fact]
    public void No_branch_is_given_up()
    {
        // Nearly all of the second branch is bad, and the best lies there.
        using var study = Study.InMemory("branches", sampler: new GaussianProcessSampler());
        study.Optimize(
            t =>
                t.Choice("kind", "even", "deep") == "even" ? t.Uniform("x", 0, 1) : t.Uniform("y", 0, 1) < 0.1 ? -5 : 3,
            trials: 60);
        Assert.Equal(-5, study.Best!.Value);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Beside_a_branch_what_all_trials_have_is_ranked(bool declared)
    {
        // "deep" is bad nearly everywhere and holds the best; the rate is good around 0.01.
        SearchSpace space = new()
        {
            Parameters =
            [
                new("rate", new LogUniform(1e-4, 1)),
                new("kind", Choice.Of("even", "deep")),
                new("depth", new Uniform(0, 1)) { When = [new("kind", [Option.Of("deep")])] },
            ],
        };
        using var study = Study.InMemory("beside", sampler: new GaussianProcessSampler(), space: declared ? space : null);
        study.Optimize(
            t => Math.Pow(Math.Log10(t.LogUniform("rate", 1e-4, 1)) + 2, 2)
                + (t.Choice("kind", "even", "deep") == "even" ? 1 : t.Uniform("depth", 0, 1) < 0.1 ? 0 : 4),
            trials: 50);
        // Evenly it would be 10 or 11.
        Assert.InRange(study.Trials.Skip(20).Count(t => t.Numbers["rate"] is > 0.002 and < 0.05), 16, 30);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_whole_number_beside_a_branch_is_ranked_when_all_of_it_was_tried(bool declared)
    {
        SearchSpace space = new()
        {
            Parameters =
            [
                new("layers", new Integer(1, 4)),
                new("kind", Choice.Of("a", "b")),
                new("momentum", new Uniform(0, 1)) { When = [new("kind", [Option.Of("a")])] },
            ],
        };
        using var study = Study.InMemory("layers", sampler: new GaussianProcessSampler(), space: declared ? space : null);
        study.Optimize(
            t => Math.Abs(t.Integer("layers", 1, 4) - 3)
                + (t.Choice("kind", "a", "b") == "a" ? 0.1 * t.Uniform("momentum", 0, 1) : 0),
            trials: 40);
        // Of the branch without a parameter of its own there are only four combinations.
        Assert.InRange(study.Trials.Skip(16).Count(t => t.Numbers["layers"] == 3), 16, 24);
        Assert.Equal(0, study.Best!.Value, 0.01);
    }

    [Fact]
    public void A_failed_trial_with_a_parameter_of_its_own_changes_nothing()
    {
        using var study = Study.InMemory("extra", sampler: new GaussianProcessSampler { StartUpTrials = 1 });
        study.Optimize(
            t => t.Integer("n", 1, 4) == 2 && t.Number < 8 && t.Uniform("extra", 0, 1) >= 0
                ? throw new InvalidOperationException("no")
                : t.Integer("n", 1, 4),
            trials: 30);
        Assert.Contains(study.Trials, t => t.State == TrialState.Failed);
        Assert.InRange(study.Trials.Skip(12).Count(t => t.Numbers["n"] == 1), 12, 18);
    }

    [Fact]
    public void Workers_look_at_different_places()
    {
        using var study = Study.InMemory("parallel", sampler: new GaussianProcessSampler());
        study.Optimize(Branin, trials: 12);
        var running = Enumerable.Range(0, 4)
            .Select(_ => study.Ask())
            .Select(t => (X: t.Uniform("x0", -5, 10), Y: t.Uniform("x1", 0, 15))).ToList();
        Assert.Equal(4, running.Distinct().Count());
        Assert.True(running.Max(r => r.X) - running.Min(r => r.X) > 5, string.Join(' ', running));
    }

    [Fact]
    public void Where_trials_fail_it_does_not_stay()
    {
        using var study = Study.InMemory("cliff", sampler: new GaussianProcessSampler());
        study.Optimize(
            t => t.Uniform("x", 0, 1) < 0.4
                ? throw new InvalidOperationException("diverged")
                : t.Uniform("x", 0, 1) + Math.Pow(t.Uniform("y", 0, 1) - 0.5, 2),
            trials: 40);
        Assert.InRange(study.Best!.Value, 0.4, 0.45);
        Assert.InRange(study.Trials.Skip(15).Count(t => t.State == TrialState.Failed), 0, 15);
    }

    [Fact]
    public void The_largest_double_as_a_penalty_does_not_blind_it()
    {
        using var study = Study.InMemory("penalty", sampler: new GaussianProcessSampler());
        study.Optimize(
            t => (X: t.Uniform("x", 0, 1), Y: t.Uniform("y", 0, 1)) is var (x, y) && x < 0.6
                ? double.MaxValue
                : Math.Pow(x - 0.8, 2) + Math.Pow(y - 0.5, 2),
            trials: 40);
        Assert.InRange(study.Best!.Value, 0, 1e-4);
    }

    [Fact]
    public void Several_objectives_are_refused()
    {
        using var study = Study.InMemory(
            "two", new StudyOptions { Goals = [Goal.Minimize, Goal.Maximize], Sampler = new GaussianProcessSampler() });
        var trial = study.Ask();
        Assert.Equal(
            "study 'two' has 2 objectives but expected improvement is of one; use nsga2 or tpe.",
            Assert.Throws<SamplerException>(() => trial.Uniform("x", 0, 1)).Message);
    }

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentException>(() => RecordCheck.Require(new GaussianProcessSampler { StartUpTrials = 0 }, ""));
        Assert.Throws<ArgumentException>(() => RecordCheck.Require(new GaussianProcessSampler { MaxObservations = 9 }, ""));
    }

    private static double Best(Func<Trial, double> objective, Sampler sampler, int trials)
    {
        using var study = Study.InMemory("study", sampler: sampler);
        study.Optimize(objective, trials: trials);
        return study.Best!.Value;
    }
}
