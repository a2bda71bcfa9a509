using MlNetDl.Configuration;
using MlNetDl.Search;
using MlNetDl.Search.Pruners;

namespace MlNetDl.Search.Tests.Pruners;

public sealed class PrunerTests
{
    [Fact]
    public void Halving_finds_its_first_rung_from_the_first_complete_trial()
    {
        var pruner = new SuccessiveHalvingPruner();
        var running = Trial(2, TrialState.Running, (3, 9.0));
        Assert.False(pruner.ShouldPrune(History.Of([Trial(0, TrialState.Pruned, (3, 1)), Trial(1, TrialState.Running, (3, 1))]), running));

        // 400 steps make a rung at 4: a bad value at step 3 is let be, at step 4 it is not.
        var history = History.Of([Trial(0, TrialState.Complete, (3, 1), (4, 1), (400, 1)), Trial(1, TrialState.Complete, (40_000, 1))]);
        Assert.False(pruner.ShouldPrune(history, running));
        Assert.True(pruner.ShouldPrune(history, Trial(2, TrialState.Running, (3, 9), (4, 9))));
    }

    [Fact]
    public void Halving_counts_trials_that_run_beside()
    {
        var pruner = new SuccessiveHalvingPruner { MinResource = 2, ReductionFactor = 2 };
        var history = History.Of([
            Trial(0, TrialState.Running, (2, 1)),
            Trial(1, TrialState.Running, (1, 0)),
            Trial(2, TrialState.Running, (2, 5)),
        ]);
        Assert.True(pruner.ShouldPrune(history, history.Trials[2]));
        Assert.False(pruner.ShouldPrune(history, history.Trials[0]));
    }

    [Fact]
    public void A_report_counts_for_every_rung_it_reaches()
    {
        var pruner = new SuccessiveHalvingPruner { MinResource = 1, ReductionFactor = 2 };
        var history = History.Of([
            Trial(0, TrialState.Complete, (1, 3), (2, 3), (4, 1)),
            Trial(1, TrialState.Complete, (1, 9), (2, 9), (4, 9)),
        ]);

        // Best at steps 1 and 2 but not at 4.
        Assert.True(pruner.ShouldPrune(history, Trial(2, TrialState.Running, (5, 2))));
        Assert.False(pruner.ShouldPrune(history, Trial(2, TrialState.Running, (3, 2))));
    }

    [Fact]
    public void Hyperband_counts_brackets_in_whole_numbers() => Assert.Equal(6, new HyperbandPruner().Shares(243).Count);

    [Fact]
    public void Hyperband_compares_within_a_bracket()
    {
        // Trials 0 to 3 of study "golden" are in bracket 0, 4 in 2, 5 in 3, 6 and 7 in 1.
        var pruner = new HyperbandPruner { MaxResource = 81 };
        var good = Enumerable.Range(0, 6).Select(i => Trial(i, TrialState.Complete, (1, 0), (3, 0), (81, 0))).ToList();
        var bad = Trial(6, TrialState.Running, (1, 5), (3, 5));
        Assert.False(pruner.ShouldPrune(History.Of(good, studyName: "golden"), bad));
        Assert.True(pruner.ShouldPrune(
            History.Of([.. good, Trial(6, TrialState.Complete, (3, 0))], studyName: "golden"),
            bad with { Number = 7 }));
    }

    [Theory]
    [InlineData(27L, 27)]
    [InlineData(null, 80)]
    public void Hyperband_lets_a_trial_be_that_has_come_to_the_end(long? most, int end)
    {
        // Trial 0 and 1 are in bracket 0: of two the worse one stops at a rung.
        var pruner = new HyperbandPruner { MaxResource = most };
        var history = History.Of(
            [Trial(0, TrialState.Complete, (1, 0), (3, 0), (9, 0), (end, 0))],
            studyName: Enumerable.Range(0, 100).Select(i => $"{i}").First(InFirstBracket));
        Assert.True(pruner.ShouldPrune(history, Trial(1, TrialState.Running, (1, 0), (9, 5))));
        Assert.True(pruner.ShouldPrune(history, Trial(1, TrialState.Running, (1, 0), (end - 1, 5))));
        Assert.False(pruner.ShouldPrune(history, Trial(1, TrialState.Running, (1, 0), (end, 5))));

        bool InFirstBracket(string study) => Enumerable.Range(0, 2)
            .All(n => HyperbandPruner.BracketOf(study, n, pruner.Shares(most ?? (end + 1))) == 0);
    }

