using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Tests.MlNet;

/// <summary>The trainers in what ML.NET builds of trainers, as Microsoft's samples write it.</summary>
[Collection("torch")]
public sealed class CompositeTests
{
    private readonly MLContext ml = new(seed: 1);

    [Fact]
    public void A_pipeline_of_Microsofts_samples_trains_validates_saves_and_predicts()
    {
        using var folder = new TemporaryFolder();
        var data = ml.Data.LoadFromEnumerable(TrainerContractTests.Rows());
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", "Text")
            .Append(ml.Transforms.NormalizeMinMax("Features"))
            .AppendCacheCheckpoint(ml)
            .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(TrainerOptions))
            .Append(ml.Transforms.Conversion.MapKeyToValue("Name", "PredictedLabel"));

        // Before any data: the columns that it will add, with their kinds.
        LabelTypesTests.AssertForetold(pipeline, data, pipeline.Fit(data));
        var folds = ml.MulticlassClassification.CrossValidate(data, pipeline, numberOfFolds: 3, seed: 1);
        Assert.All(folds, f => Assert.InRange(f.Metrics.MicroAccuracy, 0.9, 1));
        var model = pipeline.Fit(data);
        Assert.Equal(Predicted(model), Predicted(pipeline.Fit(data)));
        ml.Model.Save(model, data.Schema, folder["model.zip"]);
        var loaded = new MLContext().Model.Load(folder["model.zip"], out var schema);
        Assert.NotNull(schema.GetColumnOrNull("Features"));
        using var engine = ml.Model.CreatePredictionEngine<TrainerContractTests.Row, Named>(loaded);
        Assert.Equal(Predicted(model), TrainerContractTests.Rows().Select(r => engine.Predict(r).Name));
        Assert.Equal(5, ml.Data.TakeRows(model.Transform(data), 5).GetColumn<string>("Name").Count());
        Assert.Equal(90, ml.Data.ShuffleRows(model.Transform(data), seed: 1).Preview(90).RowView.Length);

        List<string> Predicted(ITransformer fitted) => [.. fitted.Transform(data).GetColumn<string>("Name")];
    }

    [Fact]
    public void A_calibrator_follows_the_trainer()
    {
        var (data, trainer) = TrainerContractTests.Case(ml, PredictionTask.Binary);
        var scored = trainer.Append(ml.BinaryClassification.Calibrators.Platt()).Fit(data).Transform(data);
        var (labels, shares) = (scored.GetColumn<bool>("Label").ToList(), scored.GetColumn<float>("Probability").ToList());
        Assert.Equal(labels.Average(l => l ? 1 : 0), shares.Average(), 0.05);
    }

    [Fact]
    public void Trainers_take_arguments_options_or_a_delegate_and_all_are_the_same()
    {
        var (data, trainer) = TrainerContractTests.Case(ml, PredictionTask.Binary, o => (o.Network, o.Training) = (null, new() { Epochs = 2 }));
        var trainers = ml.BinaryClassification.Trainers;
        var expected = TrainerContractTests.Scores(trainer.Fit(data).Transform(data));
        Assert.All(
            (NeuralNetworkTrainer[])[
                trainers.NeuralNetwork(epochs: 2),
                trainers.NeuralNetwork(o => o.Training = new() { Epochs = 2 }),
                trainers.NeuralNetwork(new() { Training = new() { Epochs = 2 } })],
            same => Assert.Equal(expected, TrainerContractTests.Scores(same.Fit(data).Transform(data))));
    }

    // ML.NET takes binary models apart there, into predictors that are internal to it.
    [Theory]
    [InlineData("OneVersusAll")]
    [InlineData("PairwiseCoupling")]
    public void Composites_of_binary_models_are_refused_by_the_compiler_with_a_word(string name)
    {
        var method = typeof(NeuralNetworkComposites).GetMethod(name)!;
        var word = method.GetCustomAttribute<ObsoleteAttribute>()!;
        Assert.True(word.IsError);
        Assert.Contains("ml.MulticlassClassification.Trainers.NeuralNetwork(", word.Message, StringComparison.Ordinal);
        var trainer = ml.BinaryClassification.Trainers.NeuralNetwork(new Mlp());
        var error = Assert.Throws<TargetInvocationException>(() => method.Invoke(null, [ml.MulticlassClassification.Trainers, trainer, "Label"]));
        Assert.Equal(word.Message, Assert.IsType<NotSupportedException>(error.InnerException).Message);
    }

    private static NeuralNetworkOptions TrainerOptions => new()
    {
        Network = new Mlp { Hidden = [16] },
        Training = new()
        {
            Epochs = 20,
            BatchSize = 16,
            Optimizer = new Adam { LearningRate = 0.02 },
        },
    };

    private sealed class Named
    {
        public string Name { get; set; } = "";
    }
}
