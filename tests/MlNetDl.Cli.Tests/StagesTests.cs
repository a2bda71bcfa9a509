using System.Text.Json.Nodes;
using MlNetDl.Tests.Docs;

namespace MlNetDl.Cli.Tests;

/// <summary>Trainings of several stages, class weights and further figures, from YAML to the saved model.</summary>
public sealed class StagesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Yaml
    {
        get
        {
            File.WriteAllText(
                folder["a.yaml"],
                ReadmeCode.Blocks("yaml")[1]
                    .Replace("datasets/", $"{ChildProcess.Repository}/datasets/", StringComparison.Ordinal));
            return folder["a.yaml"];
        }
    }

    private static string Data => $"{ChildProcess.Repository}/datasets/tabular/breast-cancer.csv";

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("[fit, int8, foldNorms]", "training.stages has foldNorms behind int8")]
    [InlineData("[int8]", "training.stages has no 'fit'")]
    [InlineData("[fit, exitThreshold, fit]", "training.stages has a 'fit' behind exitThreshold")]
    public void A_wrong_order_of_stages_is_a_wrong_configuration(string stages, string words)
    {
        Assert.Contains(words, Tool.Fails(2, "run", Yaml, "--output", folder["run"], $"training.stages={stages}"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void The_readmes_stages_run_and_the_model_tells_of_each()
    {
        var result = Tool.Json("run", Yaml, "--output", folder["run"]);
        Assert.Equal(25, (int)result["epochs"]!);
        Assert.InRange((double)result["metrics"]!["test"]!["matthewsCorrelation"]!, 0.85, 1);
        Assert.Equal([20, 5], new[] { "metrics.jsonl", "metrics.2.jsonl" }.Select(f => File.ReadLines(folder[$"run/{f}"]).Count()));
        Assert.Contains("\"f1\"", File.ReadLines(folder["run/metrics.2.jsonl"]).First(), StringComparison.Ordinal);
        var shown = Tool.Run("inspect", folder["run/model.zip"]).Output;
        Assert.Contains("fit: trained: 20 epochs on 364 examples", shown, StringComparison.Ordinal);
        Assert.Contains("fit: trained: 5 epochs on 364 examples", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_tells_which_epochs_weights_are_kept_and_where_it_stopped()
    {
        Assert.Contains(
            "  The weights of epoch 1 of 2 are kept, the best by loss.",
            Output("training.optimizer={ type: adam, learningRate: 10 }", "training.epochs=2"),
            StringComparison.Ordinal);
        Assert.Matches("  Stopped early after epoch [3-9] of 50; the best by loss was epoch [1-7], whose weights are kept[.]",
            Output("training.optimizer={ type: adam, learningRate: 10 }", "training.epochs=50", "training.earlyStopping.patience=2"));

        string Output(params string[] more)
        {
            var (code, output, error) = Tool.Run([
                "run",
                Yaml,
                "--output",
                folder[$"{more.Length}"],
                "training.stages=[]",
                "training.monitor=loss",
                .. more,
            ]);
            Assert.True(code == 0, error);
            return output;
        }
    }

    [Fact]
    public void Figures_beside_those_of_the_task_are_asked_for_by_name()
    {
        Tool.Json("run", Yaml, "--output", folder["run"], "training.epochs=1", "training.stages=[]");
        JsonNode figures = Tool.Json(
            "evaluate", folder["run/model.zip"], "--data", Data, "--metric", "cohenKappa", "--metric", "brierScore");
        Assert.InRange((double)figures["cohenKappa"]!, 0.3, 1);
        Assert.InRange((double)figures["brierScore"]!, 0, 0.5);
        Assert.Contains(
            "--metric: there is no metric 'cohenKapa'; did you mean 'cohenKappa'?",
            Tool.Fails(2, "evaluate", folder["run/model.zip"], "--data", Data, "--metric", "cohenKapa"),
            StringComparison.Ordinal);
        Assert.Contains(
            "rmse",
            Tool.Fails(1, "evaluate", folder["run/model.zip"], "--data", Data, "--metric", "rmse"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_of_classes_are_given_by_their_names()
    {
        double balanced = Recall("training.classWeights=balanced"), yes = Recall("training.classWeights={ 'true': 30, 'false': 1 }");
        Assert.True(yes > balanced, $"{yes} against {balanced}");
        Assert.Contains(
            "classWeights",
            Tool.Fails(1, "run", Yaml, "--output", folder["bad"], "training.classWeights={ 'treu': 30 }"),
            StringComparison.Ordinal);

        double Recall(string weights) => (double)Tool.Json(
            "run",
            Yaml,
            "--output",
            folder[weights.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)],
            weights,
            "training.epochs=2",
            "training.stages=[]",
            "training.metrics=[recall]",
            "training.monitor=loss")["metrics"]!["test"]!["recall"]!;
    }
}
