using MlNetDl.Configuration;
using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;
using MlNetDl.Search.Samplers.Tpe;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests.Samplers;

/// <content>Parameters that exist in some trials only.</content>
public sealed partial class TpeSamplerTests
{
    [Fact]
    public void A_conditional_parameter_learns_from_the_trials_that_have_it()
    {
        using var study = Study.InMemory("branch", sampler: new TpeSampler { Seed = 3 });
        study.Optimize(
            t => t.Choice("kind", "a", "b") == "a" ? 10 + t.Uniform("x", 0, 1) : Math.Abs(t.Uniform("y", 0, 1) - 0.8),
            trials: 120);
        var late = study.Trials.Skip(80).ToList();
        Assert.True(late.Count(t => t.Numbers["kind"] == 1) > 30);
        Assert.True(late.Where(t => t.Numbers.ContainsKey("y")).Average(t => Math.Abs(t.Numbers["y"] - 0.8)) < 0.15);
    }

    [Fact]
    public void What_occurs_together_is_a_group()
    {
        var groups = new ParameterGroups();
        foreach (string[] names in (string[][])[["kind", "a", "b", "c"], ["kind", "d"], ["kind", "b", "a"], ["kind", "d"]])
        {
            groups.Add(new()
            {
                Number = 0,
                State = TrialState.Complete,
                Numbers = names.ToDictionary(n => n, _ => 0.0),
                Distributions = names.ToDictionary(n => n, _ => (Distribution)Unit),
            });
        }

        Assert.Equal(["a", "b"], groups.Of("b"));
        Assert.Equal(["c"], groups.Of("c"));
        Assert.Equal(["d"], groups.Of("d"));
        Assert.Equal(["kind"], groups.Of("kind"));
        Assert.Equal(["new"], groups.Of("new"));
    }

    [Fact]
    public void A_trial_that_is_pruned_early_does_not_split_a_group()
    {
        var groups = new ParameterGroups();
        foreach (var (state, names) in ((TrialState, string[])[])[
            (TrialState.Pruned, ["kind", "a"]),
            (TrialState.Complete, ["kind", "a", "b"]),
            (TrialState.Pruned, ["kind", "a"]),
            (TrialState.Complete, ["kind"]),
            (TrialState.Pruned, ["kind", "d", "e"]),
        ])
        {
            groups.Add(new()
            {
                Number = 0,
                State = state,
                Numbers = names.ToDictionary(n => n, _ => 0.0),
                Distributions = names.ToDictionary(n => n, _ => (Distribution)Unit),
            });
        }

        Assert.Equal(["a", "b"], groups.Of("a"));
        Assert.Equal(["kind"], groups.Of("kind"));

        // A branch that no trial has completed is known by its pruned ones.
        Assert.Equal(["d", "e"], groups.Of("d"));
    }

    [Fact]
    public void A_branch_is_drawn_at_once()
    {
        // Good are the trials of the branch where both parameters are alike.
        var both = new Dictionary<string, Distribution>
        {
            ["kind"] = Choice.Of("a", "b"),
            ["x"] = Unit,
            ["y"] = Unit,
        };
        var trials = Enumerable.Range(0, 240).Select(i =>
        {
            double x = i * 0.618 % 1, y = i * 0.755 % 1;
            return new TrialRecord
            {
                Number = i,
                State = TrialState.Complete,
                Numbers = new Dictionary<string, double>
                {
                    ["kind"] = 1,
                    ["x"] = x,
                    ["y"] = y,
                },
                Distributions = both,
                Values = [Math.Abs(x - y)],
            };
        });
        var history = History.Of([.. trials]);
        var next = new TrialRecord
        {
            Number = 240,
            State = TrialState.Running,
            Numbers = new Dictionary<string, double> { ["kind"] = 1 },
            Distributions = new Dictionary<string, Distribution> { ["kind"] = both["kind"] },
        };
        double apart = Enumerable.Range(0, 40).Average(seed =>
        {
            var sampler = new TpeSampler { Seed = seed };
            return Math.Abs(sampler.Sample(history, next, "x", Unit) - sampler.Sample(history, next, "y", Unit));
        });

        // A third when they are drawn apart.
        Assert.True(apart < 0.2, $"{apart}");
    }
}
