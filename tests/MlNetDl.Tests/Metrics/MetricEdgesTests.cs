using MlNetDl.Configuration;
using MlNetDl.Metrics;

namespace MlNetDl.Tests.Metrics;

/// <summary>Closed forms where a definition has an edge.</summary>
public sealed class MetricEdgesTests
{
    [Fact]
    public void Of_equal_probabilities_the_first_class_is_predicted_and_ranked_first()
    {
        float[] even = [0.25f, 0.25f, 0.25f, 0.25f, 0.25f, 0.25f, 0.25f, 0.25f];
        Assert.Equal(0.5, new Accuracy().Of(new(ScoreForm.Probabilities, 4, even, [0, 3])));
        Assert.Equal(0.5, new TopKAccuracy { K = 1 }.Of(new(ScoreForm.Probabilities, 4, even, [0, 3])));
        Assert.Equal(0.5, new TopKAccuracy { K = 3 }.Of(new(ScoreForm.Probabilities, 4, even, [2, 3])));
        Assert.Equal(1, new TopKAccuracy { K = 4 }.Of(new(ScoreForm.Probabilities, 4, even, [0, 3])));
    }

    [Fact]
    public void A_figure_of_0_by_0_is_0()
    {
        // f1_score([0, 0], [0, 0]) and matthews_corrcoef([1, 1], [1, 1]) are 0 in scikit-learn too.
        Assert.Equal(0, new F1Score().Of(new(ScoreForm.Logit, 1, [-1, -2], [0, 0])));
        Assert.Equal(0, new PrecisionScore().Of(new(ScoreForm.Logit, 1, [-1, -2], [0, 1])));
        Assert.Equal(0, new RecallScore().Of(new(ScoreForm.Logit, 1, [1, -2], [0, 0])));
        Assert.Equal(0, new MatthewsCorrelation().Of(new(ScoreForm.Logit, 1, [1, 2, 3], [1, 1, 1], [0.1f, 0.2f, 0.7f])));
    }

    [Fact]
    public void Where_chance_alone_agrees_kappa_is_not_defined() =>
        Assert.Equal(double.NaN, new CohenKappa().Of(new(ScoreForm.Logit, 1, [1, 2], [1, 1])));

    [Fact]
    public void Log_loss_is_bounded_for_probabilities_and_exact_for_logits()
    {
        Assert.Equal(-Math.Log(1e-15), new LogLoss().Of(new(ScoreForm.Probabilities, 2, [1, 0], [1])), 12);
        Assert.Equal(-Math.Log(1e-15), new LogLoss().Of(new(ScoreForm.Probabilities, 2, [1, 0], [-1])), 12);
        Assert.Equal(1000, new LogLoss().Of(new(ScoreForm.Logit, 1, [1000], [0])), 12);
        Assert.Equal(0, new LogLoss().Of(new(ScoreForm.Logit, 1, [float.PositiveInfinity, float.NegativeInfinity], [1, 0])));
        Assert.Equal(Math.Log(2), new LogLoss().Of(new(ScoreForm.Logit, 1, [0], [1])), 15);
    }

    [Fact]
    public void The_Brier_score_of_yes_and_no_is_half_of_that_of_two_classes()
    {
        double yes = 1 / (1 + Math.Exp(-1.0)), logit = new BrierScore().Of(new(ScoreForm.Logit, 1, [1], [0]));
        Assert.Equal(yes * yes, logit, 12);
        Assert.Equal(2 * logit, new BrierScore().Of(new(ScoreForm.Probabilities, 2, [(float)(1 - yes), (float)yes], [0])), 6);
        // A class that the model does not know is one more class, with probability 0.
        Assert.Equal(1 + 0.25 + 0.25, new BrierScore().Of(new(ScoreForm.Probabilities, 2, [0.5f, 0.5f], [-1])), 12);
        Assert.Equal((1 + 0.25 + 0.25) / 2, new BrierScore().Of(new(ScoreForm.Logit, 1, [0], [-1])), 12);
    }

