using MlNetDl.Search;
using MlNetDl.Search.Analysis;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Search.Tests;

/// <content>Trials that are enqueued.</content>
public sealed partial class StudyAskTellTests
{
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
    public void A_name_that_is_enqueued_but_never_asked_for_is_told()
    {
        study.Enqueue(new Dictionary<string, object?> { ["learningRat"] = 0.5, ["deep"] = true });
        Assert.Empty(study.Warnings);
        study.Optimize(t => t.Uniform("learningRate", 0, 1), trials: 2);
        const string First = "trial 0 has a value enqueued for 'learningRat' (did you mean 'learningRate'?); no trial has asked for it.";
        Assert.Equal(
            ["trial 0 has a value enqueued for 'deep'; no trial has asked for it.", First],
            study.Warnings);
        study.Enqueue(new Dictionary<string, object?> { ["learningrate"] = 0.5 });
        study.Enqueue(new Dictionary<string, object?> { ["learningRate"] = 0.5 });
        study.Enqueue(new Dictionary<string, object?> { ["momentum"] = 0.5 });
        Assert.Equal(3, study.Warnings.Count);
        Assert.Equal(
            [
                (0, "the objective never asked for 'deep' and 'learningRat' (did you mean 'learningRate'?), so the enqueued value had no effect."),
                (2, "parameter 'learningrate' is enqueued but no trial has asked for it yet; did you mean 'learningRate'?"),
            ],
            study.Store.Events(study.Id).Where(e => e.Kind == "warning").Select(e => (e.Number!.Value, e.Text)));
        study.Cancel(2);
        Assert.Equal(2, study.Warnings.Count);

        // A name that any trial asks for is no mistake, and a branch need not be taken by all.
        study.Optimize(t => t.Uniform("learningRate", 0, 1) + (t.Number == 4 ? t.Uniform("momentum", 0, 1) : 0), trials: 6);
        Assert.DoesNotContain(study.Warnings, w => w.Contains("momentum", StringComparison.Ordinal));
        Assert.Contains("(did you mean 'learningRate'?)", StudyReport.ToHtml(study), StringComparison.Ordinal);
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
        Assert.Equal(
            [TrialState.Complete, TrialState.Cancelled, TrialState.Complete, TrialState.Complete],
            study.Trials.Select(t => t.State));
        Assert.Equal([0, 2, 3], study.History.Finished.Select(t => t.Number));
        Assert.Equal(
            "trial 0 of study 'study' has finished already (Complete) and cannot be cancelled.",
            Assert.Throws<StudyException>(() => study.Cancel(0)).Message);
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
        Assert.Equal(
            (
                TrialState.Failed,
                """StudyException: trial 0: parameter 'x' was enqueued as 2, which is not within {"uniform":[0,1]}."""),
            (study.Trials[0].State, study.Trials[0].Error));
        Assert.Equal(TrialState.Complete, study.Trials[1].State);
    }

    [Fact]
    public void A_declared_space_knows_what_may_be_enqueued_and_suggested()
    {
        using var declared = Study.InMemory("declared", space: SearchSpace.Of(("x", new Uniform(0, 1))));
        Assert.Equal(
            "the space of study 'declared' has no parameter 'y'; it has x.",
            Assert.Throws<ArgumentException>(
                () => declared.Enqueue(new Dictionary<string, object?> { ["y"] = 1 })).Message);
        var trial = declared.Ask();
        Assert.Equal(["x"], trial.Record.Numbers.Keys);
        Assert.Contains(
            "has no parameter 'y'",
            Assert.Throws<SpaceChangedException>(() => trial.Uniform("y", 0, 1)).Message,
            StringComparison.Ordinal);
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
    public void What_has_no_form_is_no_value() => Assert.Contains(
        "parameter 'f': the value ",
        Assert.Throws<ArgumentException>(
            () => study.Enqueue(new Dictionary<string, object?> { ["f"] = (Action)study.Dispose })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Fixed_values_do_not_exclude_each_other()
    {
        var space = new SearchSpace
        {
            Parameters =
            [
                new("kind", Choice.Of("linear", "network")),
                new("layers", new Integer(1, 4)) { When = [new("kind", [Option.Of("network")])] },
            ],
        };
        using var declared = Study.InMemory("declared", space: space);
        var e = Assert.Throws<ArgumentException>(
            () => declared.Enqueue(new Dictionary<string, object?> { ["kind"] = "linear", ["layers"] = 2 }));
        Assert.Equal(
            "parameter 'layers' exists only when 'kind' is network, but that is enqueued as "
                + "linear. Leave one of the two out.",
            e.Message);
        Assert.Empty(declared.Trials);

        // Without the other it depends on what is sampled whether it takes effect.
        for (int i = 0; i < 10; i++)
        {
            declared.Enqueue(new Dictionary<string, object?> { ["layers"] = 2 });
        }

        declared.Optimize(_ => 1, trials: 10);
        Assert.Equal(["linear", "network"], declared.Trials.Select(t => (string)t.ValueOf("kind")!).Distinct().Order());
        Assert.All(declared.Trials, t => Assert.Equal(
            Equals(t.ValueOf("kind"), "network") ? 2 : null,
            t.Numbers.TryGetValue("layers", out double n) ? n : (double?)null));
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
        var e = Assert.Throws<ArgumentException>(
            () => declared.Enqueue(new Dictionary<string, object?> { ["kind"] = "linear", ["dropout"] = 0.3 }));
        Assert.Equal(
            "parameter 'dropout' exists only when 'kind' is network, but that is enqueued as "
                + "linear. Leave one of the two out.",
            e.Message);
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
}
