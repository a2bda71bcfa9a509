using MlNetDl.Search;
using MlNetDl.Search.Analysis;
using MlNetDl.Search.Pruners;
using MlNetDl.Search.Samplers;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests;

public sealed class StudyTests
{
    private static double Sphere(Trial trial) => Math.Pow(trial.Uniform("x", -5, 5), 2) + Math.Pow(trial.Uniform("y", -5, 5), 2);

    [Fact]
    public void Trials_count_in_total()
    {
        using var study = Study.InMemory("sphere");
        study.Optimize(Sphere, trials: 10);
        study.Optimize(Sphere, trials: 10);
        study.Optimize(Sphere, trials: 25);
        Assert.Equal(Enumerable.Range(0, 25), study.Trials.Select(t => t.Number));
        Assert.All(study.Trials, t => Assert.Equal(TrialState.Complete, t.State));
        Assert.Equal(study.Trials.Min(t => t.Value), study.Best!.Value);
        Assert.All(study.Trials, t => Assert.Equal((t.Numbers["x"] * t.Numbers["x"]) + (t.Numbers["y"] * t.Numbers["y"]), t.Value, 12));
    }

    [Fact]
    public void An_objective_that_throws_fails_its_trial_and_the_study_goes_on()
    {
        using var study = Study.InMemory("sphere");
        study.Optimize(t => t.Number == 1 ? throw new InvalidOperationException("out of luck") : Sphere(t), trials: 3);
        Assert.Equal([TrialState.Complete, TrialState.Failed, TrialState.Complete], study.Trials.Select(t => t.State));
        Assert.Equal("InvalidOperationException: out of luck", study.Trials[1].Error);
        var story = Assert.Single(study.Store.Events(study.Id), e => e.Kind == "exception");
        Assert.Equal(1, story.Number);
        Assert.StartsWith("System.InvalidOperationException: out of luck", story.Text, StringComparison.Ordinal);
        Assert.Contains($" at {typeof(StudyTests).FullName}.", story.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void When_every_trial_fails_the_search_says_so()
    {
        using var study = Study.InMemory("broken");
        var error = Assert.Throws<StudyException>(() => study.Optimize(_ => throw new InvalidOperationException("out of luck"), trials: 3));
        Assert.Contains(
            "all finished trials of study 'broken' have failed, the last one (number 2) with: "
                + "InvalidOperationException: out of luck",
            error.Message,
            StringComparison.Ordinal);
        study.Optimize(Sphere, trials: 4);
        Assert.Equal(3, study.Best!.Number);
    }

    [Fact]
    public async Task Every_form_of_objective_finds_its_overload()
    {
        using var one = Study.InMemory("one");
        using var two = Study.InMemory("two", new StudyOptions { Goals = [Goal.Minimize, Goal.Maximize] });
        one.Optimize(t => t.Number == 0 ? 1 : throw new InvalidOperationException("no"), trials: 2);
        one.Optimize(t => throw new InvalidOperationException("no"), trials: 3);
        await one.OptimizeAsync(t => throw new InvalidOperationException("no"), trials: 4);
        await one.OptimizeAsync(async t => { await Task.Yield(); throw new InvalidOperationException("no"); }, trials: 5);
        await one.OptimizeAsync(async t => { await Task.Yield(); return 2; }, trials: 6);
        two.Optimize(t => [1.0, 2], trials: 1);
        two.Optimize(t => new double[] { 1, 2 }, trials: 2);
        await two.OptimizeAsync(async t => { await Task.Yield(); return [1, 2]; }, trials: 3);
        Assert.Equal((6, 4), (one.Trials.Count, one.Trials.Count(t => t.State == TrialState.Failed)));
        Assert.All(two.Trials, t => Assert.Equal([1, 2], t.Values));
    }

    [Fact]
    public void Ask_report_prune_tell()
    {
        using var study = Study.InMemory("curve", Goal.Maximize, pruner: new MedianPruner { StartUpTrials = 1 });
        var good = study.Ask();
        study.Report(good, 0, 0.9);
        Assert.False(study.ShouldPrune(good));
        study.Tell(good, 0.95);
        var bad = study.Ask();
        study.Report(bad, 0, 0.1);
        Assert.True(study.ShouldPrune(bad));
        study.TellPruned(bad);
        Assert.Equal([0.1], study.Trials[1].Values);
        Assert.Equal(0, study.Best!.Number);
    }

    [Fact]
    public async Task What_is_known_may_be_read_while_trials_run()
    {
        using var study = Study.InMemory("sphere", sampler: new RandomSampler());
        using var ended = new CancellationTokenSource();
        var before = study.History;
        int read = 0;
        var reader = Task.Run(() =>
        {
            while (!ended.IsCancellationRequested)
            {
                var history = study.History;
                Assert.True(history.Running.Count(t => t.State == TrialState.Running) <= 4);
                Assert.Equal(history.Trials.Count(t => t.IsFinished), history.Finished.Count);
                Assert.True(history.Parameters.Count(p => p.Key.Length > 0) <= 400);
                _ = new PedAnova().Evaluate(history);
                Volatile.Write(ref read, read + 1);
            }
        });
        study.Optimize(
            t =>
            {
                // Trials wait until reading has begun, so that both overlap.
                SpinWait.SpinUntil(() => Volatile.Read(ref read) > 0 || reader.IsCompleted);
                return t.Uniform($"x{t.Number}", 0, 1);
            },
            trials: 400,
            parallel: 4);
        await ended.CancelAsync();
        await reader;
        Assert.Empty(before.Trials);
        Assert.Equal(400, study.History.Parameters.Count);
        Assert.NotSame(study.History, study.History);
    }

    [Fact]
    public void A_copy_stays_as_it_is()
    {
        using var study = Study.InMemory("sphere");
        var trial = study.Ask();
        double x = trial.Uniform("x", 0, 1);
        var before = study.History;
        study.Tell(trial, x);
        Assert.Equal(
            (TrialState.Running, 0, 1, 0),
            (before.Trials[0].State, before.Finished.Count, before.Running.Count, before.Common.Count));
        var after = study.History;
        Assert.Equal(
            (TrialState.Complete, 1, 0, 1),
            (after.Trials[0].State, after.Finished.Count, after.Running.Count, after.Common.Count));
    }

    [Fact]
    public void Parallel_trials_are_as_many_as_asked_for()
    {
        using var study = Study.InMemory("sphere");
        study.Optimize(Sphere, trials: 200, parallel: 4);
        Assert.Equal(Enumerable.Range(0, 200), study.Trials.Select(t => t.Number));
        Assert.Equal(200, study.History.Finished.Select(t => t.Number).Distinct().Count());
    }
}
