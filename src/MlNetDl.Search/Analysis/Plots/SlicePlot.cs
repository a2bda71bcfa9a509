using MlNetDl.Search.Distributions;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace MlNetDl.Search.Analysis.Plots;

internal static class SlicePlot
{
    public static PlotModel? Draw(Slice data)
    {
        var range = ObjectiveRange.Of(data.Objective, data.Points.Select(p => p.Value));
        var points = data.Points.Where(p => Extremes.IsWithin(p.Value)).ToList().Thin(p => data.Objective.Cost(p.Value)).ToList();
        if (points.Count == 0)
        {
            return null;
        }

        var model = PlotParts.Model();
        model.Axes.Add(PlotAxes.Parameter(AxisPosition.Bottom, data.Parameter));
        model.Axes.Add(range.Axis(AxisPosition.Left));
        if (points.Exists(p => !p.IsFeasible))
        {
            model.WithLegend();
        }

        double X(SlicePoint point) => point.X + (data.Parameter.Distribution is Choice ? PlotParts.Spread(point.Number) * 0.6 : 0);
        foreach (bool feasible in new[] { false, true })
        {
            var series = feasible
                ? PlotParts.Points(
                    PlotTheme.Blue,
                    size: points.Count > 400 ? 2 : 3,
                    title: points.Exists(p => !p.IsFeasible) ? "feasible" : null)
                : PlotParts.Points(PlotTheme.Muted, MarkerType.Cross, title: "infeasible");
            series.Points.AddRange(points.Where(p => p.IsFeasible == feasible && !range.IsBeyond(p.Value))
                .Select(p => new ScatterPoint(X(p), p.Value)));
            if (series.Points.Count > 0)
            {
                model.Series.Add(series);
            }
        }

        range.Mark(model, points.Where(p => range.IsBeyond(p.Value)).Select(p => new ScatterPoint(X(p), range.Place(p.Value))));
        return model;
    }
}
