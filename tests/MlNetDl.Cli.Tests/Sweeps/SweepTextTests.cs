using MlNetDl.Commands.Views;
using MlNetDl.Experiments;
using MlNetDl.Metrics;
using MlNetDl.Search;

namespace MlNetDl.Cli.Tests.Sweeps;

/// <summary>The parts that views of a sweep are made of.</summary>
public sealed class SweepTextTests
{
    [Theory]
    [InlineData(new double[] { 0, 1, 2, 3, 4, 5, 6, 7 }, 20, "▁▂▃▄▅▆▇█")]
    [InlineData(new double[] { 7, 0 }, 20, "█▁")]
    [InlineData(new double[] { 3, 3, 3 }, 20, "▅▅▅")]
    [InlineData(new double[] { 0, double.NaN, 1 }, 20, "▁ █")]
    [InlineData(new[] { -double.MaxValue, double.MaxValue }, 20, "▁█")]
    [InlineData(new double[] { 0, 9, 0, 1, 0, 2, 0, 7 }, 2, "▁█")]
    [InlineData(new double[] { 1, 2 }, 0, "")]
    [InlineData(new double[0], 20, "")]
    public void A_curve_has_a_character_a_value_and_keeps_its_end(double[] values, int width, string expected) =>
        Assert.Equal(expected, Sparkline.Of(values, width, unicode: true));

    [Fact]
    public void A_curve_of_ascii_has_as_many_levels() => Assert.Equal(8, Sparkline.Of([0, 1, 2, 3, 4, 5, 6, 7], 8, unicode: false).Distinct().Count());

    [Theory]
    [InlineData("12345", 5, "12345")]
    [InlineData("123456", 5, "1234…")]
    [InlineData("日本語", 5, "日本…")]
    [InlineData("a\nb\tc", 9, "a b c")]
    public void A_text_is_cut_by_the_columns_it_takes(string text, int width, string expected) =>
        Assert.Equal(expected, new LineFit(width, true).Cut(text));

    [Fact]
    public void Parts_are_packed_on_as_few_lines_as_they_fit()
    {
        var fit = new LineFit(10, false);
        Assert.Equal(["aaaa  bbbb", "  cc  dd"], fit.Pack(["aaaa", "bbbb", "cc", "dd"], most: 3));
        Assert.Equal(["aaaa  b..."], fit.Pack(["aaaa", "bbbb", "cc"], most: 1));
    }

    [Fact]
    public void Words_are_broken_where_they_are_longer_than_a_line() =>
        Assert.Equal(["ab   ", "cdefg", "hij k"], new LineFit(5, true).Wrap("ab cdefghij k"));

    [Fact]
    public void Names_are_as_short_as_they_are_told_apart()
    {
        var names = new ShortNames();
        names.Learn(["training.optimizer.learningRate", "training.stages[0].optimizer.learningRate", "network.hidden[0]"]);
        Assert.Equal("hidden[0]", names.Of("network.hidden[0]"));
        Assert.Equal("training.optimizer.learningRate", names.Of("training.optimizer.learningRate"));
        Assert.Equal("stages[0].optimizer.learningRate", names.Of("training.stages[0].optimizer.learningRate"));
    }

    [Fact]
    public void Time_is_left_as_the_trials_take_and_no_more_than_the_search_has()
    {
        var clock = new Clock();
        var search = new SearchOptions
        {
            Space = [],
            Objective = [new() { Maximize = "validation.accuracy" }],
            MaxTrials = 10,
            Workers = 2,
        };
        var tally = new SweepTally(search, [], clock);
        Assert.Null(tally.Left([]));
        tally.Ended(Trial(0, 20, clock));
        tally.Ended(Trial(1, 40, clock));
        // Eight trials of 30 seconds, two at a time.
        Assert.Equal(TimeSpan.FromSeconds(120), tally.Left([]));
        tally.BeginFinal(3);
        Assert.Equal(TimeSpan.FromSeconds(45), tally.Left([]));
        tally.FinalEnded();
        tally.FinalEnded();
        Assert.Equal(TimeSpan.FromSeconds(30), tally.Left([]));

        var bounded = new SweepTally(search with { MaxTime = new(TimeSpan.FromSeconds(100)) }, [Trial(0, 20, clock), Trial(1, 40, clock)], clock);
        Assert.Equal(TimeSpan.FromSeconds(100), bounded.Left([]));
        clock.Now += TimeSpan.FromSeconds(101);
        Assert.Equal(TimeSpan.Zero, bounded.Left([]));
    }

    [Fact]
    public void The_front_of_a_tally_is_that_of_its_study()
    {
        using var study = Study.InMemory("front", new StudyOptions { Goals = [Goal.Maximize, Goal.Minimize] });
        var random = new Random(3);
        study.Optimize(trial => (IReadOnlyList<double>)[Math.Round(random.NextDouble(), 1), Math.Round(random.NextDouble(), 1)], trials: 60);
        var search = new SearchOptions
        {
            Space = [],
            Objective = [new() { Maximize = "validation.accuracy" }, new() { Minimize = "parameters" }],
        };
        var tally = new SweepTally(search, study.Trials, TimeProvider.System);
        Assert.Equal(study.ParetoFront.Select(t => t.Number).Order(), tally.Front.Select(t => t.Number).Order());
    }

    private static TrialRecord Trial(int number, double seconds, Clock clock) => new()
    {
        Number = number,
        State = TrialState.Complete,
        Values = [0.5],
        Started = clock.Now - TimeSpan.FromSeconds(seconds),
        Finished = clock.Now,
    };

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
