using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Configuration;
using MlNetDl.Metrics;
using MlNetDl.MlNet;
using MlNetDl.Tasks;

namespace MlNetDl.Tests.MlNet;

/// <summary>The threshold of a model of yes or no: what is predicted, saved, judged and refused.</summary>
[Collection("torch")]
public sealed class ThresholdTests
{
    private readonly MLContext ml = new(seed: 1);

    [Fact]
    public void The_predicted_label_follows_the_threshold_in_chains_saved_models_and_engines()
    {
        using var folder = new TemporaryFolder();
        var (data, trainer) = Short();
        ITransformer model = ml.Transforms.NormalizeMinMax("Features").Append(trainer).Fit(data);
        var shares = model.Transform(data).GetColumn<float>("Probability").ToList();
        Assert.Equal(shares.Select(p => p > 0.5f), Predicted(model));
        double middle = shares.Order().Skip(30).Take(2).Average();

        var changed = model.WithThreshold(middle);
        Assert.Equal(shares.Select(p => p > (float)middle), Predicted(changed));
        Assert.Equal(59, Predicted(changed).Count(p => p));
        Assert.Equal(shares, changed.Transform(data).GetColumn<float>("Probability"));
        ml.Model.SaveAtomically(changed, data.Schema, folder["model.zip"]);
        var loaded = new MLContext().Model.Load(folder["model.zip"], out _);
        Assert.Equal(Predicted(changed), Predicted(loaded));
        Assert.Equal(middle, NeuralNetworkTransformer.Load(ml, folder["model.zip"]).Threshold);
        using var engine = ml.Model.CreatePredictionEngine<TrainerContractTests.Row, Answer>(loaded);
        Assert.Equal(Predicted(changed), TrainerContractTests.Rows().Select(r => engine.Predict(r).PredictedLabel));

        List<bool> Predicted(ITransformer fitted) => [.. fitted.Transform(data).GetColumn<bool>("PredictedLabel")];
    }

    [Fact]
    public void ML_NETs_method_of_that_name_takes_a_score()
    {
        var (data, trainer) = Short();
        var model = trainer.Fit(data);
        var changed = ml.BinaryClassification.ChangeModelThreshold(model, -1.5f);
        Assert.Equal(1 / (1 + Math.Exp(1.5)), changed.Threshold!.Value, 1e-12);
        Assert.Equal(0.5, model.Threshold);
        var scored = changed.Transform(data);
        Assert.Equal(scored.GetColumn<float>("Score").Select(s => s > -1.5f), scored.GetColumn<bool>("PredictedLabel"));
        foreach (float wrong in (float[])[float.NaN, 100, -1000])
        {
            Assert.Equal("threshold", Assert.Throws<ArgumentOutOfRangeException>(
                () => ml.BinaryClassification.ChangeModelThreshold(model, wrong)).ParamName);
        }
    }

    [Fact]
    public void A_training_that_goes_on_keeps_the_threshold()
    {
        var (data, trainer) = Short();
        var model = trainer.Fit(data).WithThreshold(0.2);
        var (_, again) = Short(o => o.ContinueFrom = model);
        Assert.Equal(0.2, again.Fit(data).Threshold);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void A_threshold_out_of_range_is_refused(double threshold)
    {
        var (data, trainer) = Short();
        ITransformer model = trainer.Fit(data);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => model.WithThreshold(threshold));
        Assert.Equal("threshold", error.ParamName);
        Assert.Contains("above 0 and below 1", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ml.NeuralNetwork(new BinaryClassification { Threshold = threshold }, new()));
    }

    [Fact]
    public void A_file_names_it_beside_the_task()
    {
        var task = RecordJson.Deserialize<LearningTask>("""{ "type": "binary", "threshold": 0.2 }""");
        Assert.Equal(new BinaryClassification { Threshold = 0.2 }, task);
        Assert.Equal(MathF.Log(0.25f), task.YesAbove, 1e-6f);
        Assert.Contains("threshold", Assert.Single(RecordCheck.Problems(new BinaryClassification { Threshold = 1 }, "task")).Path, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_classes_has_none()
    {
        var (data, trainer) = TrainerContractTests.Case(ml, PredictionTask.Multiclass, o => o.Training = o.Training with { Epochs = 1 });
        var model = trainer.Fit(data);
        Assert.Null(model.Threshold);
        Assert.Contains("MulticlassClassification", Assert.Throws<NotSupportedException>(() => model.WithThreshold(0.4)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Figures_of_predicted_classes_follow_the_threshold_and_others_do_not()
    {
        var task = new BinaryClassification { Threshold = 0.2 };
        var rows = new ScoredRows(task.Scores, 1, [-1, -2, 2], [1, 0, 1]) { YesAbove = task.YesAbove };
        var half = new ScoredRows(task.Scores, 1, [-1, -2, 2], [1, 0, 1]);
        Assert.Equal((1, 2 / 3d), (new Accuracy().Of(rows), new Accuracy().Of(half)));
        Assert.Equal(1, new F1Score().Of(rows));
        Assert.Equal(new LogLoss().Of(half), new LogLoss().Of(rows));
        Assert.Equal(true, task.Read([-1], new()).Predicted);
        Assert.Equal(false, new BinaryClassification().Read([-1], new()).Predicted);
    }

    private (IDataView Data, NeuralNetworkTrainer Trainer) Short(Action<NeuralNetworkOptions>? change = null) =>
        TrainerContractTests.Case(ml, PredictionTask.Binary, o =>
        {
            o.Training = o.Training with { Epochs = 3 };
            change?.Invoke(o);
        });

    private sealed class Answer
    {
        public bool PredictedLabel { get; set; }
    }
}