    [Fact]
    public void Hyperband_judges_trials_that_are_longer_than_the_first()
    {
        var pruner = new HyperbandPruner();
        string study = Enumerable.Range(0, 1000)
            .Select(i => $"{i}")
            .First(s => Enumerable.Range(0, 3).All(n => HyperbandPruner.BracketOf(s, n, pruner.Shares(11)) == 0));
        var first = Trial(0, TrialState.Complete, (1, 0), (3, 0), (10, 0));

        // At step 10 it may be done, beyond it is not.
        var one = History.Of([first], studyName: study);
        Assert.False(pruner.ShouldPrune(one, Trial(2, TrialState.Running, (3, 0), (10, double.NaN))));
        Assert.True(pruner.ShouldPrune(one, Trial(2, TrialState.Running, (10, 0), (27, double.NaN))));
        var two = History.Of([first, Trial(1, TrialState.Complete, (1, 0), (3, 0), (9, 0), (27, 0), (81, 0))], studyName: study);
        Assert.True(pruner.ShouldPrune(two, Trial(2, TrialState.Running, (3, 0), (10, double.NaN))));
        Assert.True(pruner.ShouldPrune(two, Trial(2, TrialState.Running, (9, 0), (27, 5))));
        Assert.False(pruner.ShouldPrune(two, Trial(2, TrialState.Running, (27, 0), (81, 5))));
    }

    [Fact]
    public void Threshold_stops_what_is_out_of_bounds_or_NaN()
    {
        var pruner = new ThresholdPruner { Lower = 0, Upper = 1 };
        var history = History.Of([]);
        Assert.Equal(
            [false, false, true, true, true],
            new[] { 0, 1, 1.5, -0.5, double.NaN }.Select(
                v => pruner.ShouldPrune(history, Trial(0, TrialState.Running, (1, v)))));
        Assert.Throws<ArgumentException>(() => RecordCheck.Require(pruner with { Lower = 2 }, ""));
    }

    [Fact]
    public void Wilcoxon_does_not_stop_on_two_equal_differences()
    {
        // A normal approximation would: z = 1.41, p = 0.08. Of four sign patterns one is as extreme: p = 0.25.
        var pruner = new WilcoxonPruner();
        var history = History.Of([Trial(0, TrialState.Complete, (0, 1), (1, 1), (2, 1), (3, 1))]);
        Assert.False(pruner.ShouldPrune(history, Trial(1, TrialState.Running, (0, 2), (1, 2))));
        Assert.True(pruner.ShouldPrune(history, Trial(1, TrialState.Running, (0, 2), (1, 2), (2, 2), (3, 2))));
    }

    [Fact]
    public void Wilcoxon_stops_nobody_where_NaN_is()
    {
        var pruner = new WilcoxonPruner { MaxPValue = 1 };
        var history = History.Of([Trial(0, TrialState.Complete, (0, 1), (1, 1), (2, 1), (3, 1))]);
        Assert.False(pruner.ShouldPrune(history, Trial(1, TrialState.Running, (0, 2), (1, double.NaN), (2, 2))));
        Assert.True(pruner.ShouldPrune(history, Trial(1, TrialState.Running, (0, 2), (1, 2), (2, 2))));
    }

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        Assert.All<TrialPruner>(
        [
            new PercentilePruner { Percent = 101 },
            new PercentilePruner { Percent = -1 },
            new PercentilePruner { Interval = 0 },
            new PercentilePruner { MinTrials = 0 },
            new SuccessiveHalvingPruner { MinResource = 0 },
            new SuccessiveHalvingPruner { ReductionFactor = 1 },
            new HyperbandPruner { MinResource = 0 },
            new HyperbandPruner { MinResource = 5, MaxResource = 4 },
            new HyperbandPruner { ReductionFactor = 1 },
            new WilcoxonPruner { MaxPValue = 1.1 },
            new PatiencePruner { MinDelta = -0.1 },
            new PatiencePruner { Pruner = new MedianPruner { MinTrials = 0 } },
            new ThresholdPruner { Interval = 0 },
        ],
        p => Assert.ThrowsAny<ArgumentException>(() => RecordCheck.Require(p, "pruner")));
    }

    private static TrialRecord Trial(int number, TrialState state, params (long Step, double Value)[] reports) => new()
    {
        Number = number,
        State = state,
        Attempt = 1,
        Reports = [.. reports.Select(r => new Report(r.Step, r.Value))],
        Values = state == TrialState.Running ? [] : [reports[^1].Value],
    };
}
