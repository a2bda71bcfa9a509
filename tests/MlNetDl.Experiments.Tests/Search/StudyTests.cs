using MlNetDl.Experiments.Search;
using MlNetDl.Experiments.Search.Pruners;
using MlNetDl.Experiments.Search.Samplers;

namespace MlNetDl.Experiments.Tests.Search;

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
        Assert.Equal("out of luck", study.Trials[1].Error);
    }

    [Fact]
    public void Ask_report_prune_tell()
    {
        using var study = Study.InMemory("curve", Direction.Maximize, pruner: new MedianPruner { StartUpTrials = 1 });
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
    public void Parallel_trials_are_as_many_as_asked_for()
    {
        using var study = Study.InMemory("sphere");
        study.Optimize(Sphere, trials: 200, parallel: 4);
        Assert.Equal(Enumerable.Range(0, 200), study.Trials.Select(t => t.Number));
        Assert.Equal(200, study.History.Finished.Select(t => t.Number).Distinct().Count());
    }
}
