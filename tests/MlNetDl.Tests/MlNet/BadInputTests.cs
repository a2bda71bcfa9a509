using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Files;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Onnx;

namespace MlNetDl.Tests.MlNet;

/// <summary>Each bad input gives one clear error.</summary>
[Collection("torch")]
public sealed class BadInputTests
{
    private readonly MLContext ml = new(seed: 1);

    [Fact]
    public void Absent_columns_are_named_with_those_that_are_there()
    {
        Assert.Contains(
            "'Labels' is not in the data; there are: ",
            Problem<ArgumentOutOfRangeException>(PredictionTask.Multiclass, o => o.LabelColumnName = "Labels"),
            StringComparison.Ordinal);
        Assert.Contains(
            "'Pixels' is not in the data; there are: ",
            Problem<ArgumentOutOfRangeException>(PredictionTask.Multiclass, o => o.FeatureColumnName = "Pixels"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_of_the_wrong_type_are_told_what_is_expected()
    {
        Assert.Contains(
            "append Conversion.MapValueToKey",
            Problem<ArgumentException>(PredictionTask.Multiclass, o => o.LabelColumnName = "Text"),
            StringComparison.Ordinal);
        Assert.Contains(
            "expected a Boolean",
            Problem<ArgumentException>(PredictionTask.Binary, o => o.LabelColumnName = "Text"),
            StringComparison.Ordinal);
        Assert.Contains(
            "expected a Single",
            Problem<ArgumentException>(PredictionTask.Regression, o => o.LabelColumnName = "Text"),
            StringComparison.Ordinal);
        Assert.Contains(
            "expected a vector of Single",
            Problem<ArgumentException>(PredictionTask.Regression, o => o.FeatureColumnName = "Text"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_beyond_its_range_is_a_missing_label()
    {
        // ML.NET itself turns such values into the missing key.
        var messages = new List<string>();
        ml.Log += (_, e) => messages.Add(e.Message);
        var definition = SchemaDefinition.Create(typeof(Keyed));
        definition["Label"].ColumnType = new KeyDataViewType(typeof(uint), 2);
        var data = ml.Data.LoadFromEnumerable(new Keyed[] { new() { Label = 0 }, new() { Label = 1 }, new() { Label = 7 } }, definition);
        ml.MulticlassClassification.Trainers.NeuralNetwork(new Mlp(), epochs: 1).Fit(data);
        Assert.Contains(messages, m => m.Contains("1 row was left out", StringComparison.Ordinal));
    }

    [Fact]
    public void Missing_features_are_left_out_and_counted_but_infinite_ones_are_an_error()
    {
        var messages = new List<string>();
        ml.Log += (_, e) => messages.Add(e.Message);
        var rows = TrainerContractTests.Rows().ToList();
        rows[3].Features[1] = float.NaN;
        rows[5].Value = float.NaN;
        Fit(rows);
        Assert.Contains(messages, m => m.Contains("2 rows were left out", StringComparison.Ordinal));
        rows[7].Features[0] = float.PositiveInfinity;
        Assert.Contains(
            "'Features' holds an infinite value in row 8",
            Assert.Throws<InvalidOperationException>(() => Fit(rows)).Message,
            StringComparison.Ordinal);

        void Fit(List<TrainerContractTests.Row> r) =>
            ml.Regression.Trainers.NeuralNetwork(new Mlp(), "Value", epochs: 1).Fit(ml.Data.LoadFromEnumerable(r));
    }

    [Theory]
    [InlineData(true, false, 0, "training.earlyStopping does nothing")]
    [InlineData(false, true, 0, "training.restoreBestWeights does nothing")]
    [InlineData(true, true, 0, "neither training.earlyStopping nor training.restoreBestWeights does anything")]
    [InlineData(true, true, 0.2, null)]
    [InlineData(false, false, 0, null)]
    public void What_needs_validation_data_warns_without_it(bool stops, bool restores, double fraction, string? warning)
    {
        var messages = new List<string>();
        var told = new Told();
        ml.Log += (_, e) => messages.Add(e.Message);
        var (data, trainer) = TrainerContractTests.Case(ml, PredictionTask.Regression, o => (o.Callbacks, o.Training) = ([told], new()
        {
            Epochs = 1,
            EarlyStopping = stops ? new() : null,
            RestoreBestWeights = restores,
            ValidationFraction = fraction,
        }));
        trainer.Fit(data);
        // Callbacks are told too: a host that shows progress need not read ML.NET's log.
        Assert.Equal(
            warning is null
                ? []
                : [$"warning: There is no validation data, without which {warning}; set training.validationFraction, "
                    + "or give Fit a validation set."],
            told.Messages.Where(m => m.StartsWith("warning: ", StringComparison.Ordinal)));
        Assert.Equal(warning is not null, messages.Any(m => m.Contains("There is no validation data", StringComparison.Ordinal)));
        Assert.True(
            warning is null
                || messages.Any(m => m.Contains(
                    $"without which {warning}; set training.validationFraction", StringComparison.Ordinal)));
    }

    [Fact]
    public void Validation_data_and_models_to_continue_from_must_have_the_same_classes_in_the_same_order()
    {
        var (data, trainer) = TrainerContractTests.Case(ml, PredictionTask.Multiclass, o => o.Training = o.Training with { Epochs = 1 });
        var reversed = ml.Data.LoadFromEnumerable(TrainerContractTests.Rows().Reverse());
        var other = ml.Transforms.Conversion.MapValueToKey("Label", "Text").Fit(reversed).Transform(reversed);
        Assert.Contains(
            "does not suit the training data",
            Assert.Throws<ArgumentException>(() => trainer.Fit(data, other)).Message,
            StringComparison.Ordinal);
        var model = trainer.Fit(data, data);
        Assert.NotEmpty(model.TrainingReport!.Epochs[0].Validation);
        var (_, again) = TrainerContractTests.Case(ml, PredictionTask.Multiclass, o => o.ContinueFrom = model);
        Assert.Contains(
            "same keys in the same order",
            Assert.Throws<ArgumentException>(() => again.Fit(other)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Features_and_targets_of_any_unit_are_standardised()
    {
        var rows = TrainerContractTests.Rows().ToList();
        rows.ForEach(r => r.Features = [.. r.Features.Select(x => x * 1e-8f)]);
        rows.ForEach(r => r.Value *= 1e-9f);
        var data = ml.Data.LoadFromEnumerable(rows);
        var options = new NeuralNetworkOptions
        {
            Network = new Mlp { Hidden = [16] },
            LabelColumnName = "Value",
            Training = new()
            {
                Epochs = 40,
                BatchSize = 16,
                Optimizer = new MlNetDl.Training.Optimizers.Adam { LearningRate = 0.02 },
            },
        };
        Assert.InRange(
            ml.Regression.Evaluate(
                ml.Regression.Trainers.NeuralNetwork(options).Fit(data).Transform(data), "Value").RSquared,
            0.9,
            1);
    }

    [Fact]
    public void Empty_sets_and_sets_of_one_class_are_refused()
    {
        var empty = ml.Data.LoadFromEnumerable(Array.Empty<TrainerContractTests.Row>());
        Assert.Contains(
            "empty",
            Assert.Throws<InvalidOperationException>(
                () => ml.Regression.Trainers.NeuralNetwork(new Mlp(), "Value").Fit(empty)).Message,
            StringComparison.Ordinal);
        var one = ml.Data.LoadFromEnumerable(TrainerContractTests.Rows().Where(r => r.Yes));
        Assert.Contains(
            "at least two classes",
            Assert.Throws<InvalidOperationException>(
                () => ml.BinaryClassification.Trainers.NeuralNetwork(new Mlp(), "Yes").Fit(one)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_does_not_take_the_input_says_where()
    {
        Assert.Contains(
            "c1: Conv2d expects float32 images [N, C, H, W] of known size but got [N, 3]",
            Problem<ShapeException>(PredictionTask.Multiclass, o => o.Network = new LeNet5()),
            StringComparison.Ordinal);
        Assert.Contains(
            "does not fill the InputShape [N, 1, 2, 2]",
            Problem<ArgumentException>(PredictionTask.Multiclass, o => o.InputShape = Shape.Image(1, 2, 2)),
            StringComparison.Ordinal);
        Assert.Contains(
            "the label needs [N, 3]",
            Problem<ShapeException>(
                PredictionTask.Multiclass,
                o => o.Network = new CustomNetwork { Layers = new MlNetDl.Layers.Linear(5) }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Truncated_foreign_and_tampered_models_are_refused()
    {
        using var folder = new TemporaryFolder();
        var (data, trainer) = TrainerContractTests.Case(ml, PredictionTask.Regression, o => o.Training = o.Training with { Epochs = 1 });
        ml.Model.Save(trainer.Fit(data), data.Schema, folder["model.zip"]);
        var whole = File.ReadAllBytes(folder["model.zip"]);
        File.WriteAllBytes(folder["cut.zip"], whole[..(whole.Length / 2)]);
        File.WriteAllText(folder["foreign.zip"], "not a model");
        Assert.ThrowsAny<Exception>(() => ml.Model.Load(folder["cut.zip"], out _));
        Assert.Contains(
            "cut.zip' is not a model, or is damaged",
            Assert.Throws<ModelFormatException>(() => ModelFile.Read(folder["cut.zip"])).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "is not a model",
            Assert.Throws<ModelFormatException>(() => ModelFile.Read(folder["foreign.zip"])).Message,
            StringComparison.Ordinal);

        // One byte changed inside the network, the zip around it made anew.
        using (var zip = System.IO.Compression.ZipFile.Open(folder["model.zip"], System.IO.Compression.ZipArchiveMode.Update))
        {
            var entry = zip.Entries.Single(e => e.Name == "Model");
            long middle = entry.Length / 2;
            using var stream = entry.Open();
            stream.Position = middle;
            int old = stream.ReadByte();
            stream.Position--;
            stream.WriteByte((byte)(old ^ 1));
        }

        Assert.Contains(
            "damaged",
            Assert.Throws<ModelFormatException>(() => ModelFile.Read(folder["model.zip"])).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "damaged",
            Innermost(Assert.ThrowsAny<Exception>(() => ml.Model.Load(folder["model.zip"], out _))).Message,
            StringComparison.Ordinal);
    }

    private static Exception Innermost(Exception e)
    {
        while (e is not ModelFormatException && e.InnerException is { } inner)
        {
            e = inner;
        }

        return e;
    }

    private string Problem<T>(PredictionTask task, Action<NeuralNetworkOptions> change)
        where T : Exception
    {
        var (data, trainer) = TrainerContractTests.Case(ml, task, change);
        return Assert.ThrowsAny<T>(() => trainer.Fit(data)).Message;
    }

    private sealed class Keyed
    {
        public uint Label { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [1, 2];
    }

    private sealed class Told : MlNetDl.Training.Callback
    {
        public List<string> Messages { get; } = [];

        public override void Message(string text) => Messages.Add(text);
    }
}