    [Fact]
    public void The_share_of_explained_variance_keeps_its_digits_far_from_zero_and_needs_a_variance()
    {
        float[] targets = [1_000_000, 1_000_001, 1_000_002, 1_000_003];
        float[] scores = [1_000_000.5f, 1_000_001.5f, 1_000_001.5f, 1_000_002.5f];
        Assert.Equal(1 - (1 / 5.0), new RSquared().Of(new(ScoreForm.Values, 1, scores, targets)), 9);
        Assert.Equal(double.NaN, new RSquared().Of(new(ScoreForm.Values, 1, [1, 2, 3], [0.1f, 0.1f, 0.1f], [0.3f, 0.7f, 0.1f])));
        Assert.Equal(double.NaN, new RSquared().Of(new(ScoreForm.Values, 1, [1], [2])));
        // the second output is constant
        Assert.Equal(double.NaN, new RSquared().Of(new(ScoreForm.Values, 2, [1, 5, 2, 5], [1, 5, 2, 5])));
        Assert.Equal(0, new RSquared().Of(new(ScoreForm.Values, 1, [2, 2, 2], [1, 2, 3])), 12);
    }

    [Fact]
    // mean_absolute_percentage_error([0, 1], [0.5, 1])
    public void A_truth_of_0_is_taken_to_be_the_least_distance_from_1()
    {
        Assert.Equal(1125899906842624.0, new AbsolutePercentageError().Of(new(ScoreForm.Values, 1, [0.5f, 1], [0, 1])));
        Assert.Equal(0, new AbsolutePercentageError().Of(new(ScoreForm.Values, 1, [0, 1], [0, 1])));
    }

    [Fact]
    public void The_quantile_loss_is_least_at_the_quantile_of_the_truth()
    {
        float[] truths = [.. Enumerable.Range(1, 99).Select(i => (float)i)];
        var loss = new QuantileLoss { Quantile = 0.8 };
        double Of(float constant) => loss.Of(new(ScoreForm.Values, 1, [.. truths.Select(_ => constant)], truths));
        Assert.Equal(80, truths.MinBy(Of));
        double absolute = new AbsoluteError().Of(new(ScoreForm.Values, 1, [1, 5], [2, 2]));
        Assert.Equal(absolute / 2, new QuantileLoss().Of(new(ScoreForm.Values, 1, [1, 5], [2, 2])), 12);
    }

    [Fact]
    public void Average_precision_of_a_hand_made_ranking()
    {
        // From the highest score: yes, no, yes, no: 1/2 · 1/1 + 1/2 · 2/3.
        Assert.Equal(5.0 / 6, new AveragePrecision().Of(new(ScoreForm.Logit, 1, [4, 3, 2, 1], [1, 0, 1, 0])), 12);
        Assert.Equal(0.5, new AveragePrecision().Of(new(ScoreForm.Logit, 1, [1, 1, 1, 1], [1, 0, 1, 0])), 12); // chance
        Assert.Equal(double.NaN, new AveragePrecision().Of(new(ScoreForm.Logit, 1, [1, 2], [0, 0])));
    }

    [Fact]
    public void A_row_with_a_NaN_is_wrong_for_the_accuracy_and_leaves_precision_recall_and_F1_without_a_value()
    {
        Assert.Equal(0.5, new Accuracy().Of(new(ScoreForm.Logit, 1, [float.NaN, -1], [0, 0])));
        Assert.Equal(0.5, new Accuracy().Of(new(ScoreForm.Probabilities, 2, [1, float.NaN, 1, 0], [0, 0])));
        Assert.Equal(0.5, new BalancedAccuracy().Of(new(ScoreForm.Probabilities, 2, [1, float.NaN, 1, 0], [-1, 0])));
        foreach (var metric in (Metric[])[
            new PrecisionScore(),
            new RecallScore(),
            new F1Score(),
            new F1Score { Averaging = Averaging.Micro },
        ])
        {
            Assert.Equal(double.NaN, metric.Of(new(ScoreForm.Logit, 1, [float.NaN, 1, -1], [0, 1, 0])));
        }
    }

