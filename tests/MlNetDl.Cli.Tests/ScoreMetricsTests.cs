using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Experiments;
using MlNetDl.Tasks;

namespace MlNetDl.Cli.Tests;

/// <summary>The tool's figures are ML.NET's.</summary>
public sealed class ScoreMetricsTests
{
    private readonly MLContext ml = new(seed: 1);

    [Fact]
    public void Binary_figures_equal_ml_nets()
    {
        var rows = Enumerable.Range(0, 200)
            .Select(i => new Random(i))
            .Select(
                r => new BinaryRow { Label = r.Next(3) == 0, Score = (float)Math.Round((r.NextSingle() * 4) - 2, 1) })
            .ToList();
        rows.ForEach(r => r.Probability = (float)(1 / (1 + Math.Exp(-r.Score))));
        rows.ForEach(r => r.PredictedLabel = r.Score > 0);
        var expected = ml.BinaryClassification.Evaluate(ml.Data.LoadFromEnumerable(rows));
        var real = ScoreMetrics.Of(
            new BinaryClassification(),
            rows.Select(r => r.Score).ToArray(),
            rows.Select(r => r.Label ? 1f : 0).ToArray(),
            1);
        Assert.Equal(expected.Accuracy, real["accuracy"], 9);
        Assert.Equal(expected.AreaUnderRocCurve, real["auc"], 6);
        Assert.Equal(expected.F1Score, real["f1"], 9);
        // ML.NET's logarithm is of base 2.
        Assert.Equal(expected.LogLoss * Math.Log(2), real["logLoss"], 5);
    }

    [Fact]
    public void Regression_figures_equal_ml_nets()
    {
        var rows = Enumerable.Range(0, 100)
            .Select(i => new Random(i))
            .Select(r => new RegressionRow { Label = r.NextSingle() * 10, Score = r.NextSingle() * 10 }).ToList();
        var expected = ml.Regression.Evaluate(ml.Data.LoadFromEnumerable(rows));
        var real = ScoreMetrics.Of(new Regression(), rows.Select(r => r.Score).ToArray(), rows.Select(r => r.Label).ToArray(), 1);
        Assert.Equal(expected.RSquared, real["r2"], 5);
        Assert.Equal(expected.RootMeanSquaredError, real["rmse"], 5);
        Assert.Equal(expected.MeanAbsoluteError, real["mae"], 5);
    }

    [Fact]
    public void Multiclass_figures_have_closed_forms()
    {
        var real = ScoreMetrics.Of(new MulticlassClassification(), [0.7f, 0.2f, 0.1f, 0.5f, 0.4f, 0.1f, 0.1f, 0.1f, 0.8f], [0, 1, 2], 3);
        Assert.Equal(2.0 / 3, real["accuracy"], 12);
        Assert.Equal(2.0 / 3, real["macroAccuracy"], 12);
        Assert.Equal(-(Math.Log(0.7) + Math.Log(0.4) + Math.Log(0.8)) / 3, real["logLoss"], 6);
        Assert.Throws<InvalidOperationException>(() => ScoreMetrics.Of(new MulticlassClassification(), [], [], 3));
    }

    [Fact]
    public void A_class_that_the_model_does_not_know_is_wrong_and_a_class_of_its_own()
    {
        var real = ScoreMetrics.Of(new MulticlassClassification(), [0.7f, 0.3f, 0.6f, 0.4f, 0.1f, 0.9f], [0, -1, 1], 2);
        Assert.Equal(2.0 / 3, real["accuracy"], 12);
        Assert.Equal(2.0 / 3, real["macroAccuracy"], 12);
        Assert.Equal(-(Math.Log(0.7) + Math.Log(1e-15) + Math.Log(0.9)) / 3, real["logLoss"], 6);
    }

    [Fact]
    public void A_score_that_is_no_number_is_never_right()
    {
        var real = ScoreMetrics.Of(new MulticlassClassification(), [float.NaN, float.NaN, 0.1f, 0.9f], [0, 1], 2);
        Assert.Equal(0.5, real["accuracy"], 12);
        Assert.Equal(double.NaN, real["logLoss"]);
    }

    [Fact]
    public void The_share_of_explained_variance_keeps_its_digits_far_from_zero()
    {
        float[] targets = [1_000_000, 1_000_001, 1_000_002, 1_000_003];
        Assert.Equal(
            1 - (1 / 5.0),
            ScoreMetrics.Of(
                new Regression(), [1_000_000.5f, 1_000_001.5f, 1_000_001.5f, 1_000_002.5f], targets, 1)["r2"],
            9);
    }

    private sealed class BinaryRow
    {
        public bool Label { get; set; }

        public float Score { get; set; }

        public float Probability { get; set; }

        public bool PredictedLabel { get; set; }
    }

    private sealed class RegressionRow
    {
        public float Label { get; set; }

        public float Score { get; set; }
    }
}
