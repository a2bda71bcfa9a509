using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Data;
using MlNetDl.Decomposition;
using MlNetDl.Generative;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Onnx;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using static MlNetDl.Tests.Generative.StrangeDigits;

namespace MlNetDl.Tests.Generative;

/// <summary>Autoencoders that tell strange digits: all but 8 are normal.</summary>
[Collection("torch")]
public sealed class AnomalyTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Few_normal_rows_lie_above_the_threshold_and_strange_ones_score_higher()
    {
        var result = Run(Variational, Options with { Epochs = 15 }, falseAlarms: 0.05, out var messages);
        var report = AnomalyReport.Of(result.Package)!;
        Assert.True(report.AreHeldOut);
        Assert.Null(report.ErrorVariance);
        Assert.InRange(report.Rows, Normal.Count / 6, Normal.Count / 4);
        Assert.InRange(report.Alarms, (int)(0.05 * report.Rows) - 1, (int)(0.05 * report.Rows));
        Assert.Contains(messages, m => m.Contains($"{report.Alarms:N0} of the {report.Rows:N0} held-out rows", StringComparison.Ordinal));
        Assert.DoesNotContain(messages, m => m.StartsWith("warning", StringComparison.Ordinal));

        var (excess, scores) = Scores(result.Package, Values(Test));
        Assert.All(scores.Zip(excess), p => Assert.Equal(p.First - (float)report.Threshold, p.Second, 1e-3));
        var classes = (long[])Test.Targets!;
        double[] normal = [.. scores.Where((_, i) => classes[i] != Strange).Select(s => (double)s)];
        double[] strange = [.. scores.Where((_, i) => classes[i] == Strange).Select(s => (double)s)];
        Assert.InRange(normal.Count(s => s > report.Threshold) / (double)normal.Length, 0.02, 0.12);
        double auc = strange.Average(s => normal.Average(n => n < s ? 1 : n == s ? 0.5 : 0));
        Assert.True(auc > 0.75, $"{auc}");
        Assert.Contains("negativeElbo", result.Reports.Single().Epochs[0].Validation.Keys);
    }

    [Fact]
    public void In_a_pipeline_it_scores_evaluates_and_is_loaded_without_change()
    {
        var ml = new MLContext(1);
        var train = ml.Data.LoadFromEnumerable(Rows(Normal, null));
        using var fitted = ml.AnomalyDetection.Trainers.NeuralNetwork(Plain, featureColumnName: "Features", falseAlarms: 0.05, epochs: 10).Fit(train);
        var test = ml.Data.LoadFromEnumerable(Rows(Test, Strange));
        var scored = fitted.Transform(test);
        var figures = ml.AnomalyDetection.Evaluate(scored, "IsStrange", "Score", "PredictedLabel", falsePositiveCount: 20);
        Assert.InRange(figures.AreaUnderRocCurve, 0.6, 1);

        double threshold = AnomalyReport.Of(fitted.Package)!.Threshold;
        var (scores, strange) = (scored.GetColumn<float>("Score").ToArray(), scored.GetColumn<bool>("PredictedLabel").ToArray());
        Assert.Contains(true, strange);
        Assert.Equal(scores.Select(s => s > (float)threshold), strange);

        ml.Model.SaveAtomically(fitted, train.Schema, folder["model.zip"]);
        using var loaded = NeuralNetworkTransformer.Load(new MLContext(), folder["model.zip"]);
        Assert.Equal(scores, loaded.Transform(test).GetColumn<float>("Score"));
        Assert.Equal(64, loaded.Reconstruction().Transform(test).GetColumn<float[]>("Generated").First().Length);
        fitted.ExportOnnx(folder["model.onnx"]);
        using var onnx = new OnnxModel(File.ReadAllBytes(folder["model.onnx"]));
        var made = onnx.Run(new Dictionary<string, OnnxTensor> { [Network.DefaultInput] = new([Test.Count, 64], Values(Test)) });
        Assert.Equal(scores, made["score"].Floats, (a, b) => Math.Abs(a - b) < 1e-3);
        Assert.Equal(strange, made[Network.DefaultOutput].Floats.Select(v => v > 0));

        using var engine = ml.Model.CreatePredictionEngine<Row, Answer>(fitted);
        var answer = engine.Predict(new() { Features = Values(Test)[..64] });
        Assert.Equal((scores[0], strange[0]), (answer.Score, answer.PredictedLabel));
    }

    [Fact]
    public void A_label_in_the_data_changes_nothing()
    {
        var ml = new MLContext(1);
        byte[] Bytes(IDataView rows)
        {
            using var fitted = ml.AnomalyDetection.Trainers
                .NeuralNetwork(new NeuralNetworkOptions { Network = Plain, Training = Options with { Epochs = 1 } }).Fit(rows);
            return fitted.Package.ToBytes();
        }

        var with = ml.Data.LoadFromEnumerable(Rows(All.Take(300), Strange));
        var named = ml.Transforms.CopyColumns("Label", "IsStrange").Fit(with).Transform(with);
        Assert.Equal(Bytes(ml.Data.LoadFromEnumerable(Rows(All.Take(300), null))), Bytes(named));
        // Examples have class indices, which are no yes or no.
        Assert.Equal(
            Run(Plain, Options with { Epochs = 1 }, All.Take(300) with { Targets = null, ClassNames = [] }).Package.ToBytes(),
            Run(Plain, Options with { Epochs = 1 }, All.Take(300)).Package.ToBytes());
    }

    [Fact]
    public void A_training_that_was_cancelled_goes_on_to_the_same_model()
    {
        var whole = Run(Variational, Options with { Epochs = 3 }, Normal).Package.ToBytes();
        using var stop = new CancellationTokenSource();
        var recipe = Recipe(Variational, Options with { Epochs = 3 }) with { CheckpointPath = folder["checkpoint"] };
        Assert.ThrowsAny<OperationCanceledException>(() => (recipe with { Stop = stop.Token, Callbacks = [new StopAfterEpoch(stop)] }).Run(Normal));
        Assert.Equal(whole, recipe.Run(Normal).Package.ToBytes());
    }

    [Fact]
    public void A_detector_is_trained_on_and_pruned_with_a_threshold_of_its_own()
    {
        var first = Run(Plain, Options with { Epochs = 1 }).Package;
        var recipe = new Recipe
        {
            Task = new AnomalyDetection(),
            ContinueFrom = first,
            Training = Options with { Epochs = 3, Stages = [new Fit(), new MagnitudePruning { Amount = 0.3 }, new HalfPrecision()] },
        };
        var package = recipe.Run(Normal.Take(1000)).Package;
        var (before, after) = (AnomalyReport.Of(first)!, AnomalyReport.Of(package)!);
        Assert.True(after.Threshold < before.Threshold);
        Assert.Equal((200, 2), (after.Rows, after.Alarms));
        var (excess, scores) = Scores(package, Values(Test));
        Assert.All(scores.Zip(excess), p => Assert.Equal(p.First - (float)after.Threshold, p.Second, 0.05));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void A_share_of_false_alarms_lies_between_0_and_1(double share)
    {
        var e = Assert.Throws<ArgumentException>(() => new MLContext().AnomalyDetection.Trainers.NeuralNetwork(Plain, falseAlarms: share));
        Assert.Contains("falseAlarms", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_that_need_labels_are_refused()
    {
        var trainers = new MLContext().AnomalyDetection.Trainers;
        Assert.Contains(
            "Mlp is trained with them",
            Assert.Throws<ArgumentException>(() => trainers.NeuralNetwork(new NeuralNetworkOptions { Network = new Mlp() })).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "no model is named",
            Assert.Throws<ArgumentException>(() => trainers.NeuralNetwork(new NeuralNetworkOptions())).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "told the class",
            Assert.Throws<ArgumentException>(() => trainers.NeuralNetwork(Variational with { Condition = new() })).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Recipe { Task = new AnomalyDetection(), Model = new Mlp() }.Run(Normal));
        Assert.Contains(
            "needs a model that scores rows",
            Assert.Throws<ArgumentException>(() => new Recipe { Task = new AnomalyDetection(), Model = new Pca() }.Run(Normal)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_rows_and_rows_that_were_trained_on_are_told()
    {
        var result = Run(Plain, Options with { Epochs = 1 }, falseAlarms: 0.01, out var messages, Normal.Take(50));
        var report = AnomalyReport.Of(result.Package)!;
        Assert.Equal((10, 0), (report.Rows, report.Alarms));
        Assert.Contains(messages, m => m.Contains("10 rows are too few to tell a share of 1%", StringComparison.Ordinal)
            && m.Contains("about 9.09% of fresh normal rows", StringComparison.Ordinal) && m.Contains("Hold 100 rows out", StringComparison.Ordinal));

        result = Run(Plain, Options with { Epochs = 1, ValidationFraction = 0 }, falseAlarms: 0.1, out messages, Normal.Take(50));
        report = AnomalyReport.Of(result.Package)!;
        Assert.Equal((50, 5, false), (report.Rows, report.Alarms, report.AreHeldOut));
        Assert.Contains(messages, m => m.StartsWith("warning: the threshold was chosen on rows that the training has seen", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_constant_rows_none_is_strange()
    {
        var rows = new Examples(Normal.Shape, Enumerable.Range(0, 100).SelectMany(_ => Values(Normal)[..64]).ToArray());
        foreach (LatentModel model in new LatentModel[] { Plain, Variational with { Likelihood = new Gaussian(), Peak = null } })
        {
            var result = Run(model, Options with { Epochs = 1 }, 0.1, out var messages, rows);
            Assert.Contains(messages, m => m.Contains("have the same score", StringComparison.Ordinal));
            Assert.Equal(0, AnomalyReport.Of(result.Package)!.Alarms);
        }
    }

    private static IEnumerable<Row> Rows(Examples examples, int? strange)
    {
        var values = Values(examples);
        return Enumerable.Range(0, examples.Count).Select(i => new Row
        {
            Features = values[(64 * i)..(64 * (i + 1))],
            IsStrange = strange is { } s && ((long[])examples.Targets!)[i] == s ? 1 : 0,
        });
    }

    private sealed class Row
    {
        [VectorType(64)]
        public float[] Features { get; set; } = [];

        public float IsStrange { get; set; }
    }

    private sealed class Answer
    {
        public float Score { get; set; }

        public bool PredictedLabel { get; set; }
    }

    private sealed class StopAfterEpoch(CancellationTokenSource stop) : Callback
    {
        public override void CheckpointWritten(int epochs) => stop.Cancel();
    }
}
