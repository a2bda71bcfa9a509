using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Search.Tests;

/// <summary>One trial at a time: what is asked, suggested, reported and told.</summary>
public sealed class StudyAskTellTests : IDisposable
{
    private readonly Study study = Study.InMemory("study");

    public void Dispose() => study.Dispose();

    [Fact]
    public void A_trial_is_told_once()
    {
        var trial = study.Ask();
        study.Tell(trial, 1);
        foreach (var late in new Action[] { () => study.Tell(trial, 2), () => study.TellPruned(trial), () => study.TellFailed(trial, "no"), () => study.Report(trial, 0, 1), () => trial.Uniform("x", 0, 1), () => study.Release(trial) })
        {
            Assert.Equal("trial 0 has finished already (Complete) and takes nothing more.", Assert.Throws<StudyException>(late).Message);
        }

        Assert.Equal(1, study.Trials.Single().Value);
    }

    [Fact]
    public void Values_are_as_many_as_objectives_and_default_to_the_last_report()
    {
        var trial = study.Ask();
        Assert.Equal("trial 0 of study 'study' has no value: neither was one told nor an intermediate one reported.", Assert.Throws<ArgumentException>(() => study.Tell(trial)).Message);
        Assert.Equal("study 'study' has 1 objectives but trial 0 got 2 values.", Assert.Throws<ArgumentException>(() => study.Tell(trial, 1, 2)).Message);
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
        Assert.Equal("trial 0 has reported 'objective' at step 1 already, as 0.5, and now reports 0.4; each step is reported once.", Assert.Throws<StudyException>(() => trial.Report(1, 0.4)).Message);
        Assert.StartsWith("trial 0: step must be 0 or more but is -1.", Assert.Throws<ArgumentOutOfRangeException>(() => trial.Report(-1, 0.4)).Message, StringComparison.Ordinal);
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
        Assert.StartsWith("trial 0: the key 'objective' stands for reports of the objective; call Report,", Assert.Throws<ArgumentException>(() => trial.Log(0, "objective", 1)).Message, StringComparison.Ordinal);
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
        Assert.Equal("""trial 0: parameter 'x' was suggested as {"uniform":[0,1]} and now as {"uniform":[0,2]}; a name means one parameter.""", e.Message);
        Assert.Equal(["x"], study.Trials[0].Numbers.Keys);
    }

    [Fact]
    public void Another_range_in_a_later_trial_ends_the_search_and_the_trial_waits()
    {
        study.Optimize(t => t.Uniform("x", 0, 1), trials: 2);
        var e = Assert.Throws<SpaceChangedException>(() => study.Optimize(t => t.Uniform("x", 0, 2), trials: 4));
        Assert.Contains("""has parameter 'x' as {"uniform":[0,1]} but is now asked for {"uniform":[0,2]}""", e.Message, StringComparison.Ordinal);
        Assert.Equal(TrialState.Waiting, study.Trials[2].State);
        study.Optimize(t => t.Uniform("x", 0, 1), trials: 4);
        Assert.All(study.Trials, t => Assert.Equal(TrialState.Complete, t.State));
    }

    [Fact]
    public void Enqueued_trials_run_first_with_their_values_and_the_rest_is_sampled()
    {
        Assert.Equal(0, study.Enqueue(new Dictionary<string, object?> { ["x"] = 0.125, ["opt"] = "sgd" }));
        Assert.Equal(1, study.Enqueue(new Dictionary<string, object?> { ["n"] = 12 }));
        study.Optimize(t => t.Uniform("x", 0, 1) + t.Integer("n", 1, 16) + (t.Choice("opt", "adam", "sgd") == "sgd" ? 100 : 0), trials: 3);
        Assert.Equal((0.125, "sgd"), ((double, string))(study.Trials[0].Numbers["x"], study.Trials[0].ValueOf("opt")!));
        Assert.Equal(12L, study.Trials[1].ValueOf("n"));
        Assert.All(study.Trials, t => Assert.Equal((TrialState.Complete, 3), (t.State, t.Numbers.Count)));
        var e = Assert.Throws<ArgumentException>(() => study.Enqueue(new Dictionary<string, object?> { ["x"] = 2 }));
        Assert.Equal("""parameter 'x': the value 2 is not within {"uniform":[0,1]}.""", e.Message);
        Assert.Equal(3, study.Trials.Count);
    }

