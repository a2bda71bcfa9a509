using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.MlNet;
using MlNetDl.Networks;

namespace MlNetDl.Tests.MlNet;

/// <summary>What an estimator refuses before it has seen a row: the same as with data, in the same words.</summary>
[Collection("torch")]
public sealed class ColumnShapesTests
{
    private readonly MLContext ml = new(seed: 1);

    [Theory]
    [InlineData(
        PredictionTask.Multiclass,
        "Label",
        "Text",
        "Label column 'Text' is String; expected a key (append Conversion.MapValueToKey")]
    [InlineData(PredictionTask.Multiclass, "Label", "Value", "Label column 'Value' is Single; expected a key")]
    [InlineData(PredictionTask.Multiclass, "Label", "Absent", "Label column 'Absent' is not in the data; there are: ")]
    [InlineData(PredictionTask.Binary, "Label", "Text", "Label column 'Text' is String; expected a Boolean")]
    [InlineData(PredictionTask.Binary, "Label", "Features", "Label column 'Features' is Vector<Single")]
    [InlineData(PredictionTask.Regression, "Label", "Number", "Label column 'Number' is Double; expected a Single")]
    [InlineData(PredictionTask.Regression, "Label", "Key", "Label column 'Key' is Key<")]
    [InlineData(PredictionTask.Regression, "Label", "Open", "Label column 'Open' is Vector<Single")]
    [InlineData(PredictionTask.Regression, "Feature", "Text", "Feature column 'Text' is String; expected a vector of Single")]
    [InlineData(PredictionTask.Regression, "Feature", "Open", "Feature column 'Open' is a vector of unknown size")]
    [InlineData(PredictionTask.Regression, "Feature", "Key", "Feature column 'Key' is Key<")]
    [InlineData(PredictionTask.Regression, "Feature", "Doubles", "Feature column 'Doubles' is Vector<Double")]
    [InlineData(PredictionTask.Regression, "Feature", "Absent", "Feature column 'Absent' is not in the data; there are: ")]
    [InlineData(PredictionTask.Regression, "Weight", "Number", "Weight column 'Number' is Double; expected Single")]
    [InlineData(PredictionTask.Regression, "Weight", "Features", "Weight column 'Features' is Vector<Single")]
    [InlineData(PredictionTask.Regression, "Weight", "Absent", "ExampleWeight column 'Absent' is not in the data; there are: ")]
    public void A_column_of_the_wrong_type_is_refused_by_its_shape_alone(PredictionTask task, string role, string column, string expected)
    {
        var (data, trainer) = Case(task, role, column);
        var foretold = Assert.ThrowsAny<ArgumentException>(() => trainer.GetOutputSchema(LabelTypesTests.ShapeOf(data.Schema)));
        Assert.StartsWith(expected, foretold.Message, StringComparison.Ordinal);
        var real = Assert.ThrowsAny<ArgumentException>(() => trainer.Fit(data));
        Assert.StartsWith(expected, real.Message, StringComparison.Ordinal);
        Assert.Equal(real.GetType(), foretold.GetType());
    }

    [Theory]
    [InlineData(PredictionTask.Multiclass, "Label", "Key")]
    [InlineData(PredictionTask.Binary, "Label", "Yes")]
    [InlineData(PredictionTask.Binary, "Label", "Value")]
    [InlineData(PredictionTask.Regression, "Label", "Value")]
    [InlineData(PredictionTask.Regression, "Label", "Features")]
    [InlineData(PredictionTask.Regression, "Feature", "Value")]
    [InlineData(PredictionTask.Regression, "Weight", "Value")]
    public void A_column_that_can_be_used_is_let_through_and_foretold_rightly(PredictionTask task, string role, string column)
    {
        var (data, trainer) = Case(task, role, column);
        LabelTypesTests.AssertForetold(trainer, data, trainer.Fit(data));
    }

    [Fact]
    public void A_pipeline_is_refused_before_its_first_estimator_is_fitted()
    {
        bool read = false;
        var data = ml.Data.LoadFromEnumerable(Rows().Select(r =>
        {
            read = true;
            return r;
        }));
        var pipeline = ml.Transforms.NormalizeMinMax("Features").Append(ml.Regression.Trainers.NeuralNetwork(new Mlp(), "Number"));
        Assert.Throws<ArgumentException>(() => pipeline.Fit(data));
        Assert.False(read);
    }

    [Fact]
    public void Absent_and_impossible_options_are_refused_before_data_is_read()
    {
        var trainers = ml.Regression.Trainers;
        Assert.Throws<ArgumentNullException>(() => trainers.NeuralNetwork((NeuralNetworkOptions)null!));
        Assert.Throws<ArgumentNullException>(() => trainers.NeuralNetwork((Action<NeuralNetworkOptions>)null!));
        Assert.Throws<ArgumentNullException>(() => trainers.NeuralNetwork(new NeuralNetworkOptions { Training = null! }));
        Assert.Throws<ArgumentNullException>(() => trainers.NeuralNetwork(new NeuralNetworkOptions { Callbacks = null! }));
        Assert.ThrowsAny<ArgumentException>(() => trainers.NeuralNetwork(new NeuralNetworkOptions { LabelColumnName = "" }));
        Assert.Throws<ArgumentException>(() => trainers.NeuralNetwork(new NeuralNetworkOptions { Scoring = new() { BatchSize = 0 } }));
        Assert.Throws<ArgumentException>(() => trainers.NeuralNetwork(new NeuralNetworkOptions { Scoring = new() { Threads = 0 } }));
        Assert.Contains(
            "2 channels",
            Assert.Throws<ArgumentException>(
                () => trainers.NeuralNetwork(new NeuralNetworkOptions { Image = new(2, 4, 4) })).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => trainers.NeuralNetwork(new Mlp()).Fit((IDataView)null!));
        Assert.Throws<ArgumentNullException>(() => trainers.NeuralNetwork(new Mlp()).Fit((MlNetDl.Data.Examples)null!));
    }

    private (IDataView Data, NeuralNetworkTrainer Trainer) Case(PredictionTask task, string role, string column)
    {
        var options = new NeuralNetworkOptions
        {
            Network = new Mlp { Hidden = [4] },
            LabelColumnName = task == PredictionTask.Multiclass ? "Key"
                : task == PredictionTask.Binary ? "Yes"
                : "Value",
            Training = new() { Epochs = 1 },
        };
        switch (role)
        {
            case "Label":
                options.LabelColumnName = column;
                break;
            case "Feature":
                options.FeatureColumnName = column;
                break;
            default:
                options.ExampleWeightColumnName = column;
                break;
        }

        var rows = ml.Data.LoadFromEnumerable(Rows());
        return (ml.Transforms.Conversion.MapValueToKey("Key", "Text").Fit(rows).Transform(rows), task switch
        {
            PredictionTask.Multiclass => ml.MulticlassClassification.Trainers.NeuralNetwork(options),
            PredictionTask.Binary => ml.BinaryClassification.Trainers.NeuralNetwork(options),
            _ => ml.Regression.Trainers.NeuralNetwork(options),
        });
    }

    private static IEnumerable<Row> Rows() => Enumerable.Range(0, 12)
        .Select(i => new Row
        {
            Text = i % 2 == 0 ? "a" : "b",
            Yes = i % 2 == 0,
            Value = i % 2,
            Number = i,
            Features = [i, -i],
            Doubles = [i, i],
            Open = [i],
        });

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public bool Yes { get; set; }

        public float Value { get; set; }

        public double Number { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [];

        [VectorType(2)]
        public double[] Doubles { get; set; } = [];

        public float[] Open { get; set; } = [];
    }
}
