using System.Xml.Linq;
using MlNetDl.Search;
using MlNetDl.Search.Analysis;
using MlNetDl.Search.Analysis.Plots;
using MlNetDl.Search.Distributions;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests.Analysis;

public sealed class PlotTests
{
    private static readonly History Thirty = Made.Function(
        30, [new LogUniform(1e-5, 1), new Uniform(0, 1), Choice.Of("sgd", "adam")], x => x[1] + x[2]);

    public static TheoryData<string> Kinds =>
        [
            "history", "curves", "parallel", "slice", "contour", "ranks", "distribution", "front", "timeline", "ped",
            "fanova",
        ];

    private static AnalysisData Data(string kind, History history, string x, string y) => kind switch
    {
        "history" => OptimizationHistory.Of(history),
        "curves" => IntermediateValues.Of(history),
        "parallel" => ParallelCoordinates.Of(history),
        "slice" => Slice.Of(history, x),
        "contour" => Contour.Of(history, x, y),
        "ranks" => Ranks.Of(history, x, y),
        "distribution" => EmpiricalDistribution.Of(history),
        "front" => ParetoFront.Of(history),
        "timeline" => Timeline.Of(history),
        "ped" => new PedAnova().Evaluate(history),
        _ => new FunctionalAnova { Trees = 4 }.Evaluate(history),
    };

    private static XElement Svg(AnalysisData data) => XElement.Parse(data.ToSvg());

    private static int Count(XElement svg, string element, ThemeColor color) => svg.Descendants()
        .Count(e => e.Name.LocalName == element
            && ((string?)e.Attribute("class") ?? "")
                .Split(' ')
                .Any(c => c == $"p-{color.Name}" || c == $"s-{color.Name}"));