    [Fact]
    public void A_cancelled_trial_does_not_run_and_counts()
    {
        for (int i = 0; i < 3; i++)
        {
            study.Enqueue(new Dictionary<string, object?> { ["x"] = 0.125 * i });
        }

        study.Cancel(1);
        study.Optimize(t => t.Uniform("x", 0, 1), trials: 4);
        Assert.Equal([TrialState.Complete, TrialState.Cancelled, TrialState.Complete, TrialState.Complete], study.Trials.Select(t => t.State));
        Assert.Equal([0, 2, 3], study.History.Finished.Select(t => t.Number));
        Assert.Equal("trial 0 of study 'study' has finished already (Complete) and cannot be cancelled.", Assert.Throws<StudyException>(() => study.Cancel(0)).Message);
    }

    [Fact]
    public void A_study_of_cancelled_trials_only_has_not_failed()
    {
        study.Cancel(study.Enqueue(new Dictionary<string, object?>()));
        study.Optimize(_ => 1, trials: 1);
        Assert.Null(study.Best);
        Assert.Equal(TrialState.Cancelled, study.Trials.Single().State);
    }

    [Fact]
    public void What_was_enqueued_before_its_range_was_known_fails_its_trial_when_it_does_not_fit()
    {
        study.Enqueue(new Dictionary<string, object?> { ["x"] = 2 });
        study.Optimize(t => t.Uniform("x", 0, 1), trials: 2);
        Assert.Equal((TrialState.Failed, """StudyException: trial 0: parameter 'x' was enqueued as 2, which is not within {"uniform":[0,1]}."""), (study.Trials[0].State, study.Trials[0].Error));
        Assert.Equal(TrialState.Complete, study.Trials[1].State);
    }

