using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;

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

        // Trial 0 is the first of the four network combinations, trial 1 the second of the two with 2 layers.
        Assert.Equal(
            ["network 1 0", "network 2 1", "linear 0", "network 1 0.3", "network 2 0", "network 2 1"],
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
    public void Without_fixed_values_every_combination_runs_once()
    {
        using var study = Study.InMemory("grid", sampler: Sampler, space: Space);
        study.Optimize(t => t.Number, trials: Sampler.Size(Space));
        Assert.Equal(6, study.Trials.Select(t => string.Join(' ', t.Numbers)).Distinct().Count());
    }
}
