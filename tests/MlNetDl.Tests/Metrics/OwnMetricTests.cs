using MlNetDl.Configuration;
using MlNetDl.Metrics;

namespace MlNetDl.Tests.Metrics;

/// <summary>A metric from outside the library.</summary>
public sealed class OwnMetricTests
{
    [Fact]
    public void A_hosts_own_metric_is_used_by_name_with_its_options()
    {
        Catalogs.Metrics.Register<WithinReach>();
        var metric = RecordJson.Deserialize<Metric>("""{ "type": "withinReach", "reach": 2 }""");
        Assert.Equal(new WithinReach { Reach = 2 }, metric);
        Assert.Equal(2.0 / 3, metric.Of(new(ScoreForm.Values, 1, [1, 5, 9, 0], [2, 5, 3, 7], [1, 1, 1, 0])), 12);
    }

    /// <summary>The share of rows whose value is near the truth.</summary>
    internal sealed record WithinReach : Metric
    {
        public double Reach { get; init; } = 1;

        public override string FigureName => "withinReach";

        public override Goal Goal => Goal.Maximize;

        public override bool Takes(ScoreForm form) => form == ScoreForm.Values;

        protected override MetricRun Begin(ScoreForm form, int width) => new Run(form, width, Reach);

        private sealed class Run(ScoreForm form, int width, double reach) : MetricRun(form, width)
        {
            public override double Value => State[0] / State[1];

            public override double[] State { get; set; } = new double[2];

            protected override void Collect(in ScoredRows rows, int row, double weight)
            {
                State[0] += Math.Abs(rows.Row(row)[0] - rows.Target(row)[0]) <= reach ? weight : 0;
                State[1] += weight;
            }
        }
    }
}
