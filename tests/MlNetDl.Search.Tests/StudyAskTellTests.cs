using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Search.Tests;

/// <summary>One trial at a time: what is asked, suggested, reported and told.</summary>
public sealed partial class StudyAskTellTests : IDisposable
{
    private readonly Study study = Study.InMemory("study");

    public void Dispose() => study.Dispose();

    [Fact]
    public void A_trial_is_told_once()
    {
        var trial = study.Ask();
        study.Tell(trial, 1);
        foreach (var late in new Action[]
        {
            () => study.Tell(trial, 2),
            () => study.TellPruned(trial),
            () => study.TellFailed(trial, "no"),
            () => study.Report(trial, 0, 1),
            () => trial.Uniform("x", 0, 1),
            () => study.Release(trial),
        })
        {
            Assert.Equal("trial 0 has finished already (Complete) and takes nothing more.", Assert.Throws<StudyException>(late).Message);
        }

        Assert.Equal(1, study.Trials.Single().Value);
    }

    [Fact]
    public void Values_are_as_many_as_objectives_and_default_to_the_last_report()
    {
        var trial = study.Ask();
        Assert.Equal(
            "trial 0 of study 'study' has no value: neither was one told nor an intermediate one reported.",
            Assert.Throws<ArgumentException>(() => study.Tell(trial)).Message);
        Assert.Equal(
            "study 'study' has 1 objectives but trial 0 got 2 values.",
            Assert.Throws<ArgumentException>(() => study.Tell(trial, 1, 2)).Message);
        trial.Report(4, 0.5);
        trial.Report(2, 0.25);
        study.Tell(trial);
        Assert.Equal([0.5], study.Trials[0].Values);
    }

    [Fact]
    public void A_step_is_reported_once_and_is_not_negative()
    {
        var trial = study.Ask();
        trial.Report(1, 0.5);
        Assert.Equal(
            "trial 0 has reported 'objective' at step 1 already, as 0.5, and now reports 0.4; "
                + "each step is reported once.",
            Assert.Throws<StudyException>(() => trial.Report(1, 0.4)).Message);
        Assert.StartsWith(
            "trial 0: step must be 0 or more but is -1.",
            Assert.Throws<ArgumentOutOfRangeException>(() => trial.Report(-1, 0.4)).Message,
            StringComparison.Ordinal);
        Assert.Equal([new(1, 0.5)], trial.Record.Reports);
    }

    [Fact]
    public void A_trial_that_goes_on_may_report_again_what_its_checkpoint_has()
    {
        var trial = study.Ask();
        trial.Report(1, 0.5);
        trial.Report(2, 0.25);
        trial.SaveCheckpoint("2");
        study.Release(trial);
        trial = study.Ask();
        trial.Report(2, 0.25);
        trial.Report(3, 0.125);
        trial.Report(1, 0.5);
        Assert.Equal([new(1, 0.5), new(2, 0.25), new(3, 0.125)], trial.Record.Reports);
        Assert.Equal(trial.Record.Reports, study.Trials[0].Reports);
        Assert.Throws<StudyException>(() => trial.Report(2, 0.3));
    }

    [Fact]
    public void A_metric_is_not_called_as_reports_are()
    {
        var trial = study.Ask();
        Assert.StartsWith(
            "trial 0: the key 'objective' stands for reports of the objective; call Report,",
            Assert.Throws<ArgumentException>(() => trial.Log(0, "objective", 1)).Message,
            StringComparison.Ordinal);
        trial.Log(0, "loss", 1);
        Assert.Equal(["loss"], study.Store.Metrics(study.Id, 0).Select(m => m.Key));
        Assert.Empty(study.Trials[0].Reports);
    }

    [Fact]
    public void A_parameter_is_suggested_once_and_then_remembered()
    {
        var trial = study.Ask();
        double x = trial.Uniform("x", 0, 1);
        Assert.Equal(x, trial.Uniform("x", 0, 1));
        var e = Assert.Throws<SpaceChangedException>(() => trial.Uniform("x", 0, 2));
        Assert.Equal(
            """trial 0: parameter 'x' was suggested as {"uniform":[0,1]} and now as {"uniform":[0,2]}; a name means one parameter.""",
            e.Message);
        Assert.Equal(["x"], study.Trials[0].Numbers.Keys);
    }

    [Fact]
    public void Another_range_in_a_later_trial_ends_the_search_and_the_trial_waits()
    {
        study.Optimize(t => t.Uniform("x", 0, 1), trials: 2);
        var e = Assert.Throws<SpaceChangedException>(() => study.Optimize(t => t.Uniform("x", 0, 2), trials: 4));
        Assert.Contains(
            """has parameter 'x' as {"uniform":[0,1]} but is now asked for {"uniform":[0,2]}""",
            e.Message,
            StringComparison.Ordinal);
        Assert.Equal(TrialState.Waiting, study.Trials[2].State);
        study.Optimize(t => t.Uniform("x", 0, 1), trials: 4);
        Assert.All(study.Trials, t => Assert.Equal(TrialState.Complete, t.State));
    }

    [Fact]
    public void A_trial_belongs_to_the_study_that_was_asked()
    {
        using var other = Study.Open(study.Store, "other");
        var trial = other.Ask();
        var e = Assert.Throws<ArgumentException>(() => study.Tell(trial, 1));
        Assert.Equal("trial 0 is of another study than 'study'; tell the study that was asked for it.", e.Message);
        Assert.Equal(TrialState.Running, other.Trials[0].State);
    }

    [Fact]
    public void A_sampler_that_fails_leaves_its_trial_waiting()
    {
        using var broken = Study.Open(
            study.Store, "broken", new() { Sampler = new Broken(), Space = SearchSpace.Of(("x", new Uniform(0, 1))) });
        Assert.Throws<NotSupportedException>(() => broken.Optimize(_ => 1, trials: 2));
        Assert.Equal(TrialState.Waiting, broken.Trials.Single().State);
    }

    private sealed record Broken : Sampler
    {
        public override double Sample(History history, TrialRecord trial, string name, Distribution distribution) =>
            throw new NotSupportedException("broken");
    }
}