    [Fact]
    public void A_declared_space_knows_what_may_be_enqueued_and_suggested()
    {
        using var declared = Study.InMemory("declared", space: SearchSpace.Of(("x", new Uniform(0, 1))));
        Assert.Equal("the space of study 'declared' has no parameter 'y'; it has x.", Assert.Throws<ArgumentException>(() => declared.Enqueue(new Dictionary<string, object?> { ["y"] = 1 })).Message);
        var trial = declared.Ask();
        Assert.Equal(["x"], trial.Record.Numbers.Keys);
        Assert.Contains("has no parameter 'y'", Assert.Throws<SpaceChangedException>(() => trial.Uniform("y", 0, 1)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x", 1.5, "1.5 is not within {\"uniform\":[0,1]}.")]
    [InlineData("x", "half", "\"half\" is not within {\"uniform\":[0,1]}.")]
    [InlineData("x", null, "null is not within {\"uniform\":[0,1]}.")]
    [InlineData("x", double.NaN, "has no JSON form")]
    [InlineData("n", 2.5, "2.5 is not within {\"integer\":[1,9],\"step\":2}.")]
    [InlineData("n", 2, "2 is not within {\"integer\":[1,9],\"step\":2}.")]
    [InlineData("n", true, "true is not within {\"integer\":[1,9],\"step\":2}.")]
    [InlineData("kind", "svm", "\"svm\" is not within {\"choice\":[\"linear\",\"network\"]}.")]
    [InlineData("kind", 0, "0 is not within {\"choice\":[\"linear\",\"network\"]}.")]
    public void What_is_no_value_of_a_known_parameter_is_not_enqueued(string name, object? value, string problem)
    {
        var space = SearchSpace.Of(("x", new Uniform(0, 1)), ("n", new Integer(1, 9, 2)), ("kind", Choice.Of("linear", "network")));
        using var declared = Study.InMemory("declared", space: space);
        using var running = Study.InMemory("running");
        running.Optimize(t => t.Uniform("x", 0, 1) + t.Integer("n", 1, 9, 2) + t.Choice("kind", "linear", "network").Length, trials: 1);
        foreach (var known in new[] { declared, running })
        {
            int before = known.Trials.Count;
            var e = Assert.Throws<ArgumentException>(() => known.Enqueue(new Dictionary<string, object?> { [name] = value }));
            Assert.StartsWith($"parameter '{name}': the value ", e.Message, StringComparison.Ordinal);
            Assert.Contains(problem, e.Message, StringComparison.Ordinal);
            Assert.Equal(before, known.Trials.Count);
        }
    }

    [Fact]
    public void What_has_no_form_is_no_value() =>
        Assert.Contains("parameter 'f': the value ", Assert.Throws<ArgumentException>(() => study.Enqueue(new Dictionary<string, object?> { ["f"] = (Action)study.Dispose })).Message, StringComparison.Ordinal);

    [Fact]
    public void Fixed_values_do_not_exclude_each_other()
    {
        var space = new SearchSpace { Parameters = [new("kind", Choice.Of("linear", "network")), new("layers", new Integer(1, 4)) { When = [new("kind", [Option.Of("network")])] }] };
        using var declared = Study.InMemory("declared", space: space);
        var e = Assert.Throws<ArgumentException>(() => declared.Enqueue(new Dictionary<string, object?> { ["kind"] = "linear", ["layers"] = 2 }));
        Assert.Equal("parameter 'layers' exists only when 'kind' is network, but that is enqueued as linear. Leave one of the two out.", e.Message);
        Assert.Empty(declared.Trials);

        // Without the other it depends on what is sampled whether it takes effect.
        for (int i = 0; i < 10; i++)
        {
            declared.Enqueue(new Dictionary<string, object?> { ["layers"] = 2 });
        }

        declared.Optimize(_ => 1, trials: 10);
        Assert.Equal(["linear", "network"], declared.Trials.Select(t => (string)t.ValueOf("kind")!).Distinct().Order());
        Assert.All(declared.Trials, t => Assert.Equal(Equals(t.ValueOf("kind"), "network") ? 2 : null, t.Numbers.TryGetValue("layers", out double n) ? n : (double?)null));
    }

    [Fact]
    public void A_branch_within_an_excluded_branch_is_excluded()
    {
        var space = new SearchSpace
        {
            Parameters =
            [
                new("kind", Choice.Of("linear", "network")),
                new("layers", new Integer(1, 4)) { When = [new("kind", [Option.Of("network")])] },
                new("dropout", new Uniform(0, 1)) { When = [new("layers", [Option.Of(2)])] },
            ],
        };
        using var declared = Study.InMemory("declared", space: space);
        var e = Assert.Throws<ArgumentException>(() => declared.Enqueue(new Dictionary<string, object?> { ["kind"] = "linear", ["dropout"] = 0.3 }));
        Assert.Equal("parameter 'dropout' exists only when 'kind' is network, but that is enqueued as linear. Leave one of the two out.", e.Message);
        Assert.Empty(declared.Trials);
        declared.Enqueue(new Dictionary<string, object?> { ["kind"] = "network", ["dropout"] = 0.3 });
    }

    [Fact]
    public void What_is_fixed_is_seen_before_the_trial_runs()
    {
        study.Optimize(t => t.Uniform("x", 0, 1) > 2 ? 0 : t.Number, trials: 1);
        study.Enqueue(new Dictionary<string, object?> { ["x"] = 0.5, ["kind"] = "a" });
        Assert.Equal(Option.Of(0.5), study.Trials[1].Fixed["x"]);
        Assert.Equal("trial 1 (Waiting) kind: a, x: 0.5", study.Trials[1].ToString());
        Assert.Contains("\n1,waiting,,0.5,", MlNetDl.Search.Analysis.TrialList.Of(study.History).ToCsv(), StringComparison.Ordinal);
        study.Optimize(t => t.Uniform("x", 0, 1), trials: 2);
        Assert.Equal("trial 1 (Complete) x: 0.5 -> 0.5", study.Trials[1].ToString());
        study.Optimize(_ => throw new InvalidOperationException("no"), trials: 3);
        Assert.Equal("trial 2 (Failed) -> InvalidOperationException: no", study.Trials[2].ToString());
    }

    [Fact]
    public void What_the_objective_never_asks_for_has_no_effect()
    {
        study.Optimize(t => t.Uniform("x", 0, 1), trials: 1);
        study.Enqueue(new Dictionary<string, object?> { ["x"] = 0.5, ["y"] = 3 });
        study.Optimize(t => t.Uniform("x", 0, 1), trials: 2);
        Assert.Equal((TrialState.Complete, 0.5, 1), (study.Trials[1].State, study.Trials[1].Value, study.Trials[1].Numbers.Count));
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
        using var broken = Study.Open(study.Store, "broken", new() { Sampler = new Broken(), Space = SearchSpace.Of(("x", new Uniform(0, 1))) });
        Assert.Throws<NotSupportedException>(() => broken.Optimize(_ => 1, trials: 2));
        Assert.Equal(TrialState.Waiting, broken.Trials.Single().State);
    }

    private sealed record Broken : Sampler
    {
        public override double Sample(History history, TrialRecord trial, string name, Distribution distribution) => throw new NotSupportedException("broken");
    }
}
