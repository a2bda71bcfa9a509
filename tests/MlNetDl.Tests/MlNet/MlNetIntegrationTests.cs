using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MlNetDl.Data;
using MlNetDl.Images;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Tests.MlNet;

/// <summary>The trainers among ML.NET's own components, on real data.</summary>
[Collection("torch")]
public sealed class MlNetIntegrationTests
{
    private readonly MLContext ml = new(seed: 1);

    [Fact]
    public void Cross_validation_and_feature_importance_work()
    {
        var (data, trainer) = TrainerContractTests.Case(ml, PredictionTask.Regression);
        Assert.All(ml.Regression.CrossValidate(data, trainer, numberOfFolds: 3), fold => Assert.InRange(fold.Metrics.RSquared, 0.9, 1));
        var importance = ml.Regression.PermutationFeatureImportance(trainer.Fit(data), data, permutationCount: 2);

        // Value = 10·x0 − x1 + 100: the first feature matters, the third does not.
        var loss = importance.Select(i => i.MeanSquaredError.Mean).ToList();
        Assert.True(loss[0] > 10 * loss[1] && loss[1] > loss[2], string.Join(", ", loss));
    }

    [Fact]
    public void A_prediction_engine_predicts_classes_by_name()
    {
        var (data, trainer) = TrainerContractTests.Case(ml, PredictionTask.Multiclass);
        var model = trainer.Append(ml.Transforms.Conversion.MapKeyToValue("Name", "PredictedLabel")).Fit(data);
        using var engine = ml.Model.CreatePredictionEngine<TrainerContractTests.Row, Named>(model);
        Assert.All(TrainerContractTests.Rows(), row => Assert.Equal(row.Text, engine.Predict(row).Name));
    }

    [Fact]
    public void A_disposed_model_says_so()
    {
        var (data, trainer) = TrainerContractTests.Case(ml, PredictionTask.Regression);
        var model = trainer.Fit(data);
        ml.Model.CreatePredictionEngine<TrainerContractTests.Row, Value>(model).Dispose();
        Assert.Throws<ObjectDisposedException>(() => TrainerContractTests.Scores(model.Transform(data)));
    }

    [Fact]
    public void Text_features_are_learnt_from_sparse_vectors()
    {
        var rows = new[] { "amazon_cells", "imdb", "yelp" }
            .SelectMany(f => File.ReadAllText(DatasetFolder.Find($"sentiment/{f}_labelled.txt")).Split('\n'))
            .Where(l => l.Length > 0).Distinct()
            .Select(l => l.TrimEnd().Split('\t'))
            .Select(p => new Sentence { Text = p[0], Label = p[1] == "1" });
        var split = ml.Data.TrainTestSplit(ml.Data.LoadFromEnumerable(rows), 0.2, seed: 1);
        var pipeline = ml.Transforms.Text.FeaturizeText("Features", "Text")
            .Append(ml.BinaryClassification.Trainers.NeuralNetwork(new NeuralNetworkOptions
            {
                Network = new Mlp { Hidden = [32], Dropout = 0.5 },
                Training = new() { Epochs = 6, BatchSize = 64 },
            }));
        var metrics = ml.BinaryClassification.Evaluate(pipeline.Fit(split.TrainSet).Transform(split.TestSet));
        Assert.InRange(metrics.Accuracy, 0.75, 1);
        Assert.InRange(metrics.AreaUnderRocCurve, 0.82, 1);
    }

    [Fact]
    public void Words_and_numbers_of_a_table_are_learnt_together()
    {
        var rows = Enumerable.Range(0, 400)
            .Select(i => new Random(i))
            .Select(r => new House { City = "ABC"[r.Next(3)].ToString(), Rooms = r.Next(1, 9) }).ToList();
        rows.ForEach(h => h.Label = (h.Rooms * 10) + (h.City == "A" ? 50 : h.City == "B" ? 0 : -20));
        var data = ml.Data.LoadFromEnumerable(rows);
        var pipeline = ml.Transforms.Categorical.OneHotEncoding("City")
            .Append(ml.Transforms.Concatenate("Features", "City", "Rooms"))
            .Append(ml.Transforms.NormalizeMinMax("Features"))
            .Append(ml.Regression.Trainers.NeuralNetwork(new NeuralNetworkOptions
            {
                Network = new Mlp { Hidden = [32] },
                Training = new()
                {
                    Epochs = 60,
                    BatchSize = 32,
                    Optimizer = new Adam { LearningRate = 0.01 },
                },
            }));
        Assert.InRange(ml.Regression.Evaluate(pipeline.Fit(data).Transform(data)).RSquared, 0.98, 1);
    }

