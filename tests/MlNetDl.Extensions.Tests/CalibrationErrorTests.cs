using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Experiments;
using MlNetDl.Extensions.Tests.Parts;
using MlNetDl.Metrics;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;

namespace MlNetDl.Extensions.Tests;

public sealed class CalibrationErrorTests
{
    [Fact]
    public void By_hand_it_is_the_weighted_gap_of_each_bin()
    {
        // Two bins: [0, ½] has the row of confidence 0.5, right: gap 0.5; (½, 1] has 0.9 (right) and 0.7 (wrong):
        // gap |1 − 1.6| = 0.6.
        float[] scores = [0.5f, 0.5f, 0.9f, 0.1f, 0.3f, 0.7f];
        float[] targets = [0, 0, 0];
        var rows = new ScoredRows(ScoreForm.Probabilities, 2, scores, targets);
        Assert.Equal((0.5 + 0.6) / 3, new CalibrationError { Bins = 2 }.Of(rows), 6);
    }

    [Fact]
    public void As_the_monitor_it_takes_the_epoch_where_it_is_least()
    {
        var training = TestData.Training(6) with
        {
            Metrics = [new CalibrationError()],
            Monitor = "calibrationError",
            RestoreBestWeights = true,
            ValidationFraction = 0.3,
        };
        var result = new Recipe
        {
            Task = new MulticlassClassification(),
            Model = new Mlp { Hidden = [32] },
            Training = training,
        }
            .Run(TestData.Digits());
        var report = Assert.Single(result.Reports);
        var figures = report.Epochs.Select(e => e.Validation["calibrationError"]).ToList();
        Assert.Equal(figures.IndexOf(figures.Min()) + 1, report.BestEpoch);
        Assert.All(report.Epochs, e => Assert.InRange(e.Training["calibrationError"], 0, 1));
    }

    [Fact]
    public void In_a_pipeline_the_report_has_the_figure_of_what_the_saved_model_scores()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        var digits = TestData.Digits(300, test: true);
        var (data, held) = (TestData.Rows(ml, TestData.Digits()), TestData.Rows(ml, digits));
        var training = TestData.Training(2) with { Metrics = [new CalibrationError()] };
        var options = new NeuralNetworkOptions { Training = training, LabelColumnName = "Digit" };
        using var network = ml.MulticlassClassification.Trainers.NeuralNetwork(options).Fit(data, held);
        ml.Model.SaveAtomically(network, data.Schema, folder["model.zip"]);
        var scores = ml.Model.Load(folder["model.zip"], out _).Transform(held).GetColumn<float[]>("Score").SelectMany(s => s).ToArray();
        var rows = new ScoredRows(ScoreForm.Probabilities, 10, scores, Array.ConvertAll((long[])digits.Targets!, t => (float)t));
        Assert.Equal(new CalibrationError().Of(rows), network.TrainingReport!.Epochs[^1].Validation["calibrationError"], 4);
    }

    [Fact]
    public void A_run_from_yaml_the_evaluator_and_c_sharp_give_one_figure()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["m.yaml"], """
            name: calibrated
            data: { dataset: optdigits }
            network: { type: mlp, hidden: [16] }
            training: { epochs: 1, threads: 1, batchSize: 256, metrics: [{ type: calibrationError, bins: 10 }] }
            """);
        var result = new ExperimentRunner(folder["run"]).Run(Experiment.Load(folder["m.yaml"]));
        var evaluation = Evaluator.Evaluate(folder["run/model.zip"], "optdigits", metrics: [new CalibrationError { Bins = 10 }]);
        Assert.Equal(result.Metrics.Test["calibrationError"], evaluation.Metrics["calibrationError"], 12);
    }

    [Fact]
    public void Yaml_with_a_misspelt_key_names_the_nearest()
    {
        var e = Assert.Throws<ConfigurationException>(() => RecordJson.Deserialize<Metric>("""{ "type": "calibrationError", "bin": 3 }"""));
        Assert.Contains("bins", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_with_other_scores_refuses_it_before_the_first_step()
    {
        var recipe = new Recipe
        {
            Task = new Regression(),
            Model = new Mlp(),
            Training = TestData.Training(1) with { Metrics = [new CalibrationError()] },
        };
        var e = Assert.Throws<ArgumentException>(() => recipe.Run(TestData.Diabetes()));
        Assert.Contains("calibrationError", e.Message, StringComparison.Ordinal);
    }
}
