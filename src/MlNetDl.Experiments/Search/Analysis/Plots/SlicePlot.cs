using MlNetDl.Experiments.Search.Distributions;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace MlNetDl.Experiments.Search.Analysis.Plots;

internal static class SlicePlot
{
    public static PlotModel? Draw(Slice data)
    {
        var points = data.Points.Where(p => PlotAxes.IsDrawable(p.Value)).ToList().Thin(p => data.Objective.Cost(p.Value)).ToList();
        if (points.Count == 0)
        {
            return null;
        }

        var model = PlotParts.Model();
        model.Axes.Add(PlotAxes.Parameter(AxisPosition.Bottom, data.Parameter));
        model.Axes.Add(PlotAxes.Objective(AxisPosition.Left, data.Objective, points.Select(p => p.Value)));
        if (points.Exists(p => !p.IsFeasible))
        {
            model.WithLegend();
        }

        bool isChoice = data.Parameter.Distribution is Choice;
        foreach (bool feasible in new[] { false, true })
        {
            var series = feasible ? PlotParts.Points(PlotTheme.Blue, size: points.Count > 400 ? 2 : 3, title: "feasible") : PlotParts.Points(PlotTheme.Muted, MarkerType.Cross, title: "infeasible");
            series.Points.AddRange(points.Where(p => p.IsFeasible == feasible).Select(p => new ScatterPoint(p.X + (isChoice ? PlotParts.Spread(p.Number) * 0.6 : 0), p.Value)));
            if (series.Points.Count > 0)
            {
                model.Series.Add(series);
            }
        }

        return model;
    }
}
