using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace MlNetDl.Search.Analysis.Plots;

internal static class TimelinePlot
{
    public static PlotModel? Draw(Timeline data)
    {
        if (data.Bars.Count == 0)
        {
            return null;
        }

        var first = data.Bars.Min(b => b.Started);
        var last = data.Last;
        var (unit, seconds) = Unit((last - first).TotalSeconds);
        double At(DateTimeOffset time) => (time - first).TotalSeconds / seconds;
        var model = PlotParts.Model().WithLegend();
        model.Axes.Add(PlotAxes.Linear(AxisPosition.Bottom, $"{unit} since the first start"));
        var trials = PlotAxes.Count(AxisPosition.Left, "trial");
        model.Axes.Add(trials);

        // A bar that is too short to see is drawn as long as a hair is wide.
        double hair = Math.Max(At(last), 1e-9) / 300;
        foreach (var state in data.Bars.GroupBy(b => b.State).OrderBy(g => g.Key))
        {
            var line = PlotParts.Line(
                PlotTheme.Of(state.Key),
                Math.Clamp(220.0 / (data.Bars.Max(b => b.Number) + 1), 0.8, 12),
                AnalysisTable.Text(state.Key));
            line.LineJoin = LineJoin.Miter;
            foreach (var bar in state)
            {
                double start = At(bar.Started), end = At(bar.Finished is { } time && time > bar.Started ? time : bar.Finished ?? last);
                line.Points.Add(new(start, bar.Number));
                line.Points.Add(new(Math.Max(end, start + hair), bar.Number));
                line.Points.Add(DataPoint.Undefined);
            }

            model.Series.Add(line);
        }

        return model;
    }

    private static (string Name, double Seconds) Unit(double seconds) => seconds switch
    {
        < 1 => ("milliseconds", 1e-3),
        < 180 => ("seconds", 1),
        < 3 * 3600 => ("minutes", 60),
        < 3 * 86400 => ("hours", 3600),
        _ => ("days", 86400),
    };
}
