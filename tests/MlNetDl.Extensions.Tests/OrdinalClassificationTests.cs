using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Experiments;
using MlNetDl.Extensions.Tests.Parts;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Training;

namespace MlNetDl.Extensions.Tests;

public sealed class OrdinalClassificationTests : IDisposable
{
    private static readonly OrdinalClassification Task = new() { Levels = ["low", "medium", "high"] };
    private readonly TemporaryFolder folder = new();

    // The progression of diabetes in thirds.
    public OrdinalClassificationTests() => File.WriteAllLines(
        folder["levels.csv"],
        File.ReadLines(TestData.File("diabetes")).Select((line, i) =>
        {
            var (rest, last) = (line[..line.LastIndexOf(',')], line[(line.LastIndexOf(',') + 1)..]);
            return i == 0 ? $"{rest},level" : $"{rest},{Level(float.Parse(last, CultureInfo.InvariantCulture))}";
        }));

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_pipeline_reads_levels_as_text_and_predicts_them_as_text()
    {
        var ml = new MLContext(1);
        var data = Load(ml);
        var options = new NeuralNetworkOptions
        {
            Network = new Mlp { Hidden = [16] },
            LabelColumnName = "level",
            Training = TestData.Training(30) with { ValidationFraction = 0.2, ClassWeights = ClassWeights.Balanced },
        };
        var model = ml.NeuralNetwork(Task, options).Fit(data);
        ml.Model.SaveAtomically(model, data.Schema, folder["model.zip"]);
        var scored = ml.Model.Load(folder["model.zip"], out _).Transform(data);
        var (truth, predicted) = (scored.GetColumn<string>("level").ToArray(), scored.GetColumn<string>("PredictedLabel").ToArray());
        Assert.InRange(truth.Zip(predicted).Average(p => p.First == p.Second ? 1.0 : 0), 0.5, 1);
        Assert.Equal(model.Transform(data).GetColumn<float[]>("Score").ToArray(), scored.GetColumn<float[]>("Score").ToArray());
    }

    [Fact]
    public void Yaml_runs_it_and_the_evaluator_gives_the_runs_figure_again()
    {
        File.WriteAllText(folder["o.yaml"], $$"""
            name: levels
            task: { type: ordinalClassification, levels: [low, medium, high] }
            data: { csv: '{{folder["levels.csv"]}}', testCsv: '{{folder["levels.csv"]}}', label: level }
            network: { type: mlp, hidden: [8] }
            training: { epochs: 10, batchSize: 32, threads: 1, optimizer: { type: adam, learningRate: 0.01 }, monitor: levelError, validationFraction: 0.2 }
            """);
        var result = new ExperimentRunner(folder["run"]).Run(Experiment.Load(folder["o.yaml"]));
        Assert.InRange(result.Metrics.Test["levelError"], 0, 0.7);
        var evaluation = Evaluator.Evaluate(folder["run/model.zip"], folder["levels.csv"]);
        Assert.Equal(result.Metrics.Test["levelError"], evaluation.Metrics["levelError"], 12);
        using var predictor = Predictor.Load(folder["run/model.zip"]);
        Assert.Contains(predictor.Predict(folder["levels.csv"])[0].Predicted, Task.Levels);
    }

    [Fact]
    public void A_row_with_a_level_that_is_none_is_an_error_that_names_it()
    {
        var ml = new MLContext(1);
        var trainer = ml.NeuralNetwork(
            Task with { Levels = ["low", "medium"] },
            new()
            {
                Network = new Mlp(),
                LabelColumnName = "level",
                Training = TestData.Training(1),
            });
        var e = Assert.Throws<InvalidOperationException>(() => trainer.Fit(Load(ml)));
        Assert.Contains("'high'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_of_another_type_is_refused_in_the_forms_words()
    {
        var ml = new MLContext(1);
        var trainer = ml.NeuralNetwork(Task, new()
        {
            Network = new Mlp(),
            LabelColumnName = "progression",
            Training = TestData.Training(1),
        });
        var e = Assert.Throws<ArgumentException>(() => trainer.Fit(TestData.Diabetes(ml)));
        Assert.Contains("expected text, one of [low, medium, high]", e.Message, StringComparison.Ordinal);
    }

    private IDataView Load(MLContext ml) => ml.Data.LoadFromTextFile(folder["levels.csv"],
        [new("Features", DataKind.Single, 0, 9), new("level", DataKind.String, 10)], separatorChar: ',', hasHeader: true);

    private static string Level(float progression) => progression < 100 ? "low" : progression < 180 ? "medium" : "high";
}
