using System.Xml.Linq;
using MlNetDl.Metrics;
using MlNetDl.Search.Analysis;
using MlNetDl.Search.Analysis.Plots;
using MlNetDl.Search.Distributions;
using OxyPlot.Series;

namespace MlNetDl.Search.Tests.Analysis;

/// <summary>A study nearly all of whose trials were pruned or failed is still read by those that were not.</summary>
public sealed class PrunedStudyTests
{
    private static readonly int[] Complete = [7, 501, 930];

    // Complete trials come down from 2 to 0.2 or so; pruned ones are stopped far above.
    private static History Study(Goal goal = Goal.Minimize, int trials = 1000)
    {
        double sign = goal == Goal.Minimize ? 1 : -1;
        return History.Of([.. Enumerable.Range(0, trials).Select(i => Complete.Contains(i)
            ? Made.Trial(i, sign * 0.2, ("x", new Uniform(0, 1), 0.5)) with
            {
                Reports = [.. Enumerable.Range(0, 10).Select(s => new Report(s, sign * (2.0 - (0.2 * s))))],
            }
            : Made.Trial(i, sign * 30, ("x", new Uniform(0, 1), i / 1000.0)) with
            {
                State = TrialState.Pruned,
                Reports = [new(0, sign * (20 + (i % 50))), new(1, sign * (30 + (i % 50)))],
            })], [goal]);
    }

    [Theory]
    [InlineData(Goal.Minimize)]
    [InlineData(Goal.Maximize)]
    public void Complete_curves_lie_on_top_and_the_axis_follows_them(Goal goal)
    {
        var model = IntermediatePlot.Draw(IntermediateValues.Of(Study(goal)))!;
        var lines = model.Series.OfType<LineSeries>().Where(l => l is not null).ToList();
        Assert.InRange(lines.Count, 100, 300);
        Assert.Equal(3, lines.Count(l => l.Color == PlotTheme.Blue.Light));
        Assert.All(lines.TakeLast(3), l => Assert.Equal(PlotTheme.Blue.Light, l.Color));
        Assert.True(lines[^1].StrokeThickness > lines[0].StrokeThickness);

        // From 0.2 to 2, and marks of what lies beyond.
        var axis = model.Axes[1];
        var (near, far) = goal == Goal.Minimize ? (axis.Minimum, axis.Maximum) : (-axis.Maximum, -axis.Minimum);
        Assert.InRange(near, 0, 0.2);
        Assert.InRange(far, 2, 2.3);
        Assert.Contains(model.Series, s => s.Title?.EndsWith("beyond the axis", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void Without_complete_trials_the_axis_follows_all()
    {
        var none = History.Of([.. Study().Trials.Take(7)]);
        var model = IntermediatePlot.Draw(IntermediateValues.Of(none))!;
        Assert.True(double.IsNaN(model.Axes[1].Maximum));
        Assert.Equal(7, model.Series.OfType<LineSeries>().Count());
    }

    [Fact]
    public void Of_many_curves_some_of_each_kind_are_drawn()
    {
        static int Lines(int complete, int pruned)
        {
            var history = History.Of([.. Enumerable.Range(0, complete + pruned).Select(i => Made.Trial(i, 1) with
            {
                State = i < complete ? TrialState.Complete : TrialState.Pruned,
                Reports = [new(0, 1), new(1, 2)],
            })]);
            var lines = IntermediatePlot.Draw(IntermediateValues.Of(history))!.Series.OfType<LineSeries>().ToList();
            Assert.InRange(lines.Count, 1, 300);
            return lines.Count(l => l.Color == PlotTheme.Blue.Light);
        }

        Assert.Equal(300, Lines(300, 0));
        Assert.Equal(200, Lines(200, 5000));
        Assert.Equal(200, Lines(1000, 5000));
        Assert.Equal(280, Lines(280, 20));
    }

    [Fact]
    public void What_leads_gets_two_thirds_of_the_axis()
    {
        var down = new ObjectiveAxis("value", Goal.Minimize);
        double[] leading = [0, 1, 2, 3, 4];
        var range = ObjectiveRange.Of(down, [.. leading, 5.9, 6.1, 50], leading: leading);
        Assert.Equal((5.9, 2), (range.Last, range.Beyond));

        // Good values are never left out, and without leaders all lead.
        Assert.Equal((4, 1), ObjectiveRange.Of(down, [.. leading, -50, 60], leading: leading) is var far ? (far.Last, far.Beyond) : default);
        Assert.Equal(ObjectiveRange.Of(down, leading).Last, ObjectiveRange.Of(down, leading, leading: [double.NaN]).Last);

        // Leaders over four decades beside a value that has no logarithm.
        Assert.False(ObjectiveRange.Of(down, [1, 10, 100, 1e4, -1], leading: [1, 10, 100, 1e4]).IsLogarithmic);
        Assert.True(ObjectiveRange.Of(down, [1, 10, 100, 1e4, 5], leading: [1, 10, 100, 1e4]).IsLogarithmic);
    }

    [Fact]
    public void Errors_stand_whole_on_the_page()
    {
        var error = $"IOException: {string.Join(' ', Enumerable.Range(0, 300))} is the end.";
        var history = History.Of([Made.Trial(0, 1), Made.Trial(1, []) with { State = TrialState.Failed, Error = error }]);
        var page = XDocument.Parse(StudyReport.ToHtml(history, new(), new()));
        var cell = page.Descendants("td").Single(c => c.Value == error);
        Assert.Equal("text", (string?)cell.Attribute("class"));

        // A text cell wraps instead of being cut, in both tables.
        var style = page.Descendants("style").Single().Value;
        Assert.Contains("td.text{min-width:20em;max-width:none;white-space:normal;overflow-wrap:anywhere}", style, StringComparison.Ordinal);
        Assert.Contains("'text'", page.Descendants("script").Last().Value, StringComparison.Ordinal);
    }
}
