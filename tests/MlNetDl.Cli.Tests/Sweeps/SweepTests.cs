using System.Diagnostics;
using System.Text.Json.Nodes;
using MlNetDl.Configuration;
using MlNetDl.Experiments;
using MlNetDl.Search;

namespace MlNetDl.Cli.Tests.Sweeps;

/// <summary>Sweeps with real worker processes.</summary>
public sealed partial class SweepTests : IDisposable
{
    private const string Yaml = """
        name: digits
        data: { dataset: optdigits, take: 600 }
        network: { type: mlp, hidden: [16] }
        training: { epochs: 3, batchSize: 64, validationFraction: 0.25 }
        search:
          space:
            training.optimizer.learningRate: { logUniform: [1e-3, 1e-1] }
            network.hidden[0]: { integer: [4, 32] }
          sampler: { type: tpe, startUpTrials: 3 }
          pruner: median
          objective: { maximize: validation.accuracy }
          maxTrials: 6
        """;

    private readonly SweepTestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_sweep_finds_trains_anew_tests_and_reports()
    {
        File.WriteAllText(folder["a.yaml"], Yaml + "\n  workers: 2\n  final: { repeat: 2, compareWith: default }\n");
        var (code, output, error) = ChildProcess.Dotnet(Tool.Dll, "run", folder["a.yaml"], "--output", folder["run"]);
        Assert.True(code == 0, error + output);
        var result = JsonNode.Parse(File.ReadAllText(folder["run/result.json"]))!;
        var search = result["search"]!;
        Assert.Equal(6, (int)search["complete"]! + (int)search["pruned"]!);
        Assert.Equal(2, search["final"]!["best"]!.AsArray().Count);
        Assert.Equal("test.accuracy", (string)search["final"]!["figure"]!);
        Assert.Equal([1, 2], result["seeds"]!.AsArray().Select(s => (int)s!));
        Assert.All(["best/model.zip", "best/model.onnx", "study.html"], file => Assert.True(File.Exists(folder[$"run/{file}"]), file));

        var page = File.ReadAllText(folder["run/study.html"]);
        Assert.Contains("<h1>digits</h1>", page, StringComparison.Ordinal);
        Assert.Contains("validation.accuracy (here: value) as large as possible", page, StringComparison.Ordinal);

        // The model that is left scores as the result says of its seed.
        var evaluation = Tool.Json("evaluate", folder["run/best/model.zip"], "--data", "optdigits");
        Assert.Equal((double)search["final"]!["best"]![0]!, (double)evaluation["accuracy"]!, 9);

        // Nothing that nobody needs is left: no checkpoint, and no model of a trial that is not the best.
        Assert.Empty(folder.Files("run", "checkpoint*"));
        Assert.Single(folder.Files("run/trials", "model.zip"));

        var again = ChildProcess.Dotnet(Tool.Dll, "run", folder["a.yaml"], "--output", folder["run"]);
        Assert.Equal(0, again.Code);
        Assert.Contains("done already", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_space_is_refused_and_more_trials_are_a_continuation()
    {
        folder.Run(Load("search.maxTrials=2"));
        var e = Assert.Throws<RunFolderConflictException>(() => folder.Run(Load("training.batchSize=choice(32, 64)")));
        Assert.Contains("search.space", e.Message, StringComparison.Ordinal);
        var before = folder.TrialTexts();
        folder.Run(Load("search.maxTrials=4"));
        var after = folder.TrialTexts();
        Assert.Equal(4, after.Count);
        Assert.Equal(before, after.Take(2));
    }

    [Fact]
    public void A_recorded_sweep_without_a_final_round_is_verified_by_its_best_trials()
    {
        File.WriteAllText(folder["a.yaml"], Yaml.Replace("maxTrials: 6", "maxTrials: 2", StringComparison.Ordinal));
        Assert.Equal(0, ChildProcess.Dotnet(Tool.Dll, "verify-results", folder["a.yaml"], "--update").Code);
        var again = ChildProcess.Dotnet(Tool.Dll, "verify-results", folder["a.yaml"]);
        Assert.Equal(0, again.Code);
        Assert.Contains("validation.accuracy", again.Output, StringComparison.Ordinal);
        var record = JsonNode.Parse(File.ReadAllText(folder["a.result.json"]))!;
        record["search"]!["best"]![0]!["values"]!["validation.accuracy"] = 0.1;
        File.WriteAllText(folder["a.result.json"], record.ToJsonString());
        var wrong = ChildProcess.Dotnet(Tool.Dll, "verify-results", folder["a.yaml"]);
        Assert.Equal(1, wrong.Code);
        Assert.Contains("NOT the recorded 0.1", wrong.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_objective_that_no_trial_reports_ends_the_sweep_after_its_first_epoch()
    {
        // A curve needs all rows, so that training does not report it. What a step that is named reports is not known before.
        var table = Path.Combine(ChildProcess.Repository, "datasets/tabular/breast-cancer.csv");
        var yaml = Yaml.Replace(
            "data: { dataset: optdigits, take: 600 }", $"task: binary\ndata: {{ csv: '{table}', label: benign }}", StringComparison.Ordinal);
        string[] asked = ["training.metrics=[auc]", "search.objective={maximize: train.auc}", "search.pruner=none", "training.step=supervised"];
        var e = Assert.Throws<StudyException>(() => folder.Run(folder.Load(yaml, asked)));
        Assert.Contains("no trial reports 'train.auc'", e.Message, StringComparison.Ordinal);
        Assert.All(folder.Trials(), t => Assert.False(t.IsFinished));
        // No trial has ended, so the corrected sweep may take the folder.
        Assert.Equal(1, folder.Run(folder.Load(yaml, "search.maxTrials=1")).Search!.Complete);
    }

    [Fact]
    public void A_branch_whose_network_does_not_take_the_data_is_refused_before_the_first_trial()
    {
        var yaml = Yaml.Replace(
            "network.hidden[0]: { integer: [4, 32] }",
            "network: { choice: [{ type: mlp, hidden: [8] }, { type: custom, layers: [{ type: conv2d, out: 4, kernel: 99 }] }] }",
            StringComparison.Ordinal);
        var e = Assert.Throws<SweepRefusedException>(() => folder.Run(folder.Load(yaml)));
        Assert.Contains("does not fit the data", e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["run/trials"]));

        // Nothing was trained, so the corrected sweep may take the folder.
        Assert.Equal(1, folder.Run(Load("search.maxTrials=1")).Search!.Complete);
    }

    [Fact]
    public void A_loss_is_searched_and_the_final_round_judges_by_a_test_figure_with_its_own_direction()
    {
        var final = folder.Run(Load(
            "search.objective={minimize: validation.loss}", "search.maxTrials=3", "search.final={repeat: 2, compareWith: default}",
            // The default learns nothing.
            "training.optimizer.learningRate=0.0000001")).Search!.Final!;
        Assert.Equal("test.accuracy", final.Figure);
        Assert.True(final.Best.Average() > final.Default!.Average() + 0.2);
        Assert.Contains("best is better than default", final.Comparison, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("search.space={training.restoreBestWeights: auto}", "training.restoreBestWeights")]
    [InlineData("training.earlyStopping={patience: 2}", "training.earlyStopping")]
    public void A_final_round_on_all_data_leaves_no_validation_data(string change, string named)
    {
        var e = Assert.Throws<ConfigurationException>(() => Load("search.final={repeat: 1}", change));
        Assert.Contains("leaves no validation data", e.Message, StringComparison.Ordinal);
        Assert.Contains(named, e.Message, StringComparison.Ordinal);
        Load("search.final={repeat: 1, train: part}", change);
    }

    [Fact]
    public void A_worker_that_is_replaced_after_a_failed_trial_does_not_end_the_sweep()
    {
        // The first of the grid diverges at once.
        folder.Run(Load("search.trialsPerWorker=1", "search.maxTrials=3", "search.sampler=grid", "search.pruner=none",
            "search.space={training.optimizer.learningRate: {choice: [1e30, 0.01, 0.02]}}"));
        Assert.Equal(1, folder.Trials().Count(t => t.State == TrialState.Failed));
        Assert.Equal(2, folder.Trials().Count(t => t.State == TrialState.Complete));
    }

    [Fact]
    public void A_search_that_its_time_has_ended_goes_on_with_the_whole_time_again()
    {
        var slow = Load("training.epochs=8", "search.maxTime=10s", "search.maxTrials=1000", "search.pruner=none");
        int before = folder.Run(slow).Search!.Complete;
        Assert.InRange(before, 1, 999);
        Assert.True(folder.Run(slow).Search!.Complete > before);
    }

    [Fact]
    public void A_constraint_on_the_network_costs_no_epoch()
    {
        var result = folder.Run(Load("search.constraints=[macs <= 1000]", "search.maxTrials=8", "search.sampler=random"));
        var trials = folder.Trials();
        Assert.Contains(trials, t => !t.IsFeasible);
        // 64 inputs and 10 outputs: h hidden units have 74 h multiply-adds.
        Assert.All(trials, t => Assert.Equal(74 * t.ValueOf<long>("network.hidden[0]") <= 1000, t.IsFeasible));
        Assert.All(trials.Where(t => !t.IsFeasible), t => Assert.Equal((TrialState.Pruned, 0), (t.State, t.Reports.Count)));
        Assert.True((int)result.Search!.Best[0].Parameters["network.hidden[0]"]! <= 13);
        var broken = trials.First(t => !t.IsFeasible);
        Assert.Equal($"macs {74 * broken.ValueOf<long>("network.hidden[0]")} > 1000", Load("search.constraints=[macs <= 1000]").Search!.Broken(broken));
    }

    [Fact]
    public void A_bound_that_only_a_trained_trial_can_break_is_named_with_value_and_bound()
    {
        var e = Assert.Throws<StudyException>(() => folder.Run(
            Load("search.constraints=[validation.loss <= 0.001, train.accuracy >= 0]", "search.maxTrials=2", "search.pruner=none")));
        Assert.Matches(@"trial 0: infeasible: validation\.loss [\d.]+ > 0\.001", e.Message);
        var status = SweepFolder.Open(folder["run"]).Status();
        Assert.Equal((2, 2, 2), (status.Complete, status.InfeasibleTrials, status.Infeasible.Count));
        var loss = ((double)System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(folder["run/trials/0001/attempt-1/result.json"]))!
            ["metrics"]!["validation"]!["loss"]!).ToString("G4", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(new(1, $"validation.loss {loss} > 0.001"), status.Infeasible[1]);
        Assert.Contains($"trial 1 is infeasible: validation.loss {loss} > 0.001", Tool.Run("study", "status", folder["run"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_objectives_leave_a_front_and_its_models()
    {
        var result = folder.Run(Load(
            "search.objective=[{maximize: validation.accuracy}, {minimize: parameters}]", "search.pruner=none", "search.sampler=nsga2"));
        using var study = folder.OpenStudy();
        Assert.Equal(study.ParetoFront.Select(t => t.Number).Order(), result.Search!.Best.Select(b => b.Number).Order());
        Assert.Equal(result.Search.Best.Max(b => b.Values["validation.accuracy"]), result.Search.Best[0].Values["validation.accuracy"]);
        Assert.Equal((int)result.Search.Best[0].Values["parameters"], result.Parameters);
        Assert.All(result.Search.Best, b => Assert.Equal((74 * (double)b.Parameters["network.hidden[0]"]!) + (double)b.Parameters["network.hidden[0]"]! + 10,
            b.Values["parameters"]));
        Assert.Equal(result.Search.Best.Count, folder.Files("run/trials", "model.zip").Count());
    }

    [Fact]
    public void A_configuration_over_seeds_counts_once_and_has_their_mean()
    {
        var result = folder.Run(Load("search.repeat=2", "search.maxTrials=2", "search.pruner=none"));
        var trials = folder.Trials();
        Assert.Equal(2, trials.Count);
        Assert.All(trials, t => Assert.Equal(t.Reports.Average(r => r.Value), t.Value, 12));
        Assert.All(trials, t => Assert.Equal(2, t.Reports.Count));

        // The result says so too, with the deviation; the model is that of the first seed.
        var best = trials[result.Search!.Best[0].Number];
        Assert.Equal(best.Value, result.Metrics.Validation["accuracy"], 12);
        Assert.Equal(
            Math.Abs(best.Reports[0].Value - best.Reports[1].Value) / Math.Sqrt(2), result.StandardDeviations!.Validation["accuracy"], 12);
        Assert.Equal([1, 2], result.Seeds);
        Assert.Equal(
            File.ReadAllBytes(folder[$"run/trials/{best.Number:0000}/attempt-1/seed-1/model.zip"]), File.ReadAllBytes(folder["run/best/model.zip"]));
    }

    [Theory]
    [InlineData("{ dataset: optdigits, take: 300 }", "validation.accuracy", "multiclass")]
    [InlineData("{ csv: REPOSITORY/datasets/tabular/iris.csv, label: species }", "validation.accuracy", "multiclass")]
    [InlineData("{ csv: REPOSITORY/datasets/tabular/diabetes.csv, label: progression }", "validation.r2", "regression")]
    public void Folds_score_a_configuration_by_cross_validation(string data, string figure, string task)
    {
        var result = folder.Run(folder.Load($$"""
            name: folds
            task: {{task}}
            data: {{data.Replace("REPOSITORY", ChildProcess.Repository, StringComparison.Ordinal)}}
            network: { type: mlp, hidden: [8] }
            training: { epochs: 5, batchSize: 16 }
            search: { space: { training.optimizer.learningRate: { choice: [0.01] } }, objective: { maximize: {{figure}} }, folds: 3, maxTrials: 1 }
            """));
        var trial = Assert.Single(folder.Trials());
        Assert.Equal(trial.Value, result.Metrics.Validation[figure["validation.".Length..]], 12);
        Assert.True(result.StandardDeviations!.Validation[figure["validation.".Length..]] > 0);
        Assert.Equal([1], result.Seeds);
        Assert.Equal(3, trial.Reports.Count);
        Assert.Equal(3, trial.Reports.Select(r => r.Value).Distinct().Count());
        Assert.Equal(trial.Reports.Average(r => r.Value), trial.Value, 12);
        Assert.Equal(3, folder.Files("run/trials", "result.json").Count());
    }

    [Fact]
    public void A_search_without_gain_ends_by_its_patience()
    {
        // All trials are alike, so that no later one is better than the first.
        var same = Load("search.maxTrials=20", "search.patience=2", "search.pruner=none", "training.optimizer.learningRate=choice(0.01)",
            "network.hidden[0]=choice(8)");
        folder.Run(same);
        Assert.Equal(3, folder.Trials().Count);
    }

    private Experiment Load(params string[] overrides) => folder.Load(Yaml, overrides);
}
