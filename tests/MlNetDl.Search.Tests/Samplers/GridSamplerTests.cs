using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;
using MlNetDl.Search.Samplers.Grid;
using MlNetDl.Search.Storage;

namespace MlNetDl.Search.Tests.Samplers;

public sealed class GridSamplerTests
{
    // Three combinations: linear, network of 1 and of 2 layers.
    private static readonly SearchSpace Space = new SearchSpace
    {
        Parameters =
        [
            new("kind", Choice.Of("linear", "network")),
            new("layers", new Integer(1, 2)) { When = [new("kind", [Option.Of("network")])] },
            new("rate", new Uniform(0, 1)),
        ],
    }.Checked();

    private static readonly GridSampler Sampler = new() { Points = 2 };

    [Fact]
    public void Fixed_values_of_another_branch_are_combined_with_what_is_left()
    {
        using var study = Study.InMemory("grid", sampler: Sampler, space: Space);
        study.Enqueue(new Dictionary<string, object?> { ["kind"] = "network" });
        study.Enqueue(new Dictionary<string, object?> { ["kind"] = "network", ["layers"] = 2 });
        study.Enqueue(new Dictionary<string, object?> { ["kind"] = "linear" });
        study.Enqueue(new Dictionary<string, object?> { ["rate"] = 0.3 });
        study.Optimize(t => t.Number, trials: 6);
        Assert.All(study.Trials, t => Assert.Equal(TrialState.Complete, t.State));

        // Trial 0 would have been linear, and is the first network instead. Trial 1 would have been the first network
        // anyway, and gets the rate of that.
        Assert.Equal(
            ["network 1 0", "network 2 0", "linear 0", "network 1 0.3", "network 2 1", "linear 1"],
            study.Trials.Select(t => string.Join(' ', t.Numbers.Keys.Select(n => FormattableString.Invariant($"{t.ValueOf(n)}")))));
    }

    [Fact]
    public void As_many_trials_more_as_were_enqueued_at_the_beginning_complete_the_grid()
    {
        using var study = Study.InMemory("grid", sampler: Sampler, space: Space);
        study.Enqueue(new Dictionary<string, object?> { ["kind"] = "linear", ["rate"] = 0.3 });
        study.Enqueue(new Dictionary<string, object?> { ["kind"] = "linear", ["rate"] = 0.4 });
        study.Optimize(t => t.Number, trials: Sampler.Size(Space) + 2);
        Assert.Equal(6, study.Trials.Skip(2).Select(t => string.Join(' ', t.Numbers)).Distinct().Count());
    }

    [Fact]
    public void A_search_ends_when_all_combinations_have_come()
    {
        using var study = Study.InMemory("grid", sampler: Sampler, space: Space);
        study.Optimize(t => t.Number, trials: 100);
        Assert.Equal(6, study.Trials.Count);
        // A trial that is enqueued later runs all the same, and takes no combination from the grid.
        study.Enqueue(new Dictionary<string, object?> { ["kind"] = "linear", ["rate"] = 0.3 });
        study.Optimize(t => t.Number);
        Assert.Equal(7, study.Trials.Count(t => t.State == TrialState.Complete));
        Assert.Equal(6, study.Trials.Take(6).Select(t => string.Join(' ', t.Numbers)).Distinct().Count());
    }

    [Fact]
    public void A_combination_that_an_enqueued_trial_took_comes_at_the_end()
    {
        using var study = Study.InMemory("grid", sampler: Sampler, space: Space);
        study.Optimize(t => t.Number, trials: 2);
        study.Enqueue(new Dictionary<string, object?> { ["kind"] = "linear", ["rate"] = 0.3 });
        study.Optimize(t => t.Number);
        // The third of six comes as the ninth; the first two come again on the way.
        Assert.Equal(9, study.Trials.Count);
        Assert.Equal(6, study.Trials.Where(t => t.Number != 2).Select(t => string.Join(' ', t.Numbers)).Distinct().Count());
    }

    [Fact]
    public void Without_fixed_values_every_combination_runs_once()
    {
        using var study = Study.InMemory("grid", sampler: Sampler, space: Space);
        study.Optimize(t => t.Number, trials: Sampler.Size(Space));
        Assert.Equal(6, study.Trials.Select(t => string.Join(' ', t.Numbers)).Distinct().Count());
    }

    [Theory]
    [InlineData(5, 5, 5, 5)]
    [InlineData(5, 5, 4, 3, 2, 10)]
    [InlineData(2, 10, 3)]
    [InlineData(10, 2, 7, 7)]
    [InlineData(3, 3, 3, 3, 3, 3, 3)]
    [InlineData(1, 6, 1, 4)]
    [InlineData(7)]
    public void The_beginning_of_a_grid_is_spread_over_every_axis_and_the_whole_is_met_once(params int[] lengths)
    {
        int size = lengths.Aggregate((a, b) => a * b);
        var order = Enumerable.Range(0, size)
            .Select(turn => lengths.Select((_, axis) => SpreadAxes.Index(turn, axis, lengths)).ToArray()).ToList();
        Assert.Equal(size, order.Select(o => string.Join(' ', o)).Distinct().Count());
        foreach (int first in (int[])[5, 10, 20, 30, 50, 100, 200])
        {
            for (int axis = 0; axis < lengths.Length && first <= size; axis++)
            {
                var counts = Enumerable.Range(0, lengths[axis])
                    .Select(value => order.Take(first).Count(o => o[axis] == value)).ToList();
                Assert.True(counts.Max() - counts.Min() <= 3, $"axis {axis} after {first}: {string.Join(' ', counts)}");
            }
        }

        // The first of all axes comes in the same order whatever the others are, and turns begin anew.
        Assert.Equal(order[0], lengths.Select((_, axis) => SpreadAxes.Index(size, axis, lengths)));
    }

