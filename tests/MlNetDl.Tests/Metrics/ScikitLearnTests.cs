using MlNetDl.Metrics;

namespace MlNetDl.Tests.Metrics;

/// <summary>The values are scikit-learn 1.2.1's. All inputs are binary fractions, so that both compute on
/// the same numbers.</summary>
public sealed class ScikitLearnTests
{
    // y and w below; P[12, 4] / 16, each row summing to 1; pred = P.argmax(1).
    private static readonly MetricRows Classes = new(ScoreForm.Probabilities, 4,
        [
            .. new[]
            {
                8, 4, 2, 2, 2, 8, 4, 2, 4, 4, 6, 2, 1, 2, 4, 9, 6, 5, 4, 1, 3, 7, 4, 2,
                2, 3, 10, 1, 5, 1, 4, 6, 9, 3, 2, 2, 2, 6, 5, 3, 1, 4, 8, 3, 4, 3, 2, 7,
            }.Select(p => p / 16f),
        ],
        [0, 1, 1, 3, 2, 1, 2, 0, 0, 2, 2, 3],
        [1, 2, 0.5f, 1, 3, 1, 0.25f, 2, 1, 1.5f, 1, 0.75f]);

    // p = 1 / (1 + exp(-logit)), pred = logit > 0.
    private static readonly MetricRows YesNo = new(ScoreForm.Logit, 1,
        [1.5f, -0.5f, 0.25f, 2, -1, -2.5f, 0.75f, -0.25f, 0.25f, 3, -1.5f, 0.5f],
        [1, 0, 1, 1, 0, 0, 0, 1, 0, 1, 1, 0],
        Classes.Weights);

    private static readonly MetricRows Pairs = new(ScoreForm.Values, 2,
        [1.5f, -1, 2, 4.5f, 0.25f, 0.5f, 2, 1.25f, 7.5f, -3, 1, 1.5f],
        [1, -2, 2.5f, 4, -0.5f, 0.25f, 3, 1, 8, -1.5f, 0.75f, 2],
        [1, 0.5f, 2, 1, 3, 0.25f]);

    [Theory] // name, without weights, with sample_weight=w
    [InlineData("accuracy", 0.6666666666666666, 0.5333333333333333)] // accuracy_score(y, pred)
    [InlineData("macroAccuracy", 0.7083333333333333, 0.6436335403726708)] // balanced_accuracy_score(y, pred)
    [InlineData("precision", 0.6666666666666666, 0.5619047619047619)] // precision_score(y, pred, average="macro")
    [InlineData("macroPrecision", 0.6666666666666666, 0.5619047619047619)]
    [InlineData("microPrecision", 0.6666666666666666, 0.5333333333333333)] // average="micro"
    [InlineData("weightedPrecision", 0.6666666666666666, 0.5904761904761905)] // average="weighted"
    [InlineData("recall", 0.7083333333333333, 0.6436335403726708)] // recall_score(y, pred, average="macro")
    [InlineData("macroRecall", 0.7083333333333333, 0.6436335403726708)]
    [InlineData("microRecall", 0.6666666666666666, 0.5333333333333333)]
    [InlineData("weightedRecall", 0.6666666666666666, 0.5333333333333333)]
    [InlineData("f1", 0.6761904761904762, 0.5410353535353535)] // f1_score(y, pred, average="macro")
    [InlineData("macroF1", 0.6761904761904762, 0.5410353535353535)]
    [InlineData("microF1", 0.6666666666666666, 0.5333333333333333)]
    [InlineData("weightedF1", 0.6571428571428571, 0.49553872053872056)]
    [InlineData("matthewsCorrelation", 0.5607721540920443, 0.4184148146167559)] // matthews_corrcoef(y, pred)
    [InlineData("cohenKappa", 0.5555555555555556, 0.3917451122375091)] // cohen_kappa_score(y, pred, labels=range(4))
    [InlineData("linearCohenKappa", 0.5172413793103448, 0.24153498871331835)] // weights="linear"
    [InlineData("quadraticCohenKappa", 0.4642857142857143, 0.09922589725545383)] // weights="quadratic"
    [InlineData("logLoss", 0.8710350790793978, 0.9607042347113772)] // log_loss(y, P)
    [InlineData("brierScore", 0.462890625, 0.525)] // np.average(((P - np.eye(4)[y]) ** 2).sum(1), weights=w)
    // roc_auc_score(y, P, multi_class="ovr", average="macro")
    [InlineData("auc", 0.9317129629629629, 0.8959493796450317)]
    [InlineData("weightedAuc", 0.9212962962962963, 0.8666132535697754)] // average="weighted"
    // average_precision_score(np.eye(4)[y], P, average="macro")
    [InlineData("averagePrecision", 0.8812003968253969, 0.8439705480854549)]
    [InlineData("weightedAveragePrecision", 0.8644179894179894, 0.799683411826269)]
    public void Figures_of_classes(string name, double expected, double weighted) =>
        Equal(MetricContractTests.Named(name), Classes, expected, weighted);

    [Fact]
    public void The_share_of_rows_whose_class_is_among_the_best_two() =>
        // top_k_accuracy_score(y, P - 1e-9 * np.arange(4), k=2): of equal probabilities the first is meant.
        Equal(new TopKAccuracy { K = 2 }, Classes, 0.8333333333333334, 0.7666666666666667);