    [Fact]
    public void Options_out_of_range_and_scores_that_do_not_suit_are_one_clear_error()
    {
        Says("top0Accuracy.k must be 1 or more but is 0.", () => new TopKAccuracy { K = 0 }.Start(ScoreForm.Probabilities, 3));
        Says("metrics[1].quantile must be above 0 and below 1 but is NaN.",
            () => RecordCheck.Require(new QuantileLoss { Quantile = double.NaN }, "metrics[1]"));
        Says(
            "averaging must be macro or weighted but is micro.",
            () => RecordCheck.Require(new RocAuc { Averaging = Averaging.Micro }, "metric"));
        Says("averaging must be binary, macro, micro or weighted but is 9.",
            () => RecordCheck.Require(new F1Score { Averaging = (Averaging)9 }, "metric"));
        Says("weighting must be none, linear or quadratic but is 9.",
            () => RecordCheck.Require(new CohenKappa { Weighting = (KappaWeighting)9 }, "metric"));
        Says("f1: expected logits of yes or no but the scores are probabilities of classes",
            () => new F1Score { Averaging = Averaging.Binary }.Start(ScoreForm.Probabilities, 3));
        Says("accuracy: expected probabilities of classes or logits of yes or no or logits of several labels but the scores are values",
            () => new Accuracy().Start(ScoreForm.Values, 1));
        Says("accuracy: expected 1 score a row but got 2.", () => new Accuracy().Start(ScoreForm.Logit, 2));
        Says("Expected Probabilities of width 3, as the run was started, but got Probabilities of width 2.",
            () => new Accuracy().Start(ScoreForm.Probabilities, 3).Add(new(ScoreForm.Probabilities, 2, [0.5f, 0.5f], [0])));
    }

    [Fact]
    public void Rows_that_do_not_fit_are_one_clear_error()
    {
        Says("expected 1 score a row but got 2.", () => _ = new ScoredRows(ScoreForm.Logit, 2, [1, 2], [1]));
        Says("Expected rows of 2 scores but 3 scores are not a multiple of it.",
            () => _ = new ScoredRows(ScoreForm.Probabilities, 2, [1, 2, 3], [1]));
        Says("Expected 2 targets for 2 rows of 2 scores but got 4.",
            () => _ = new ScoredRows(ScoreForm.Probabilities, 2, [1, 0, 0, 1], [0, 1, 0, 1]));
        Says("Expected 4 targets for 2 rows of 2 scores but got 3.",
            () => _ = new ScoredRows(ScoreForm.Values, 2, [1, 0, 0, 1], [0, 1, 2]));
        Says("The rows have 2 scores and 1 target values each",
            () => new AbsoluteError().Of(new ScoredRows(ScoreForm.Values, 2, [1, 0, 0, 1], [0, 1])));
        Says("Expected 2 weights, one a row, or none, but got 1.",
            () => _ = new ScoredRows(ScoreForm.Logit, 1, [1, 2], [0, 1], [1]));
        Says("Row 1: expected a class from 0 to 1, or -1 for one that the model does not know, but the target is 2.",
            () => _ = new ScoredRows(ScoreForm.Logit, 1, [1, 2], [0, 2]));
        Says("Row 0: expected a class from 0 to 2, or -1 for one that the model does not know, but the target is NaN.",
            () => _ = new ScoredRows(ScoreForm.Probabilities, 3, [1, 0, 0], [float.NaN]));
        Says("but the target is 0.5.", () => _ = new ScoredRows(ScoreForm.Logit, 1, [1], [0.5f]));
        Says("Row 1: expected a finite weight of 0 or more but got -1.",
            () => _ = new ScoredRows(ScoreForm.Logit, 1, [1, 2], [0, 1], [1, -1]));
        Says("Row 0: expected a finite weight of 0 or more but got NaN.",
            () => _ = new ScoredRows(ScoreForm.Logit, 1, [1, 2], [0, 1], [float.NaN, 1]));
    }

    private static void Says(string message, Action action) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(action).Message, StringComparison.Ordinal);
}