    private static string Text(XElement svg) =>
        string.Join('|', svg.Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Is_well_formed_and_needs_nothing_and_is_the_same_each_time(string kind)
    {
        foreach (var (history, x, y) in new[]
        {
            (Made.Mixed(), "layer", "rate"),
            (Thirty, "x0", "x1"),
            (History.Of([Thirty.Trials[0]]), "x0", "x2"),
        })
        {
            var text = Data(kind, history, x, y).ToSvg();
            Assert.Equal(text, Data(kind, history, x, y).ToSvg());
            var svg = XElement.Parse(text);
            Assert.Equal("svg", svg.Name.LocalName);
            Assert.DoesNotContain(
                "http",
                text.Replace("xmlns=\"http://www.w3.org/2000/svg\"", "", StringComparison.Ordinal),
                StringComparison.Ordinal);
            Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
            Assert.DoesNotContain("<script", text, StringComparison.Ordinal);
            Assert.Contains("prefers-color-scheme:dark", text, StringComparison.Ordinal);
            Assert.All(
                svg.Descendants().Where(e => e.Name.LocalName == "text"),
                e =>
                {
                    Assert.Contains("p-", (string?)e.Attribute("class"), StringComparison.Ordinal);
                    // Letters reach below the baseline, by a quarter of their size about.
                    Assert.InRange((double)e.Attribute("dy")! / (double)e.Attribute("font-size")!, -0.25, -0.2);
                });
        }
    }

    [Fact]
    public void There_is_a_mark_for_each_trial()
    {
        // One more each in the legend.
        var history = Svg(OptimizationHistory.Of(Made.Mixed()));
        Assert.Equal(2 + 1, Count(history, "ellipse", PlotTheme.Blue));
        Assert.Equal(30, Count(Svg(Slice.Of(Thirty, "x0")), "ellipse", PlotTheme.Blue));
        Assert.Equal(30, Svg(Ranks.Of(Thirty, "x0", "x2")).Descendants().Count(e => e.Name.LocalName == "ellipse"));
        Assert.Equal(3, Count(Svg(new PedAnova().Evaluate(Thirty)), "rect", PlotTheme.Blue));
        Assert.Equal(30, PlotTheme.Scale.Sum(c => Count(Svg(ParallelCoordinates.Of(Thirty)), "polyline", c)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Values_at_the_ends_of_doubles_are_left_out_of_the_picture(string kind)
    {
        double[] values = [double.MaxValue, -double.MaxValue, double.NegativeInfinity, double.Epsilon, 1, 2];
        var history = History.Of([.. values.Select((v, i) => Made.Trial(
            i, v, ("x", new Uniform(0, 1), i / 10.0), ("y", Choice.Of(1, 2), i % 2)) with { Reports = [new(0, v)] })]);
        var data = Data(kind, history, "x", "y");
        Assert.DoesNotContain("NaN", data.ToSvg(), StringComparison.Ordinal);
        if (kind == "history")
        {
            Assert.Equal(3 + 1, Count(Svg(data), "ellipse", PlotTheme.Blue));
        }
    }

    [Fact]
    public void Clouds_are_thinned_and_keep_the_best()
    {
        var history = Made.Function(2500, [new Uniform(0, 1)], x => x[0]);
        Assert.Equal(834, Count(Svg(Slice.Of(history, "x0")), "ellipse", PlotTheme.Blue));
        Assert.Contains(history.Trials.Min(t => t.Value), history.Trials.ToList().Thin(t => t.Value).Select(t => t.Value));
    }

    [Fact]
    public void Axes_have_names_and_follow_their_parameters()
    {
        Assert.Contains("x0", Text(Svg(Slice.Of(Thirty, "x0"))), StringComparison.Ordinal);
        Assert.Contains("1e-4", Text(Svg(Slice.Of(Thirty, "x0"))), StringComparison.Ordinal);
        Assert.Contains("value (smaller is better)", Text(Svg(Slice.Of(Thirty, "x0"))), StringComparison.Ordinal);
        Assert.Contains("sgd|adam", Text(Svg(Slice.Of(Thirty, "x2"))), StringComparison.Ordinal);
    }

    [Fact]
    public void The_front_is_a_staircase_of_diamonds()
    {
        var history = History.Of(
            [Made.Trial(0, [1.0, 3]), Made.Trial(1, [2.0, 2]), Made.Trial(2, [3.0, 3])],
            [Goal.Minimize, Goal.Minimize]);
        var svg = Svg(ParetoFront.Of(history));
        Assert.Equal(2 + 1, Count(svg, "polygon", PlotTheme.Vermillion));
        Assert.Equal(1 + 1, Count(svg, "ellipse", PlotTheme.Blue));
    }

    [Fact]
    public void Every_colour_is_another() =>
        Assert.Equal(PlotTheme.Colors.Count, PlotTheme.Colors.Select(c => PlotTheme.Text(c.Light)).Distinct().Count());

    [Fact]
    public void Text_is_as_wide_as_in_Helvetica()
    {
        // 722 + 556 + 3 · 556 thousandths.
        Assert.Equal(12 * (722 + (4 * 556)) / 1000.0, new TextMeasurer().MeasureText("Rbe01", "Arial", 12, 400).Width, 12);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.00001, "1e-5")]
    [InlineData(123456.5, "123456.5")]
    [InlineData(2500000, "2.5e6")]
    [InlineData(-0.25, "-0.25")]
    public void Numbers_are_short(double value, string text) => Assert.Equal(text, PlotText.Number(value));

    [Theory]
    [InlineData("momentum", 14, "momentum")]
    [InlineData("training.optimizer[sgd].momentum", 14, "…sgd].momentum")]
    [InlineData("training.optimizer[sgd].momentum", 20, "…mizer[sgd].momentum")]
    public void A_long_name_keeps_its_end(string name, int most, string expected) => Assert.Equal(expected, PlotText.ShortName(name, most));

    [Fact]
    public void Words_keep_their_room_in_every_font()
    {
        var texts = Svg(OptimizationHistory.Of(Thirty)).Descendants().Where(e => e.Name.LocalName == "text").ToList();
        // 4.669 times the size of 14 pixels, by the widths of Helvetica.
        Assert.Equal("65.4", (string?)texts.Single(t => t.Value == "best so far").Attribute("textLength"));
        Assert.All(texts.Where(t => t.Value.Length <= 6), t => Assert.Null(t.Attribute("textLength")));
    }

    [Fact]
    public void A_picture_has_room() => Assert.Throws<ArgumentOutOfRangeException>(() => OptimizationHistory.Of(Thirty).ToSvg(100));
}