    [Fact]
    public void The_first_values_of_an_axis_lie_far_apart() =>
        Assert.Equal([0, 3, 1, 4, 2], Enumerable.Range(0, 5).Select(turn => SpreadAxes.Index(turn, 0, [5])));

    [Fact]
    public void A_few_trials_of_a_large_grid_meet_all_values()
    {
        var space = SearchSpace.Of([.. Enumerable.Range(0, 8).Select(i => ($"x{i}", (Distribution)new Uniform(0, 1)))]);
        using var study = Study.InMemory("grid", sampler: new GridSampler(), space: space);
        study.Optimize(_ => 0, trials: 25);
        foreach (var parameter in space.Parameters)
        {
            var counts = study.Trials.CountBy(t => t.Numbers[parameter.Name]).Select(c => c.Value).ToList();
            Assert.Equal(5, counts.Count);
            Assert.InRange(counts.Max() - counts.Min(), 0, 3);
        }
    }

    // Branch a has 3 · 5 combinations, b 5, c 2 · 5 of depth 2 and 5 of depth 1.
    private static readonly SearchSpace Branches = new SearchSpace
    {
        Parameters =
        [
            new("rate", new Uniform(0, 1)),
            new("kind", Choice.Of("a", "b", "c")),
            new("ofA", new Integer(1, 3)) { When = [new("kind", [Option.Of("a")])] },
            new("depth", new Integer(1, 2)) { When = [new("kind", [Option.Of("c")])] },
            new("second", Choice.Of(true, false)) { When = [new("depth", [Option.Of(2)])] },
        ],
    }.Checked();

    [Fact]
    public void Branches_take_turns_by_their_number_of_combinations()
    {
        var grid = new GridSampler();
        Assert.Equal(15 + 5 + 15, grid.Size(Branches));
        using var study = Study.InMemory("grid", sampler: grid, space: Branches);
        study.Optimize(_ => 0, trials: 35);
        Assert.Equal(35, study.Trials.Select(t => string.Join(' ', t.Numbers)).Distinct().Count());
        for (int first = 7; first <= 35; first++)
        {
            int Of(string kind) => study.Trials.Take(first).Count(t => t.ValueOf<string>("kind") == kind);
            Assert.InRange(Of("a") - (first * 15 / 35.0), -2, 2);
            Assert.InRange(Of("b") - (first * 5 / 35.0), -2, 2);
        }

        // Rates are spread although branches differ.
        Assert.Equal(5, study.Trials.Take(10).Select(t => t.Numbers["rate"]).Distinct().Count());
    }

    [Fact]
    public void Workers_and_reopened_studies_run_the_grid_once()
    {
        using var store = new MemoryStore();
        int size = new GridSampler().Size(Branches);
        for (int until = 9; until < size + 9; until += 9)
        {
            using var study = Study.Open(store, "grid", new() { Sampler = new GridSampler { Seed = until }, Space = Branches });
            study.Optimize(_ => 0, Math.Min(until, size), parallel: 3);
        }

        using var whole = Study.InMemory("grid", sampler: new GridSampler(), space: Branches);
        whole.Optimize(_ => 0, size);
        using var reopened = Study.Load(store, "grid");
        Assert.Equal(
            whole.Trials.Select(t => string.Join(' ', t.Numbers)),
            reopened.Trials.Select(t => string.Join(' ', t.Numbers)));
    }

    [Fact]
    public void The_largest_grid_is_run_without_gaps_in_its_arithmetic()
    {
        // 10^7 combinations in two branches: turns near the end are as exact as those at the beginning.
        var space = new SearchSpace
        {
            Parameters =
            [
                new("kind", Choice.Of("a", "b")),
                .. Enumerable.Range(0, 7).Select(i => new SearchParameter($"x{i}", new Integer(0, 9))
                {
                    When = i == 0 ? [new("kind", [Option.Of("a")])] : [],
                }),
            ],
        }.Checked();
        var order = new GridOrder(space, d => d is Choice ? [0, 1] : [.. Enumerable.Range(0, 9).Select(i => (double)i)]);
        Assert.Equal(10 * (long)Math.Pow(9, 6), order.Size);
        int last = (int)order.Size - 1;
        var trials = new[] { 0, 1, 2, last - 2, last - 1, last }.Select(number =>
        {
            var trial = new TrialRecord { Number = number, State = TrialState.Running };
            bool isA = order.Number(trial, "kind") == 0;
            return string.Join(' ', space.Parameters.Where(p => isA || p.Name != "x0").Select(p => order.Number(trial, p.Name)));
        });
        Assert.Equal(6, trials.Distinct().Count());
    }
}
