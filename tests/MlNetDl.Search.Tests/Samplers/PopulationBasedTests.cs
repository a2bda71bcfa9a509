using System.Collections.Concurrent;
using MlNetDl.Configuration;
using MlNetDl.Metrics;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;
using MlNetDl.Search.Samplers.PopulationBased;
using MlNetDl.Search.Storage;

namespace MlNetDl.Search.Tests.Samplers;

public sealed class PopulationBasedTests
{
    private static readonly PopulationBasedSampler Eight = new() { PopulationSize = 8 };
    private static readonly SearchSpace Space = Eight.WithParent(SearchSpace.Of(
        ("rate", new LogUniform(1e-6, 1e6)), ("shift", new Uniform(0, 1)), ("width", new Integer(1, 100)), ("kind", Choice.Of("a", "b", "c"))));

    [Fact]
    public void The_papers_problem_is_solved_by_changing_what_no_fixed_setting_solves()
    {
        // Figure 2 of the paper: the gradient of 1.2 - (h0 x² + h1 y²) climbs 1.2 - (x² + y²) from (0.9, 0.9), where h is
        // either (1, 0) or (0, 1).
        var h = Choice.Of(0, 1);
        static (double X, double Y) Train((double X, double Y) at, long h, int steps)
        {
            for (int i = 0; i < steps; i++)
            {
                at = h == 0 ? (at.X - (0.02 * at.X), at.Y) : (at.X, at.Y - (0.02 * at.Y));
            }

            return at;
        }

        static double Value((double X, double Y) at) => 1.2 - (at.X * at.X) - (at.Y * at.Y);
        Assert.All(new long[] { 0, 1 }, fixedH => Assert.InRange(Value(Train((0.9, 0.9), fixedH, 10_000)), 0.38, 0.390001));
        for (int seed = 1; seed <= 3; seed++)
        {
            var sampler = Eight with { Seed = seed };
            var checkpoints = new Dictionary<int, (double, double)>();
            using var study = Study.InMemory("toy", Goal.Maximize, sampler, space: sampler.WithParent(SearchSpace.Of(("h", h))));
            study.Optimize(
                trial =>
                {
                    var from = PopulationBasedSampler.ParentOf(trial.Record) is { } parent ? checkpoints[parent] : (0.9, 0.9);
                    return Value(checkpoints[trial.Number] = Train(from, trial.Record.ValueOf<long>("h"), 10));
                },
                trials: 60 * 8);
            Assert.InRange(study.Best!.Value, 1.15, 1.2);
            var line = PopulationBasedSampler.Lineage(study.History, study.Best!);
            Assert.Equal([0, 1], line.Select(t => t.Numbers["h"]).Distinct().Order());
            Assert.True(line[0].Number < 8);
            Assert.Equal(study.Best!.Number, line[^1].Number);
        }
    }

    [Fact]
    public void The_best_go_on_as_they_are_and_the_worst_take_over_from_the_best()
    {
        using var study = Generations(3, t => t.Number % 8);
        Assert.All(study.Trials.Take(8), t => Assert.Null(PopulationBasedSampler.ParentOf(t)));
        Assert.Equal(8, study.Trials.Take(8).Select(t => t.Numbers["rate"]).Distinct().Count());
        foreach (var trial in study.Trials.Skip(8))
        {
            int parent = PopulationBasedSampler.ParentOf(trial)!.Value, slot = trial.Number % 8;
            var before = study.Trials[parent];
            if (slot < 6)
            {
                Assert.Equal(trial.Number - 8, parent);
                Assert.All(before.Numbers.Skip(1), n => Assert.Equal(n.Value, trial.Numbers[n.Key]));
                continue;
            }

            // The two worst of eight take one of the two best of the generation before.
            Assert.Equal((trial.Number / 8) - 1, parent / 8);
            Assert.InRange(parent % 8, 0, 1);
        }
    }

    [Fact]
    public void What_is_explored_is_a_fifth_more_or_less_or_drawn_anew()
    {
        using var study = Generations(60, t => t.Number % 8);
        var explored = study.Trials.Skip(8).Where(t => t.Number % 8 >= 6).ToList();
        int anew = 0, up = 0, down = 0;
        foreach (var trial in explored)
        {
            double factor = trial.Numbers["rate"] / study.Trials[PopulationBasedSampler.ParentOf(trial)!.Value].Numbers["rate"];
            up += Math.Abs(factor - 1.2) < 1e-12 ? 1 : 0;
            down += Math.Abs(factor - 0.8) < 1e-12 ? 1 : 0;
            anew += Math.Abs(Math.Abs(factor - 1) - 0.2) < 1e-12 ? 0 : 1;
        }

        // Of 118: a quarter, and three eighths each; four standard deviations.
        Assert.Equal(118, anew + up + down);
        Assert.InRange(anew, 11, 48);
        Assert.InRange(up, 24, 65);
        Assert.InRange(down, 24, 65);
        Assert.Contains(explored, t => t.Numbers["kind"] != study.Trials[PopulationBasedSampler.ParentOf(t)!.Value].Numbers["kind"]);
    }

