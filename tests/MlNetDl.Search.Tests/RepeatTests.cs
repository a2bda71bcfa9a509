using MlNetDl.Search;
using MlNetDl.Search.Pruners;
using MlNetDl.Search.Statistics;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests;

public sealed class RepeatTests
{
    private static readonly int[] Seeds = [.. Enumerable.Range(100, 10)];

    // The seed matters more than the parameter, but alike for all trials.
    private static double Noisy(Trial trial, int seed) => trial.Uniform("x", 0, 1)
        + new Random(seed).NextDouble()
        + (0.05 * new Random(seed + (1000 * trial.Number)).NextDouble());

    [Fact]
    public void A_trial_is_worth_the_mean_over_its_seeds()
    {
        using var study = Study.InMemory("repeats");
        study.Optimize(Repeat.Over(Seeds, Noisy), trials: 5);
        Assert.All(study.Trials, t =>
        {
            Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i), t.Reports.Select(r => r.Step));
            Assert.Equal(t.Reports.Average(r => r.Value), t.Value, 12);
            Assert.Equal(MeanInterval.Of([.. t.Reports.Select(r => r.Value)]), Repeat.Mean(t));
        });
        Assert.Equal(
            Seeds.Select(s => (double)s),
            study.Store.Metrics(study.Id, 4).Where(m => m.Key == Repeat.SeedKey).Select(m => m.Value));
        var ranking = Repeat.Ranking(study.History);
        Assert.Equal(study.Best!.Number, ranking[0].Trial.Number);
        Assert.Equal(ranking.Select(r => r.Mean.Mean).Order(), ranking.Select(r => r.Mean.Mean));
    }

    [Fact]
    public void Wilcoxon_stops_bad_trials_early_and_keeps_the_best()
    {
        using var all = Study.InMemory("repeats");
        all.Optimize(Repeat.Over(Seeds, Noisy), trials: 30);
        using var pruned = Study.InMemory("repeats", pruner: new WilcoxonPruner());
        pruned.Optimize(Repeat.Over(Seeds, Noisy), trials: 30);
        Assert.Equal(all.Best!.Number, pruned.Best!.Number);
        Assert.Contains(pruned.Trials, t => t.State == TrialState.Pruned);
        Assert.All(pruned.Trials.Where(t => t.State == TrialState.Pruned), t => Assert.InRange(t.Reports.Count, 4, 9));
        Assert.InRange(pruned.Trials.Sum(t => t.Reports.Count), 1, all.Trials.Sum(t => t.Reports.Count) * 2 / 3);
    }

    [Fact]
    public void Trials_are_compared_seed_by_seed()
    {
        using var study = Study.InMemory("repeats");
        study.Enqueue(new Dictionary<string, object?> { ["x"] = 0.1 });
        study.Enqueue(new Dictionary<string, object?> { ["x"] = 0.3 });
        study.Optimize(Repeat.Over(Seeds, Noisy), trials: 2);

        // Between seeds values differ by far more than 0.2, within a seed by 0.05.
        Assert.Equal("trial 0", Comparison.Of(study.Trials[0], study.Trials[1], Goal.Minimize).Better);
        Assert.Null(Comparison.OfUnpaired("a", [.. study.Trials[0].Reports.Select(r => r.Value)],
            "b", [.. study.Trials[1].Reports.Select(r => r.Value)], Goal.Minimize).Better);
    }

    [Theory]
    [InlineData(Goal.Minimize)]
    [InlineData(Goal.Maximize)]
    public void Trials_without_a_finite_mean_come_last(Goal goal)
    {
        using var study = Study.InMemory("repeats", goal);
        double[] values = [double.NegativeInfinity, 2, double.PositiveInfinity, 1];
        study.Optimize(Repeat.Over([1, 2], (t, _) => values[t.Number]), trials: 4);
        study.Optimize(_ => 0, trials: 5);
        var ranking = Repeat.Ranking(study.History);
        Assert.Equal(goal == Goal.Minimize ? [3, 1, 0, 2, 4] : [1, 3, 0, 2, 4], ranking.Select(r => r.Trial.Number));
        Assert.All(ranking.Skip(2), r => Assert.Equal(
            (double.NaN, double.NaN, double.NaN, 0), (r.Mean.Mean, r.Mean.Lower, r.Mean.Upper, r.Mean.Count)));
    }

    [Fact]
    public async Task Asynchronous_objectives_repeat_too()
    {
        using var study = Study.InMemory("repeats");
        await study.OptimizeAsync(Repeat.Over([1, 2], async (trial, seed) =>
        {
            await Task.Yield();
            return (double)seed;
        }), trials: 1);
        Assert.Equal(1.5, study.Best!.Value);
    }

    [Fact]
    public void Within_it_nothing_is_reported()
    {
        using var study = Study.InMemory("repeats");
        var e = Assert.Throws<StudyException>(() => study.Optimize(
            Repeat.Over([7, 8], (trial, seed) =>
            {
                trial.Report(1, seed);
                return seed;
            }),
            trials: 5));
        Assert.Equal(
            "trial 0 runs over seeds, now seed 7, and steps are seeds there: report nothing within Repeat.Over, or "
                + "prune by epochs without repeats.",
            e.Message);

        // The search ends at once; the trial waits for an objective that does not report.
        Assert.Equal(TrialState.Waiting, study.Trials.Single().State);
    }

    [Fact]
    public void A_seed_counts_once()
    {
        Assert.Throws<ArgumentException>(() => Repeat.Over([1, 1], Noisy));
        Assert.Throws<ArgumentException>(() => Repeat.Over([], Noisy));
    }
}
