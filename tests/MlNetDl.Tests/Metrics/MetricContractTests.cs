using MlNetDl.Configuration;
using MlNetDl.Metrics;
using MlNetDl.Tests.Contracts;

namespace MlNetDl.Tests.Metrics;

/// <summary>Every metric of the catalog keeps the contract, on every form of scores that it takes.</summary>
public sealed class MetricContractTests
{
    private static readonly ContractCases Cases = ContractCases.OfCatalog(
        Catalogs.Metrics,
        MetricContract.Of,
        ("recall", MetricContract.UnknownClasses, "of yes and no it asks only whether the rows of yes are found"),
        ("detectionRate", MetricContract.UnknownClasses, "it asks only whether the rows of yes are found"),
        ("falseAlarmRate", MetricContract.UnknownClasses, "it asks only whether the rows of no are called yes"));

    public static TheoryData<string, string> Kept => Cases.Kept;

    public static TheoryData<string, string> Excused => Cases.Excused;

    private static IEnumerable<string> Names =>
        Catalogs.Metrics.Entries.Where(e => e.Type.Assembly == typeof(Metric).Assembly).Select(e => e.Name);

    [Theory]
    [MemberData(nameof(Kept))]
    public void Every_metric_keeps_the_contract(string metric, string fact) => Cases.Run(metric, fact);

    [Theory]
    [MemberData(nameof(Excused))]
    public void What_a_metric_is_excused_from_it_cannot_keep(string metric, string fact) => Cases.RunExcused(metric, fact);

    [Fact]
    public void Recall_of_classes_is_worse_for_one_that_the_model_does_not_know()
    {
        var perfect = MetricRows.Perfect(ScoreForm.Probabilities);
        var unknown = perfect with { Targets = [.. perfect.Targets[..^1], ScoredRows.UnknownClass] };
        Assert.True(new RecallScore().Of(unknown.Rows) < new RecallScore().Of(perfect.Rows));
    }

    [Theory]
    [InlineData("Its name is its own")]
    [InlineData("Neither the order of the rows nor how they are split changes the value")]
    [InlineData("A run goes on from its state as if it had never stopped")]
    [InlineData("Weight k is k such rows")]
    [InlineData("Predictions that equal the truth give the best value")]
    [InlineData("A NaN among the scores of a row never looks good")]
    [InlineData("A row of weight 0 changes nothing, and without rows there is no value")]
    [InlineData("Settings that are not a number, or far below 0, are refused")]
    public void The_contract_finds_a_bad_metric(string fact)
    {
        var e = Assert.Throws<ContractException>(MetricContract.Of(new BadMetric()).Named(fact).Run);
        Assert.Contains($" breaks '{fact}': ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_figures_name_names_its_metric_in_the_catalog()
    {
        Assert.All(Names, name => Assert.Equal(Named(name), Named(Named(name).FigureName)));
        Assert.All(Names.Except(["topKAccuracy"]), name => Assert.Equal(name, Named(name).FigureName));
        Assert.All(Names, name => Assert.Equal(new Figure(Named(name).FigureName, Named(name).Goal), Named(name).Figure));
        Assert.Equal("top3Accuracy", new TopKAccuracy { K = 3 }.FigureName);
        Assert.Equal("quantileLoss0_9", new QuantileLoss { Quantile = 0.9 }.FigureName);
        Assert.Equal("f1", new F1Score { Averaging = Averaging.Binary }.FigureName);
    }

    [Fact]
    public void A_configuration_lists_metrics_by_name_and_every_one_keeps_its_options()
    {
        Assert.Equal<IEnumerable<Metric>>(
            [new TopKAccuracy(), new F1Score { Averaging = Averaging.Macro }, new QuantileLoss { Quantile = 0.9 }],
            RecordJson.Deserialize<ValueList<Metric>>("""["top5Accuracy", "macroF1", { "type": "quantileLoss", "quantile": 0.9 }]"""));
        Assert.All(Names, name => Assert.Equal(Named(name), RecordJson.Deserialize<Metric>(RecordJson.Serialize(Named(name)))));
    }

    [Fact]
    public void Every_metric_of_the_catalog_takes_some_scores() =>
        Assert.All(Names, name => Assert.Contains(Enum.GetValues<ScoreForm>(), Named(name).Takes));

    internal static Metric Named(string name) => RecordJson.Deserialize<Metric>($"\"{name}\"");

    /// <summary>The last row's error, under another metric's name, with the wrong goal; NaN counts as none.</summary>
    private sealed record BadMetric : Metric
    {
        public double Power { get; init; } = 1;

        public override string FigureName => "accuracy";

        public override Goal Goal => Goal.Maximize;

        public override bool Takes(ScoreForm form) => form == ScoreForm.Values;

        protected override MetricRun Begin(ScoreForm form, int width) => new Run(form, width);

        private sealed class Run(ScoreForm form, int width) : MetricRun(form, width)
        {
            public override double Value => State[0];

            public override double[] State { get; set; } = new double[1];

            protected override void Collect(in ScoredRows rows, int row, double weight)
            {
                double error = Math.Abs(rows.Row(row)[0] - rows.Target(row)[0]);
                State[0] = (State[0] / 2) + (double.IsNaN(error) ? 1 : 1 - error);
            }
        }
    }
}
