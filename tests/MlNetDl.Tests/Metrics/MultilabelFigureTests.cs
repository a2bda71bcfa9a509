using MlNetDl.Metrics;

namespace MlNetDl.Tests.Metrics;

/// <summary>Figures of rows with several labels: published values, and what they are made of.</summary>
public sealed class MultilabelFigureTests
{
    private const float Yes = 2, No = -2;

    [Fact]
    public void Figures_are_those_of_the_examples_in_scikit_learns_documentation()
    {
        // f1_score(y_true, y_pred, average=None) is [2/3, 1, 2/3].
        var rows = new MetricRows(ScoreForm.Logits, 3, [No, No, No, Yes, Yes, Yes, Yes, Yes, No], [0, 0, 0, 1, 1, 1, 0, 1, 1]);
        Assert.Equal(7 / 9.0, new F1Score().Of(rows.Rows), 1e-12);
        Assert.Equal(0.8, new F1Score { Averaging = Averaging.Micro }.Of(rows.Rows), 1e-12);
        // Weights 1, 2 and 2 of the labels.
        Assert.Equal(((2 / 3.0) + 2 + (4 / 3.0)) / 5, new F1Score { Averaging = Averaging.Weighted }.Of(rows.Rows), 1e-12);
        // hamming_loss([[0, 1], [1, 1]], zeros) is 0.75, accuracy_score([[0, 1], [1, 1]], ones) 0.5.
        Assert.Equal(0.75, new HammingLoss().Of(new MetricRows(ScoreForm.Logits, 2, [No, No, No, No], [0, 1, 1, 1]).Rows));
        Assert.Equal(0.5, new Accuracy().Of(new MetricRows(ScoreForm.Logits, 2, [Yes, Yes, Yes, Yes], [0, 1, 1, 1]).Rows));
    }

    [Theory]
    [InlineData("averagePrecision")]
    [InlineData("auc")]
    [InlineData("precision")]
    [InlineData("recall")]
    [InlineData("macroF1")]
    [InlineData("logLoss")]
    [InlineData("brierScore")]
    public void A_figure_is_the_mean_of_those_of_the_labels(string name)
    {
        var rows = MetricRows.Random(ScoreForm.Logits, 40, seed: 4);
        var metric = MetricContractTests.Named(name);
        var alone = metric is AveragedMetric averaged ? averaged with { Averaging = Averaging.Binary } : metric;
        double[] labels = [.. Enumerable.Range(0, rows.Width).Select(k => alone.Of(Label(rows, k).Rows))];
        Assert.Equal(labels.Average(), metric.Of(rows.Rows), 1e-12);
        Assert.NotEqual(labels[0], labels[1]);
    }

    [Fact]
    public void A_label_that_no_row_has_is_left_out_of_curves_and_counts_as_0_in_F1()
    {
        var rows = new MetricRows(ScoreForm.Logits, 2, [Yes, No, No, No, Yes, No], [1, 0, 0, 0, 1, 0]);
        Assert.Equal(1, new AveragePrecision().Of(rows.Rows));
        Assert.Equal(1, new RocAuc().Of(rows.Rows));
        Assert.Equal(0.5, new F1Score().Of(rows.Rows));
        Assert.True(double.IsNaN(new AveragePrecision().Of((rows with { Targets = new float[6] }).Rows)));
    }

    [Fact]
    public void A_report_has_the_labels_and_no_confusions()
    {
        var rows = new MetricRows(ScoreForm.Logits, 2, [Yes, No, Yes, Yes, No, float.NaN], [1, 1, 0, 1, 0, 0]);
        var report = ScoreReport.Of(rows.Rows, ["red", "round"]);
        Assert.Equal((3, 1, null), (report.Rows, report.WithoutPrediction, report.Confusion));
        Assert.Equal([new("red", 1, 2, 0.5, 1, 2 / 3.0), new("round", 2, 1, 1, 0.5, 2 / 3.0)], report.Classes);
        Assert.Empty(report.Confused);
    }

    [Fact]
    public void Targets_other_than_0_and_1_are_refused() => Assert.Equal(
        "Row 1, label 0: expected 0 or 1 but the target is 2. (Parameter 'targets')",
        Assert.Throws<ArgumentException>(() => new MetricRows(ScoreForm.Logits, 2, [Yes, No, Yes, Yes], [1, 1, 2, 1]).Rows.Count).Message);

    private static MetricRows Label(MetricRows rows, int label) => new(
        ScoreForm.Logit,
        1,
        [.. rows.Scores.Where((_, i) => i % rows.Width == label)],
        [.. rows.Targets.Where((_, i) => i % rows.Width == label)]);
}
