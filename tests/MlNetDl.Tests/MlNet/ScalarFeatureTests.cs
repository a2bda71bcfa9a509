using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Tests.MlNet;

/// <summary>A feature column that is one number and not a vector.</summary>
[Collection("torch")]
public sealed class ScalarFeatureTests
{
    private readonly MLContext ml = new(seed: 1);

    [Fact]
    public void One_number_is_learnt_as_a_vector_of_one_is()
    {
        using var folder = new TemporaryFolder();
        var data = Data();
        var options = new NeuralNetworkOptions
        {
            Network = new Mlp { Hidden = [16] },
            FeatureColumnName = "X",
            LabelColumnName = "Y",
            Training = new()
            {
                Epochs = 60,
                BatchSize = 16,
                Optimizer = new Adam { LearningRate = 0.02 },
                Threads = 1,
            },
        };
        var model = ml.Regression.Trainers.NeuralNetwork(options).Fit(data);
        var scored = model.Transform(data);
        Assert.InRange(ml.Regression.Evaluate(scored, "Y").RSquared, 0.99, 1);

        var vector = ml.Transforms.Concatenate("Vector", "X").Fit(data).Transform(data);
        options.FeatureColumnName = "Vector";
        Assert.Equal(
            TrainerContractTests.Scores(scored),
            TrainerContractTests.Scores(ml.Regression.Trainers.NeuralNetwork(options).Fit(vector).Transform(vector)));

        // As it is saved, and row by row.
        ml.Model.Save(model, data.Schema, folder["model.zip"]);
        var loaded = new MLContext().Model.Load(folder["model.zip"], out var schema);
        Assert.Equal(NumberDataViewType.Single, schema["X"].Type);
        Assert.Equal(TrainerContractTests.Scores(scored), TrainerContractTests.Scores(loaded.Transform(data)));
        using var engine = ml.Model.CreatePredictionEngine<Point, Prediction>(loaded);
        Assert.Equal(TrainerContractTests.Scores(scored)[7], engine.Predict(Points().ElementAt(7)).Score, 1e-4f);
    }

    [Fact]
    public void A_scalar_that_cannot_fill_the_input_is_refused()
    {
        var options = new NeuralNetworkOptions
        {
            FeatureColumnName = "X",
            LabelColumnName = "Y",
            InputShape = Layers.Contracts.Shape.Vector(2),
        };
        Assert.Contains(
            "'X' is one number, which does not fill the InputShape",
            Assert.Throws<ArgumentException>(() => ml.Regression.Trainers.NeuralNetwork(options).Fit(Data())).Message,
            StringComparison.Ordinal);
        var (wide, trainer) = TrainerContractTests.Case(ml, PredictionTask.Regression, o => o.Training = o.Training with { Epochs = 1 });
        var renamed = ml.Transforms.CopyColumns("Features", "X").Fit(Data()).Transform(Data());
        Assert.Contains(
            "'Features' is Single, but the model was trained on",
            Assert.Throws<ArgumentException>(() => trainer.Fit(wide).Transform(renamed)).Message,
            StringComparison.Ordinal);
    }

    private IDataView Data() => ml.Data.LoadFromEnumerable(Points());

    private static IEnumerable<Point> Points() => Enumerable.Range(0, 80)
        .Select(i => new Point { X = (i / 10f) + 1000, Y = MathF.Sin(i / 20f) });

    private sealed class Point
    {
        public float X { get; set; }

        public float Y { get; set; }
    }

    private sealed class Prediction
    {
        public float Score { get; set; }
    }
}