    [Theory]
    [InlineData(TrialState.Failed)]
    [InlineData(TrialState.Pruned)]
    [InlineData(TrialState.Running)]
    public void Where_a_predecessor_is_not_complete_one_of_the_best_takes_its_place(TrialState state)
    {
        using var study = Study.InMemory("population", sampler: Eight, space: Space);
        for (int i = 0; i < 8; i++)
        {
            Tell(study, study.Ask(), i == 0 ? state : TrialState.Complete, i);
        }

        // Seven are complete: the best of them is trial 1.
        Assert.Equal(1, PopulationBasedSampler.ParentOf(study.Ask().Record));
        Assert.Equal(1, PopulationBasedSampler.ParentOf(study.Ask().Record));
    }

    [Fact]
    public void Without_complete_trials_the_generation_before_goes_on_and_after_three_a_trial_begins_anew()
    {
        using var study = Study.InMemory("population", sampler: Eight, space: Space);
        for (int i = 0; i < 5 * 8; i++)
        {
            var trial = study.Ask();
            int? parent = PopulationBasedSampler.ParentOf(trial.Record);
            if (i / 8 is 0 or 4)
            {
                Assert.Null(parent);
            }
            else if (i / 8 > 1)
            {
                // One of the two best of the first generation, changed: the same would fail again.
                Assert.InRange(parent!.Value, 0, 1);
                Assert.NotEqual(study.Trials[parent.Value].Numbers["rate"], trial.Record.Numbers["rate"]);
            }

            Tell(study, trial, i < 8 ? TrialState.Complete : TrialState.Failed, i);
        }
    }

    [Fact]
    public void Nobody_waits_for_stragglers_and_all_parents_are_complete()
    {
        var checkpoints = new ConcurrentDictionary<int, int>();
        using var study = Study.InMemory("population", sampler: Eight, space: Space);
        var straggler = study.Ask();
        study.Optimize(
            trial =>
            {
                // A parent without a checkpoint would throw.
                int depth = PopulationBasedSampler.ParentOf(trial.Record) is { } parent ? checkpoints[parent] + 1 : 0;
                checkpoints[trial.Number] = depth;
                return trial.Record.Numbers["shift"] - depth;
            },
            trials: 80,
            parallel: 4,
            trialEnded: ended =>
            {
                if (ended.Number == 60)
                {
                    study.Tell(straggler, 0);
                }

                return true;
            });
        Assert.All(study.Trials, t => Assert.True(t.State == TrialState.Complete, t.Error));
        Assert.DoesNotContain(0, study.Trials.Skip(1).Select(PopulationBasedSampler.ParentOf));
        Assert.True(checkpoints.Values.Max() >= 8);
    }

    [Fact]
    public void A_further_attempt_has_the_parent_of_the_first()
    {
        using var store = new MemoryStore();
        int? first;
        using (var study = Study.Open(store, "population", new() { Sampler = Eight, Space = Space }))
        {
            study.Optimize(t => t.Number, trials: 6);
            _ = (study.Ask(), study.Ask());
            var trial = study.Ask();
            first = PopulationBasedSampler.ParentOf(trial.Record);
            Assert.Equal(0, first);

            // Meanwhile the best is another one.
            study.Tell(study.Ask(), -1);
            study.Release(trial);
        }

        using var again = Study.Open(store, "population", new() { Sampler = Eight with { Seed = 2 }, Space = Space });
        var second = again.Ask();
        Assert.Equal((8, 2), (second.Number, second.Record.Attempt));
        Assert.Equal(first, PopulationBasedSampler.ParentOf(second.Record));
    }

    [Fact]
    public void Trials_that_break_a_constraint_come_last()
    {
        var space = Space with { Constraints = [new("size") { AtMost = 1 }] };
        using var study = Study.InMemory("population", sampler: Eight, space: space);
        for (int i = 0; i < 8; i++)
        {
            var trial = study.Ask();
            trial.Constrain("size", i < 2 ? 2 : 0);
            study.Tell(trial, i);
        }

        Assert.All(new[] { study.Ask(), study.Ask() }, t => Assert.InRange(PopulationBasedSampler.ParentOf(t.Record)!.Value, 2, 3));
        Assert.Equal(2, PopulationBasedSampler.ParentOf(study.Ask().Record));
    }

