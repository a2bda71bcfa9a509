using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Experiments;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Extensions.Tests.Parts;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Training;

namespace MlNetDl.Extensions.Tests;

public sealed class QuantileRegressionTests
{
    private static readonly QuantileRegression Task = new() { Quantiles = [0.1, 0.5, 0.9] };

    private static NeuralNetworkOptions Options(int epochs = 40) => new()
    {
        Network = new Mlp { Hidden = [16] },
        Training = TestData.Training(epochs),
        LabelColumnName = "progression",
    };

    [Fact]
    public void A_recipe_learns_quantiles_in_the_labels_unit_that_cover_about_what_they_say()
    {
        var examples = TestData.Diabetes();
        var package = new Recipe
        {
            Task = Task,
            Model = new Mlp { Hidden = [16] },
            Training = TestData.Training(60),
        }
            .Run(examples).Package;
        using var network = NeuralNetworkTransformer.Of(new MLContext(), ModelPackage.Read(package.ToBytes()));
        var scores = network.Score(examples);
        var truth = (float[])examples.Targets!;
        double below = truth.Where((y, i) => y < scores[3 * i]).Count(), above = truth.Where((y, i) => y > scores[(3 * i) + 2]).Count();
        Assert.InRange(below / truth.Length, 0.04, 0.16);
        Assert.InRange(above / truth.Length, 0.04, 0.16);
        // The pinball loss at the median is half the absolute error: better than the constant median by far.
        var sorted = truth.Order().ToArray();
        double constant = truth.Average(y => Math.Abs(y - sorted[sorted.Length / 2]));
        Assert.True(truth.Select((y, i) => Math.Abs(y - scores[(3 * i) + 1])).Average() < 0.75 * constant);
    }

    [Fact]
    public void A_pipeline_adds_the_tasks_columns_and_its_zip_scores_the_same()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        var data = TestData.Diabetes(ml);
        var model = ml.Transforms.NormalizeMinMax("Features").Append(ml.NeuralNetwork(Task, Options())).Fit(data);
        ml.Model.SaveAtomically(model, data.Schema, folder["model.zip"]);
        var scored = ml.Model.Load(folder["model.zip"], out _).Transform(data);

        var before = model.Transform(data).GetColumn<float[]>("Score").ToArray();
        var after = scored.GetColumn<float[]>("Score").ToArray();
        Assert.Equal(before, after);
        Assert.Equal(after.Select(s => s[1]), scored.GetColumn<float>(QuantileRegression.Median));
        // ML.NET's own evaluator reads the median.
        var metrics = ml.Regression.Evaluate(scored, "progression", QuantileRegression.Median);
        Assert.InRange(metrics.RSquared, 0.3, 1);
    }

    [Fact]
    public void A_prediction_engine_gives_the_same_as_the_view()
    {
        var ml = new MLContext(1);
        var data = TestData.Diabetes(ml);
        var model = ml.NeuralNetwork(Task, Options(2)).Fit(data);
        using var engine = ml.Model.CreatePredictionEngine<Patient, PatientScore>(model);
        var row = new Patient { Features = data.GetColumn<float[]>("Features").First() };
        var score = engine.Predict(row);
        Assert.Equal(model.Transform(data).GetColumn<float[]>("Score").First(), score.Score);
        Assert.Equal(score.Score[1], score.Median);
    }

    [Fact]
    public void Transforms_of_ml_net_follow_its_columns_which_are_foretold()
    {
        var ml = new MLContext(1);
        var data = TestData.Diabetes(ml);
        // A chain checks kinds and types before it fits anything.
        var chain = ml.NeuralNetwork(Task, Options(1)).Append(ml.Transforms.CopyColumns("Middle", QuantileRegression.Median))
            .Append(ml.Transforms.NormalizeMinMax("Scaled", "Score"));
        var scored = chain.Fit(data).Transform(data);
        Assert.Equal(scored.GetColumn<float>(QuantileRegression.Median), scored.GetColumn<float>("Middle"));
        Assert.Equal(3, ((VectorDataViewType)scored.Schema["Scaled"].Type).Size);
    }

    [Fact]
    public void Yaml_names_the_task_and_a_run_reports_its_figure()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["q.yaml"], $$"""
            name: quantiles
            task: { type: quantileRegression, quantiles: [0.2, 0.5, 0.8] }
            data: { csv: '{{TestData.File("diabetes")}}', label: progression }
            network: { type: mlp, hidden: [16] }
            training:
              { epochs: 20, batchSize: 32, threads: 1, optimizer: { type: adam, learningRate: 0.01 },
                validationFraction: 0.2, monitor: coverageError, restoreBestWeights: true }
            """);
        var result = new ExperimentRunner(folder["run"]).Run(Experiment.Load(folder["q.yaml"]));
        Assert.InRange(result.Metrics.Test["coverageError"], 0, 0.25);
        var evaluated = Evaluator.Evaluate(folder["run/model.zip"], TestData.File("diabetes"), metrics: [new CoverageError { Share = 1 }]);
        Assert.Equal(442, evaluated.Rows);
        using var predictor = Predictor.Load(folder["run/model.zip"]);
        var prediction = predictor.Predict(TestData.File("diabetes"))[0];
        Assert.Equal(["q0.2", "q0.5", "q0.8"], prediction.Scores.Select(s => s.Name));
        Assert.Equal(prediction.Scores[1].Score, prediction.Predicted);
    }

    [Theory]
    [InlineData("quantile: [0.5]", "task.quantile", "quantiles")]
    [InlineData("quantiles: [0.9, 0.1]", "", "rising")]
    public void Yaml_with_a_wrong_option_of_the_task_says_where(string option, string path, string hint)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["q.yaml"], $$"""
            name: quantiles
            task: { type: quantileRegression, {{option}} }
            data: { csv: a.csv, label: b }
            network: mlp
            """);
        var e = Assert.ThrowsAny<Exception>(() => Experiment.Load(folder["q.yaml"]));
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.Contains(hint, e.Message, StringComparison.Ordinal);
        Assert.IsType<ConfigurationException>(e);
    }

    [Fact]
    public void A_model_that_continues_on_other_rows_keeps_the_unit_of_its_first_training()
    {
        var examples = TestData.Diabetes();
        var (first, second) = (examples.Take(100), examples.Take(300));
        var recipe = new Recipe
        {
            Task = Task,
            Model = new Mlp { Hidden = [4] },
            Training = TestData.Training(5),
        };
        var package = recipe.Run(first).Package;
        var frozen = recipe.Training with { Epochs = 1, Optimizer = new Training.Optimizers.Sgd { LearningRate = 1e-30 } };
        var continued = new Recipe
        {
            Task = Task,
            Training = frozen,
            ContinueFrom = ModelPackage.Read(package.ToBytes()),
        }
            .Run(second).Package;
        using var before = NeuralNetworkTransformer.Of(new MLContext(), package);
        using var after = NeuralNetworkTransformer.Of(new MLContext(), continued);
        Assert.Equal(before.Score(second), after.Score(second));
        Assert.NotNull(package.Manifest.Scale);
    }

    private sealed class Patient
    {
        [VectorType(10)]
        public float[] Features { get; set; } = [];
    }

    private sealed class PatientScore
    {
        public float[] Score { get; set; } = [];

        public float Median { get; set; }
    }
}
