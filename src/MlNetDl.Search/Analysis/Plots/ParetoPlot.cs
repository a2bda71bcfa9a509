using MlNetDl.Metrics;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace MlNetDl.Search.Analysis.Plots;

/// <summary>The first two objectives; with more than two the front is still that of all.</summary>
internal static class ParetoPlot
{
    public static PlotModel? Draw(ParetoFront data)
    {
        if (data.Objectives.Count < 2)
        {
            return null;
        }

        var points = data.Points.Where(p => Extremes.IsWithin(p.Values[0]) && Extremes.IsWithin(p.Values[1])).ToList();
        if (points.Count == 0)
        {
            return null;
        }

        var model = PlotParts.Model().WithLegend();
        ObjectiveRange Range(int objective) => ObjectiveRange.Of(
            data.Objectives[objective],
            points.Select(p => p.Values[objective]),
            points.Where(p => p.IsOnFront).Select(p => p.Values[objective]));
        ObjectiveRange x = Range(0), y = Range(1);
        model.Axes.Add(x.Axis(AxisPosition.Bottom));
        model.Axes.Add(y.Axis(AxisPosition.Left));
        var beyond = points.Where(p => x.IsBeyond(p.Values[0]) || y.IsBeyond(p.Values[1])).ToList();
        Add(
            model,
            points.Except(beyond).Where(p => !p.IsFeasible),
            PlotParts.Points(PlotTheme.Muted, MarkerType.Cross, title: "infeasible"));
        Add(model, points.Except(beyond).Where(p => p.IsFeasible && !p.IsOnFront), PlotParts.Points(PlotTheme.Blue, title: "trials"));
        var front = points.Where(p => p.IsOnFront).OrderBy(p => p.Values[0]).ToList();
        if (data.Objectives.Count == 2)
        {
            // A staircase bounds the region that the front beats; straight lines between its points do not.
            var line = PlotParts.Line(PlotTheme.Vermillion, 1.2);
            foreach (var point in front)
            {
                if (line.Points.Count > 0)
                {
                    bool flat = data.Objectives[0].Goal == Goal.Minimize;
                    line.Points.Add(flat ? new(point.Values[0], line.Points[^1].Y) : new(line.Points[^1].X, point.Values[1]));
                }

                line.Points.Add(new(point.Values[0], point.Values[1]));
            }

            model.Series.Add(line);
        }

        Add(
            model,
            beyond.Select(p => p with { Values = [x.Place(p.Values[0]), y.Place(p.Values[1])] }),
            PlotParts.Points(PlotTheme.Muted, MarkerType.Triangle, 4, $"{beyond.Count} beyond an axis"));
        Add(model, front, PlotParts.Points(PlotTheme.Vermillion, MarkerType.Diamond, 4.5, "Pareto front"));
        return model;
    }

    private static void Add(PlotModel model, IEnumerable<ParetoPoint> points, ScatterSeries series)
    {
        series.Points.AddRange(points.Select(p => new ScatterPoint(p.Values[0], p.Values[1])));
        if (series.Points.Count > 0)
        {
            model.Series.Add(series);
        }
    }
}
