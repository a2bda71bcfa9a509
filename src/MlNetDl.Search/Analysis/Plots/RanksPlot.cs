using MlNetDl.Search.Distributions;
using MlNetDl.Metrics;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace MlNetDl.Search.Analysis.Plots;

internal static class RanksPlot
{
    public static PlotModel? Draw(Ranks data)
    {
        if (data.Points.Count == 0)
        {
            return null;
        }

        var model = PlotParts.Model();
        model.Axes.Add(PlotAxes.Parameter(AxisPosition.Bottom, data.X));
        model.Axes.Add(PlotAxes.Parameter(AxisPosition.Left, data.Y));
        var scale = PlotAxes.Scale(null, Goal.Minimize, 0, 1);
        scale.LabelFormatter = r => r <= 0 ? "best" : r >= 1 ? "worst" : PlotParts.Percent(r);
        scale.MajorStep = 0.25;
        model.Axes.Add(scale);
        var series = new ScatterSeries
        {
            MarkerType = MarkerType.Circle,
            MarkerSize = data.Points.Count > 400 ? 3 : 4,
            MarkerStrokeThickness = 0,
        };

        // The best are drawn last, over all others.
        series.Points.AddRange(data.Points.Thin(p => p.Rank).OrderByDescending(p => p.Rank).Select(
            p => new ScatterPoint(Place(data.X, p.X, p.Number), Place(data.Y, p.Y, p.Number * 7), double.NaN, p.Rank)));
        model.Series.Add(series);
        return model;
    }

    /// <summary>Where a number lies on its axis; trials of one option are spread a little.</summary>
    public static double Place(ParameterAxis axis, double x, int number) =>
        axis.Distribution is Choice ? x + (PlotParts.Spread(number) * 0.5) : x;
}
