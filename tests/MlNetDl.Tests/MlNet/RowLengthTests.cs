using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Onnx;

namespace MlNetDl.Tests.MlNet;

/// <summary>ML.NET hands on whatever array an object has, and reads data as often as it likes: rows must not get the
/// values of others.</summary>
[Collection("torch")]
public sealed class RowLengthTests
{
    private readonly MLContext ml = new(seed: 1);

    [Fact]
    public void A_row_with_another_number_of_features_is_an_error_and_not_the_row_before()
    {
        var (data, trainer) = TrainerContractTests.Case(ml, PredictionTask.Regression, o => o.Training = o.Training with { Epochs = 1 });
        using var engine = ml.Model.CreatePredictionEngine<TrainerContractTests.Row, Answer>(trainer.Fit(data));
        float expected = engine.Predict(new() { Features = [1, 1, 1] }).Score;
        foreach (var wrong in new float[]?[] { [], null, [1, 1], [1, 1, 1, 1] })
        {
            var message = Assert.ThrowsAny<Exception>(() => engine.Predict(new() { Features = wrong! })).ToString();
            Assert.Contains(
                $"'Features' holds a vector of {wrong?.Length ?? 0} values in this row, but its type says 3",
                message,
                StringComparison.Ordinal);
        }

        Assert.Equal(expected, engine.Predict(new() { Features = [1, 1, 1] }).Score);
    }

    [Fact]
    public void Training_rows_are_of_one_length()
    {
        var rows = TrainerContractTests.Rows().ToList();
        rows[5].Features = [1, 2];
        var error = Assert.ThrowsAny<Exception>(() =>
            ml.Regression.Trainers.NeuralNetwork(new Mlp(), "Value", epochs: 1).Fit(ml.Data.LoadFromEnumerable(rows)));
        Assert.Contains("a vector of 2 values in this row", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Data_that_can_be_read_once_only_is_an_error()
    {
        var (data, trainer) = TrainerContractTests.Case(ml, PredictionTask.Regression, o =>
        {
            o.Training = o.Training with { Epochs = 1 };
            o.Scoring = new() { BatchSize = 2 };
        });
        var queue = new Queue<TrainerContractTests.Row>(TrainerContractTests.Rows(8));
        var scored = trainer.Fit(data).Transform(ml.Data.LoadFromEnumerable(Drain()));
        Assert.Contains(
            "when it was read a second time at once",
            Assert.ThrowsAny<Exception>(
                () => scored.GetColumn<float>("Score").Zip(scored.GetColumn<float>("Value")).Count()
                    + ml.Data.CreateEnumerable<Both>(scored, reuseRowObject: false).Count()).ToString(),
            StringComparison.Ordinal);

        IEnumerable<TrainerContractTests.Row> Drain()
        {
            while (queue.TryDequeue(out var row))
            {
                yield return row;
            }
        }
    }

    [Fact]
    public void A_loaded_chain_can_be_told_how_to_score()
    {
        using var folder = new TemporaryFolder();
        var (data, trainer) = TrainerContractTests.Case(ml, PredictionTask.Multiclass, o => o.Training = o.Training with { Epochs = 1 });
        var model = trainer.Append(ml.Transforms.Conversion.MapKeyToValue("Name", "PredictedLabel")).Fit(data);
        ml.Model.SaveAtomically(model, data.Schema, folder["m.zip"]);
        var loaded = ml.Model.Load(folder["m.zip"], out _);
        var changed = loaded.WithScoring(new() { BatchSize = 7, Threads = 1 });
        Assert.Equal(7, ((IEnumerable<ITransformer>)changed).OfType<NeuralNetworkTransformer>().Single().Options.BatchSize);
        Assert.Equal(loaded.Transform(data).GetColumn<string>("Name"), changed.Transform(data).GetColumn<string>("Name"));
        Assert.Contains(
            "no neural network",
            Assert.Throws<ArgumentException>(
                () => ml.Transforms.CopyColumns("A", "Text").Fit(data).WithScoring(new ScoringOptions())).Message,
            StringComparison.Ordinal);
    }

    private sealed class Answer
    {
        public float Score { get; set; }
    }

    private sealed class Both
    {
        public float Value { get; set; }

        public float Score { get; set; }
    }
}
