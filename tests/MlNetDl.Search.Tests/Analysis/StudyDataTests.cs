using MlNetDl.Search;
using MlNetDl.Search.Analysis;
using MlNetDl.Search.Distributions;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests.Analysis;

public sealed class StudyDataTests
{
    [Fact]
    public void The_best_so_far_is_of_feasible_complete_trials() => Assert.Equal(
        "number,value,feasible,best\n0,3,true,3\n1,1,false,3\n4,2,true,2\n5,Infinity,true,2\n",
        OptimizationHistory.Of(Made.Mixed()).ToCsv());

    [Fact]
    public void The_best_so_far_goes_up_where_larger_is_better()
    {
        var history = History.Of([Made.Trial(0, double.NaN), Made.Trial(1, 2), Made.Trial(2, 1), Made.Trial(3, 5)], [Goal.Maximize]);
        Assert.Equal([2.0, 2, 5], OptimizationHistory.Of(history).Points.Select(p => p.Best));
    }

    [Fact]
    public void Each_objective_has_its_history()
    {
        var history = History.Of([Made.Trial(0, [1.0, 5]), Made.Trial(1, [2.0, 7])], [Goal.Minimize, Goal.Maximize]);
        Assert.Equal("number,value1,feasible,best\n0,5,true,5\n1,7,true,7\n", OptimizationHistory.Of(history, 1).ToCsv());
        Assert.Contains(
            "2 objectives",
            Assert.Throws<ArgumentOutOfRangeException>(() => OptimizationHistory.Of(history, 2)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Curves_are_the_reports_of_trials_that_made_some() => Assert.Equal(
        "number,state,step,value\n0,complete,0,5\n0,complete,1,NaN\n0,complete,2,3\n1,complete,0,4\n"
            + "1,complete,2,1\n2,pruned,0,9\n",
        IntermediateValues.Of(Made.Mixed()).ToCsv());

    [Fact]
    public void Parallel_coordinates_leave_gaps_where_a_trial_has_no_such_parameter() => Assert.Equal(
        "number,value,param.width,param.rate\n0,3,2,0.01\n1,1,,0.1\n4,2,,0.001\n5,Infinity,1,0.0001\n",
        ParallelCoordinates.Of(Made.Mixed(), ["width", "rate"]).ToCsv());

    [Fact]
    public void A_slice_has_the_trials_that_have_the_parameter()
    {
        Assert.Equal("number,param.width,value,feasible\n0,2,3,true\n5,1,Infinity,true\n", Slice.Of(Made.Mixed(), "width").ToCsv());
        Assert.StartsWith(
            "number,param.layer,value,feasible\n0,small,3,true\n",
            Slice.Of(Made.Mixed(), "layer").ToCsv(),
            StringComparison.Ordinal);
        Assert.Contains(
            "layer, rate, width",
            Assert.Throws<ArgumentException>(() => Slice.Of(Made.Mixed(), "depth")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_has_each_parameter_once()
    {
        foreach (var draw in new Func<AnalysisData>[]
        {
            () => Ranks.Of(Made.Mixed(), "rate", "rate"),
            () => Contour.Of(Made.Mixed(), "rate", "rate"),
        })
        {
            Assert.StartsWith(
                "expected two parameters but got 'rate' twice; a slice shows one parameter.",
                Assert.Throws<ArgumentException>(draw).Message,
                StringComparison.Ordinal);
        }

        var e = Assert.Throws<ArgumentException>(() => ParallelCoordinates.Of(Made.Mixed(), ["rate", "width", "rate"]));
        Assert.StartsWith("expected each parameter once but got 'rate' 2 times.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_values_share_the_mean_of_their_ranks()
    {
        var unit = new Uniform(0, 1);
        double[] values = [3, 1, 1, 7, double.PositiveInfinity];
        var history = History.Of([.. values.Select((v, i) => Made.Trial(i, v, ("a", unit, 0.1 * i), ("b", unit, 0.5)))]);
        Assert.Equal([0.5, 0.125, 0.125, 0.75, 1], Ranks.Of(history, "a", "b").Points.Select(p => p.Rank));
        Assert.Equal(0, Assert.Single(Ranks.Of(History.Of([history.Trials[0]]), "a", "b").Points).Rank);
    }

    [Fact]
    public void A_parameter_is_never_taken_for_another_column()
    {
        // Names that tables use themselves.
        string[] names = ["number", "value", "feasible", "rank"];
        var unit = new Uniform(0, 1);
        var history = History.Of([Made.Trial(0, 3, [.. names.Select(n => (n, (Distribution)unit, 0.5))])]);
        AnalysisData[] all =
        [
            Slice.Of(history, "value"),
            Slice.Of(history, "feasible"),
            Ranks.Of(history, "rank", "number"),
            Contour.Of(history, "value", "number", resolution: 2),
            ParallelCoordinates.Of(history),
        ];
        Assert.All(all, data =>
        {
            var columns = data.ToTable().Columns;
            Assert.Equal(columns.Distinct(), columns);
            var row = System.Text.Json.Nodes.JsonNode.Parse(data.ToJson())!["rows"]![0]!.AsObject();
            Assert.Equal((0, 3), ((int)row["number"]!, (int)row["value"]!));
        });
    }

    [Fact]
    public void The_distribution_counts_values_up_to_each()
    {
        Assert.Equal(
            "study,value,share\nstudy,1,0.5\nstudy,2,0.75\nstudy,Infinity,1\n",
            EmpiricalDistribution.Of(Made.Values(2, 1, double.PositiveInfinity, 1)).ToCsv());
        Assert.Equal(2, EmpiricalDistribution.Of([Made.Values(1), Made.Values(2)]).Curves.Count);
        Assert.Throws<ArgumentException>(() => EmpiricalDistribution.Of([Made.Values(1), History.Of([], [Goal.Maximize])]));
    }

    [Fact]
    public void The_timeline_has_the_trials_that_started()
    {
        var timeline = Timeline.Of(Made.Mixed());
        Assert.Equal(Enumerable.Range(0, 7), timeline.Bars.Select(b => b.Number));
        Assert.Equal(TimeSpan.FromSeconds(7), timeline.Duration);
        Assert.Equal(TimeSpan.FromSeconds(12), timeline.Work);
        Assert.EndsWith("6,running,1,worker,2026-03-01T12:00:06Z,\n", timeline.ToCsv(), StringComparison.Ordinal);
        Assert.Null(Timeline.Of(History.Of([])).Duration);
    }

    [Fact]
    public void The_list_has_every_trial_and_what_is_known_of_it()
    {
        var lines = TrialList.Of(Made.Mixed()).ToCsv().Split('\n');
        Assert.Equal(
            "number,state,value,param.layer,param.rate,param.width,constraint0,reports,attempt,worker,started,finished,seconds,error",
            lines[0]);
        Assert.Equal("0,complete,3,small,0.01,2,,3,1,worker,2026-03-01T12:00:00Z,2026-03-01T12:00:02Z,2,", lines[1]);
        Assert.Equal("7,waiting,,,,,,0,0,,,,,", lines[^2]);
    }

    [Fact]
    public void Nothing_is_found_in_no_trials()
    {
        var none = History.Of([]);
        AnalysisData[] all =
        [
            OptimizationHistory.Of(none),
            IntermediateValues.Of(none),
            ParallelCoordinates.Of(none),
            EmpiricalDistribution.Of(none),
            ParetoFront.Of(none),
            Timeline.Of(none),
            new PedAnova().Evaluate(none),
            new FunctionalAnova().Evaluate(none),
        ];
        Assert.All(all, data => Assert.Empty(data.ToTable().Rows));
        Assert.All(all, data => Assert.Contains("Nothing to show yet", data.ToSvg(), StringComparison.Ordinal));
    }
}