    [Fact]
    public void A_parent_that_was_fixed_gives_all_parameters()
    {
        using var study = Generations(2, t => t.Number % 8);
        study.Enqueue(new Dictionary<string, object?> { [PopulationBasedSampler.ParentDistance] = 8 });
        study.Enqueue(new Dictionary<string, object?> { [PopulationBasedSampler.ParentDistance] = 0, ["width"] = 7 });
        study.Enqueue(new Dictionary<string, object?> { [PopulationBasedSampler.ParentDistance] = 31 });
        var (first, second, third) = (study.Ask().Record, study.Ask().Record, study.Ask().Record);
        Assert.Equal(8, PopulationBasedSampler.ParentOf(first));
        Assert.All(study.Trials[8].Numbers.Skip(1), n => Assert.Equal(n.Value, first.Numbers[n.Key]));
        Assert.Null(PopulationBasedSampler.ParentOf(second));
        Assert.Equal(7, second.Numbers["width"]);
        Assert.Contains("only 18", Assert.Throws<ArgumentException>(() => PopulationBasedSampler.ParentOf(third)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Neighbours_lie_within_and_whole_numbers_move()
    {
        Assert.Equal(1, Neighbour.Of(new Uniform(0, 1), 0.9, 1.2));
        Assert.Equal(-0.8, Neighbour.Of(new Uniform(-1, 1), -1, 0.8));
        Assert.Equal(0, Neighbour.Of(new Uniform(-1, 1), 0, 0.8));
        Assert.Equal(1e-3, Neighbour.Of(new LogUniform(1e-3, 1), 1.1e-3, 0.8));
        Assert.Equal(2, Neighbour.Of(new Integer(1, 9), 1, 1.2));
        Assert.Equal(1, Neighbour.Of(new Integer(1, 9), 1, 0.8));
        Assert.Equal(1, Neighbour.Of(new Integer(1, 9), 2, 0.8));
        Assert.Equal(1, Neighbour.Of(new Integer(-5, 5), 0, 1.2));
        Assert.Equal(-1, Neighbour.Of(new Integer(-5, 5), 0, 0.8));
        Assert.Equal(-4, Neighbour.Of(new Integer(-5, 5), -3, 1.2));
        Assert.Equal(80, Neighbour.Of(new Integer(0, 200, 16), 64, 1.2));
        Assert.Equal(2, Neighbour.Of(Choice.Of(1, 2, 3), 2, 1.2));
        var coarse = new Integer(-(1L << 53), 1L << 53, 3);
        Assert.True(coarse.Contains(Neighbour.Of(coarse, coarse.Last, 0.8)));
        Assert.True(coarse.Contains(Neighbour.Of(coarse, coarse.From, 0.8)));
    }

    [Fact]
    public void What_is_no_population_is_told()
    {
        Assert.Equal(
            "trial 3 has no parameter 'parentDistance', so it goes on from no other; declare the study's space by "
                + "PopulationBasedSampler.WithParent.",
            Assert.Throws<ArgumentException>(() => PopulationBasedSampler.ParentOf(
                new() { Number = 3, State = TrialState.Running })).Message);
        Assert.Throws<ArgumentException>(() => Eight.WithParent(Space));
        using var wide = Study.InMemory("run", sampler: Eight);
        Assert.Contains(
            "WithParent, but study 'run' has none",
            Assert.Throws<SamplerException>(() => wide.Ask().Uniform("x", 0, 1)).Message,
            StringComparison.Ordinal);
        using var several = Study.InMemory("two", new StudyOptions { Sampler = Eight, Space = Space, Goals = [Goal.Minimize, Goal.Minimize] });
        Assert.Contains("ranked by one", Assert.Throws<SamplerException>(() => several.Ask()).Message, StringComparison.Ordinal);

        // The space of a smaller population, as soon as a parent is farther away than it allows.
        using var other = Study.InMemory("other", sampler: Eight with { PopulationSize = 50 }, space: Space);
        Assert.Contains(
            "a population of 50 needs another",
            Assert.Throws<SamplerException>(() => other.Optimize(t => t.Number, trials: 60)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => RecordCheck.Require(new PopulationBasedSampler { PopulationSize = 1 }, ""));
        Assert.Throws<ArgumentException>(() => RecordCheck.Require(new PopulationBasedSampler { Quantile = 0.6 }, ""));
        Assert.Throws<ArgumentException>(() => RecordCheck.Require(new PopulationBasedSampler { Perturbation = 1 }, ""));
        Assert.Throws<ArgumentException>(() => RecordCheck.Require(new PopulationBasedSampler { ResampleProbability = double.NaN }, ""));
    }

    private static Study Generations(int many, Func<Trial, double> value)
    {
        var study = Study.InMemory("population", sampler: Eight, space: Space);
        study.Optimize(value, trials: many * 8);
        return study;
    }

    private static void Tell(Study study, Trial trial, TrialState state, double value)
    {
        switch (state)
        {
            case TrialState.Failed:
                study.TellFailed(trial, "out of memory");
                break;
            case TrialState.Pruned:
                study.TellPruned(trial);
                break;
            case TrialState.Complete:
                study.Tell(trial, value);
                break;
            default:
                break;
        }
    }
}
