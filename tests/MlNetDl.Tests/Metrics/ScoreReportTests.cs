using MlNetDl.Metrics;

namespace MlNetDl.Tests.Metrics;

/// <summary>A report says where a model is right and wrong.</summary>
public sealed class ScoreReportTests
{
    [Fact]
    public void Classes_have_the_figures_of_their_confusion_matrix()
    {
        // Truth a a a b b c, predicted a a b b b a.
        var report = Of(3, [0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 1, 0], ["a", "b", "c"]);
        Assert.Equal([[2, 1, 0], [0, 2, 0], [1, 0, 0]], report.Confusion!.Select(r => r.ToArray()));
        Assert.Equal(new ClassReport("a", 3, 3, 2.0 / 3, 2.0 / 3, 2.0 / 3), report.Classes[0]);
        Assert.Equal(new ClassReport("b", 2, 3, 2.0 / 3, 1, 0.8), report.Classes[1]);
        Assert.Equal(new ClassReport("c", 1, 0, null, 0, 0), report.Classes[2]);
        Assert.Equal([new("a", "b", 1), new("c", "a", 1)], report.Confused);
    }

    [Fact]
    public void A_figure_that_is_not_defined_is_null_and_no_number()
    {
        var report = Of(3, [0, 0], [0, 0]);
        Assert.Equal(new ClassReport("1", 0, 0, null, null, null), report.Classes[1]);
        Assert.Empty(report.Confused);
        var empty = ScoreReport.Of(new(ScoreForm.Values, 1, [float.NaN], [1])).Residuals[0];
        Assert.Equal((0, null, null), (empty.Rows, empty.Minimum, empty.Median));
        Assert.Empty(empty.Worst);
    }

    [Fact]
    public void A_class_that_the_model_does_not_know_and_scores_that_are_no_numbers_are_counted()
    {
        var report = ScoreReport.Of(new(ScoreForm.Probabilities, 2, [1, 0, 1, 0, float.NaN, 0], [0, -1, 1]));
        Assert.Equal((3, 1, 1), (report.Rows, report.UnknownClass, report.WithoutPrediction));
        Assert.Equal(0.5, report.Classes[0].Precision);
        Assert.Equal(0, report.Classes[1].Recall);
    }

    [Fact]
    public void A_thousand_classes_have_no_matrix_but_their_worst_pairs()
    {
        int[] truth = [.. Enumerable.Range(0, 1000)];
        var report = Of(1000, truth, [.. truth.Select(t => t < 30 ? 999 : t)]);
        Assert.Null(report.Confusion);
        Assert.Equal(1000, report.Classes.Count);
        Assert.Equal(ScoreReport.MostConfused, report.Confused.Count);
        Assert.Equal(new("0", "999", 1), report.Confused[0]);
    }

    [Fact]
    public void A_logit_above_zero_is_the_second_class()
    {
        var report = ScoreReport.Of(new(ScoreForm.Logit, 1, [-1, 2, 3, 0], [0, 1, 0, 1]), ["no", "yes"]);
        Assert.Equal([[1, 1], [1, 1]], report.Confusion!.Select(r => r.ToArray()));
    }

    [Fact]
    public void Residuals_have_interpolated_quantiles_and_name_the_worst_rows()
    {
        float[] predicted = [1, 2, 3, 4, 105, float.NaN], truth = [0, 0, 0, 0, 0, 0];
        var residuals = ScoreReport.Of(new(ScoreForm.Values, 1, predicted, truth)).Residuals[0];
        Assert.Equal((5, 1, 2, 3, 4, 105), (residuals.Rows, residuals.Minimum, residuals.Percent25, residuals.Median, residuals.Percent75, residuals.Maximum));
        Assert.Equal(1.2, residuals.Percent5!.Value, 12);
        Assert.Equal(new(5, 0, 105), residuals.Worst[0]);
        Assert.Equal(105, residuals.Worst[0].Residual);
    }

    [Fact]
    public void Each_output_of_a_row_has_residuals_of_its_own()
    {
        var residuals = ScoreReport.Of(new(ScoreForm.Values, 2, [1, 10, 2, 20], [0, 0, 0, 0])).Residuals;
        Assert.Equal([1.5, 15], residuals.Select(r => r.Median!.Value));
    }

    private static ScoreReport Of(int classes, int[] truth, int[] predicted, string[]? names = null)
    {
        var scores = new float[truth.Length * classes];
        foreach (var (row, k) in predicted.Index())
        {
            scores[(row * classes) + k] = 1;
        }

        return ScoreReport.Of(new(ScoreForm.Probabilities, classes, scores, [.. truth.Select(t => (float)t)]), names);
    }
}
