using MlNetDl.Experiments;
using MlNetDl.Search;
using MlNetDl.Search.Distributions;

namespace MlNetDl.Cli.Tests.Sweeps;

/// <summary>The constraints that a trial breaks, in words.</summary>
public sealed class BrokenBoundsTests
{
    [Theory]
    [InlineData(null, -1.0, 0.0)]
    [InlineData("latencyMs 3.1 > 2", 1.1, -500.0)]
    [InlineData("macs 1234567 > 1000000", -1.0, 234567.0)]
    [InlineData("latencyMs 2.000001 > 2, macs 1000001 > 1000000", 0.000001, 1.0)]
    [InlineData("latencyMs NaN > 2", double.NaN, 0.0)]
    // A trial that was not trained has only the constraint of the network.
    [InlineData("macs 1500000 > 1000000", 500_000.0)]
    [InlineData(null)]
    public void Value_and_bound_are_told(string? expected, params double[] violations) =>
        Assert.Equal(expected, Broken(["latencyMs <= 2", "macs <= 1e6"], violations));

    [Fact]
    public void A_lower_bound_is_told_as_one() => Assert.Equal("validation.accuracy 0.75 < 0.9", Broken(["validation.accuracy >= 0.9"], 0.15));

    [Fact]
    public void Of_two_bounds_the_study_does_not_know_which() =>
        Assert.Equal("bytes outside 1000 to 2000 by 500", Broken(["bytes >= 1000", "bytes <= 2000"], 500));

    // A name that a program of one's own may take for an attribute says nothing here.
    [Fact]
    public void An_attribute_of_the_trial_changes_nothing()
    {
        var trial = Trial(1) with { Attributes = new Dictionary<string, Option> { ["infeasible"] = Option.Of("no") } };
        Assert.Equal("latencyMs 3 > 2", Search("latencyMs <= 2").Broken(trial));
    }

    private static string? Broken(string[] constraints, params double[] violations) => Search(constraints).Broken(Trial(violations));

    private static TrialRecord Trial(params double[] violations) =>
        new() { Number = 0, State = TrialState.Complete, Constraints = violations };

    private static SearchOptions Search(params string[] constraints) =>
        new() { Space = [], Objective = [], Constraints = [.. constraints] };
}