    [Fact]
    public void Several_values_are_predicted_at_once_in_their_units()
    {
        var rows = Enumerable.Range(0, 200)
            .Select(i => new Random(i))
            .Select(r => new[] { r.NextSingle(), r.NextSingle() })
            .Select(x => new Multi { Features = x, Label = [(1000 * x[0]) + 5000, x[0] - x[1]] }).ToList();
        var data = ml.Data.LoadFromEnumerable(rows);
        var model = ml.Regression.Trainers
            .NeuralNetwork(new NeuralNetworkOptions
            {
                Network = new Mlp { Hidden = [32] },
                Training = new()
                {
                    Epochs = 60,
                    BatchSize = 16,
                    Optimizer = new Adam { LearningRate = 0.01 },
                },
            })
            .Fit(data);
        Assert.All(model.Transform(data).GetColumn<float[]>("Score").Zip(rows), r =>
        {
            Assert.Equal(r.Second.Label[0], r.First[0], 100f);
            Assert.Equal(r.Second.Label[1], r.First[1], 0.15f);
        });
    }

    [Fact]
    public void Images_of_any_size_are_scaled_alike_in_training_and_scoring()
    {
        // Bright discs on the left or the right half, in two sizes and as colour images.
        var rows = Enumerable.Range(0, 80)
            .Select(i => new Picture { Image = HalfBright(i), Label = i % 2 == 0 ? "left" : "right" }).ToList();
        var data = ml.Data.LoadFromEnumerable(rows);
        var keyed = ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        var options = new NeuralNetworkOptions
        {
            Network = new Mlp { Hidden = [16] },
            FeatureColumnName = "Image",
            Image = new(1, 12, 12),
            Training = new()
            {
                Epochs = 20,
                BatchSize = 16,
                Optimizer = new Adam { LearningRate = 0.01 },
            },
        };
        var model = ml.MulticlassClassification.Trainers.NeuralNetwork(options).Fit(keyed);
        Assert.Equal(1, ml.MulticlassClassification.Evaluate(model.Transform(keyed)).MicroAccuracy);
        Assert.Equal(new ImageInput(1, 12, 12), model.Package.Manifest.Image);
        Assert.Contains("grey 0-255, 12x12", model.Package.Manifest.ToMetadata(model.Graph)["mlnetdl.image"], StringComparison.Ordinal);
    }

    [Fact]
    public void Data_beyond_the_memory_budget_is_streamed_and_learnt_as_well()
    {
        var events = new List<string>();
        ml.Log += (_, e) => events.Add(e.Message);
        var (data, streaming) = TrainerContractTests.Case(
            ml,
            PredictionTask.Multiclass,
            o => o.Training = o.Training with
            {
                MemoryBudgetMB = 0,
                ShuffleBuffer = 50,
                ValidationFraction = 0.2,
            });
        var model = streaming.Fit(data);
        Assert.Contains(events, e => e.Contains(" examples streamed, ", StringComparison.Ordinal));
        Assert.InRange(ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy, 0.95, 1);
        Assert.All(model.TrainingReport!.Epochs, e => Assert.NotEmpty(e.Validation));
    }

    [Fact]
    public void A_bad_learning_rate_says_what_to_do()
    {
        var (data, trainer) = TrainerContractTests.Case(
            ml,
            PredictionTask.Regression,
            o => o.Training = o.Training with { Optimizer = new Sgd { LearningRate = 1e9 } });
        Assert.Contains(
            "Lower the learning rate",
            Assert.Throws<TrainingDivergedException>(() => trainer.Fit(data)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Cancellation_ends_training_at_once()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var (data, trainer) = TrainerContractTests.Case(ml, PredictionTask.Regression, o => o.Stop = stop.Token);
        Assert.ThrowsAny<OperationCanceledException>(() => trainer.Fit(data));
    }

    private static MLImage HalfBright(int i)
    {
        int width = i % 3 == 0 ? 24 : 16, height = i % 3 == 0 ? 20 : 16;
        var pixels = new byte[width * height * 4];
        for (int p = 0; p < width * height; p++)
        {
            bool bright = p % width < width / 2 == (i % 2 == 0);
            pixels.AsSpan(p * 4, 3).Fill((byte)(bright ? 200 + (i % 5) : 20));
            pixels[(p * 4) + 3] = 255;
        }

        return MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, pixels);
    }

    private sealed class Named
    {
        public string Name { get; set; } = "";
    }

    private sealed class Value
    {
        public float Score { get; set; }
    }

    private sealed class Sentence
    {
        public string Text { get; set; } = "";

        public bool Label { get; set; }
    }

    private sealed class House
    {
        public string City { get; set; } = "";

        public float Rooms { get; set; }

        public float Label { get; set; }
    }

    private sealed class Multi
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        [VectorType(2)]
        public float[] Label { get; set; } = [];
    }

    private sealed class Picture
    {
        [ImageType(1, 1)]
        public MLImage Image { get; set; } = null!;

        public string Label { get; set; } = "";
    }
}