    [Theory]
    [InlineData("accuracy", 0.5833333333333334, 0.6666666666666666)] // accuracy_score(b, pred)
    [InlineData("macroAccuracy", 0.5833333333333333, 0.6607142857142857)] // balanced_accuracy_score(b, pred)
    [InlineData("precision", 0.5714285714285714, 0.6666666666666666)] // precision_score(b, pred)
    [InlineData("macroPrecision", 0.5857142857142856, 0.6666666666666666)]
    [InlineData("microPrecision", 0.5833333333333334, 0.6666666666666666)]
    [InlineData("weightedPrecision", 0.5857142857142857, 0.6666666666666666)]
    [InlineData("recall", 0.6666666666666666, 0.5714285714285714)] // recall_score(b, pred)
    [InlineData("macroRecall", 0.5833333333333333, 0.6607142857142857)]
    [InlineData("weightedRecall", 0.5833333333333334, 0.6666666666666666)]
    [InlineData("f1", 0.6153846153846153, 0.6153846153846153)] // f1_score(b, pred)
    [InlineData("macroF1", 0.5804195804195804, 0.6606334841628959)]
    [InlineData("weightedF1", 0.5804195804195803, 0.6636500754147813)]
    [InlineData("matthewsCorrelation", 0.1690308509457033, 0.32732683535398854)] // matthews_corrcoef(b, pred)
    [InlineData("cohenKappa", 0.16666666666666663, 0.32432432432432434)] // cohen_kappa_score(b, pred)
    [InlineData("logLoss", 0.606944714542053, 0.5233351879210852)] // log_loss(b, p)
    [InlineData("brierScore", 0.21760834426772013, 0.17846611312927965)] // brier_score_loss(b, p)
    [InlineData("auc", 0.7083333333333334, 0.7901785714285714)] // roc_auc_score(b, logit)
    [InlineData("weightedAuc", 0.7083333333333334, 0.7901785714285714)]
    [InlineData("averagePrecision", 0.7903138528138528, 0.8333333333333334)] // average_precision_score(b, logit)
    public void Figures_of_yes_and_no(string name, double expected, double weighted) =>
        Equal(MetricContractTests.Named(name), YesNo, expected, weighted);

    [Theory]
    [InlineData("mae", 0.625, 0.7379032258064516)] // mean_absolute_error(T, X)
    [InlineData("mse", 0.5208333333333334, 0.7348790322580645)] // mean_squared_error(T, X)
    [InlineData("rmse", 0.7163952165109877, 0.8365193453033628)] // mean_squared_error(T, X, squared=False)
    [InlineData("mape", 0.5045138888888889, 0.6502688172043011)] // mean_absolute_percentage_error(T, X)
    [InlineData("r2", 0.8958975399090761, 0.7814690421865816)] // r2_score(T, X)
    [InlineData("quantileLoss", 0.3125, 0.3689516129032258)] // mean_pinball_loss(T, X)
    public void Figures_of_two_values(string name, double expected, double weighted) =>
        Equal(MetricContractTests.Named(name), Pairs, expected, weighted);

    [Theory]
    [InlineData("mae", 0.5833333333333334, 0.6209677419354839)]
    [InlineData("mse", 0.3958333333333333, 0.4213709677419355)]
    [InlineData("rmse", 0.6291528696058958, 0.6491309326645399)]
    [InlineData("mape", 0.48819444444444454, 0.5424731182795699)]
    [InlineData("r2", 0.9469890723087654, 0.9678004512608467)]
    [InlineData("quantileLoss", 0.2916666666666667, 0.31048387096774194)]
    public void Figures_of_one_value(string name, double expected, double weighted)
    {
        // T[:, :1], X[:, :1]
        var first = Pairs with
        {
            Width = 1,
            Scores = [.. Pairs.Scores.Where((_, i) => i % 2 == 0)],
            Targets = [.. Pairs.Targets.Where((_, i) => i % 2 == 0)],
        };
        Equal(MetricContractTests.Named(name), first, expected, weighted);
    }

    [Fact]
    public void The_loss_of_another_quantile() =>
        // mean_pinball_loss(T, X, alpha=0.9)
        Equal(new QuantileLoss { Quantile = 0.9 }, Pairs, 0.32916666666666666, 0.45443548387096777);

    // y = [0, 1, 1, 3, -1, 1, -1, 0, 0, 1, 3, 3]: two rows of a class that the model does not know, and none of class
    // 2, which is predicted.
    [Theory]
    [InlineData("accuracy", 0.5833333333333334)]
    [InlineData("macroAccuracy", 0.5208333333333333)]
    [InlineData("macroPrecision", 0.4666666666666666)]
    [InlineData("macroRecall", 0.41666666666666663)]
    [InlineData("macroF1", 0.43809523809523804)]
    [InlineData("microF1", 0.5833333333333334)]
    [InlineData("weightedPrecision", 0.6666666666666666)]
    [InlineData("weightedF1", 0.6190476190476191)]
    [InlineData("matthewsCorrelation", 0.5046949386828399)]
    [InlineData("cohenKappa", 0.4736842105263158)]
    public void A_class_that_the_model_does_not_know_is_one_more_label(string name, double expected) => Equal(
        MetricContractTests.Named(name),
        Classes with { Targets = [0, 1, 1, 3, -1, 1, -1, 0, 0, 1, 3, 3], Weights = null },
        expected,
        expected);

    private static void Equal(Metric metric, MetricRows sample, double expected, double weighted)
    {
        Assert.Equal(expected, metric.Of((sample with { Weights = null }).Rows), 12);
        Assert.Equal(weighted, metric.Of(sample.Rows), 12);
    }
}
