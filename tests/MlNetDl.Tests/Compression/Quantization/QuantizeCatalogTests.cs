using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Compression;
using MlNetDl.MlNet;
using MlNetDl.Networks;

namespace MlNetDl.Tests.Compression;

/// <summary>Rounding in ML.NET's terms.</summary>
[Collection("torch")]
public sealed class QuantizeCatalogTests
{
    private readonly MLContext ml = new(1);

    private IEstimator<ITransformer> Pipeline(NeuralNetworkTrainer trainer) =>
        ml.Transforms.Conversion.MapValueToKey("Label", "Kind")
            .Append(ml.Transforms.Concatenate("Features", "A", "B"))
            .Append(trainer)
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedKind", "PredictedLabel"));

    [Fact]
    public void A_trainer_a_fitted_chain_and_rows_without_labels_give_models_that_save_and_score()
    {
        using var folder = new TemporaryFolder();
        var (train, test) = (ComparedNumbers.Rows(ml, 400, 1), ComparedNumbers.Rows(ml, 200, 2));
        var trainer = ml.MulticlassClassification.Trainers.NeuralNetwork(new Mlp { Hidden = [32] }, epochs: 8);
        var model = Pipeline(trainer).Fit(train);
        var inOne = Pipeline(trainer.Quantized(new Int8 { Calibration = new MinMax(), Rows = 100 })).Fit(train);
        var afterwards = ml.Compression().Quantize(model, train, new Int8 { Calibration = new MinMax(), Rows = 100 });
        ml.Model.Save(afterwards, train.Schema, folder["model.zip"]);
        var loaded = ml.Model.Load(folder["model.zip"], out _);
        var ledger = ml.Compression().Compare([("whole", model), ("inOne", inOne), ("afterwards", afterwards), ("loaded", loaded)], test);
        Assert.All(ledger.Rows, row => Assert.InRange(row.Metrics["accuracy"], ledger.Rows[0].Metrics["accuracy"] - 0.02, 1));
        Assert.Equal(Scores(inOne, test), Scores(afterwards, test));
        Assert.Equal(Scores(loaded, test), Scores(afterwards, test));
    }

    [Fact]
    public void Rows_need_no_labels_to_measure_ranges()
    {
        var train = ComparedNumbers.Rows(ml, 400, 1);
        // The network alone: its input column, and no label.
        var prepared = ml.Transforms.Conversion.MapValueToKey("Label", "Kind").Append(ml.Transforms.Concatenate("Features", "A", "B"))
            .Fit(train).Transform(train);
        var network = ml.MulticlassClassification.Trainers.NeuralNetwork(new Mlp { Hidden = [32] }, epochs: 8).Fit(prepared);
        var bare = ml.Transforms.SelectColumns("Features").Fit(prepared).Transform(prepared);
        var rounded = (NeuralNetworkTransformer)ml.Compression().Quantize(network, bare);
        Assert.Equal(network.Package.Manifest.Trainings, rounded.Package.Manifest.Trainings);
        Assert.NotNull(rounded.Package.Manifest.Quantization);
        Assert.InRange(Scores(network, prepared).Zip(Scores(rounded, prepared)).Max(s => Math.Abs(s.First - s.Second)), 1e-6, 0.1);
        var unlabelled = Assert.Throws<ArgumentException>(() => ml.Compression().Quantize(network, bare, new() { MaxDrop = 0.1 }));
        Assert.Contains("need labels", unlabelled.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ml.Compression().Quantize(rounded, bare));
        var none = ml.Data.FilterByCustomPredicate<Sample>(bare, _ => true);
        Assert.Throws<InvalidOperationException>(() => ml.Compression().Quantize(network, none));
    }

    private static float[] Scores(ITransformer model, IDataView data) => [.. model.Transform(data).GetColumn<float[]>("Score").SelectMany(s => s)];

    private sealed class Sample
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }
}
