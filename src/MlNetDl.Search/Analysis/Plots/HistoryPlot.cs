using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace MlNetDl.Search.Analysis.Plots;

internal static class HistoryPlot
{
    public static PlotModel? Draw(OptimizationHistory data)
    {
        var range = ObjectiveRange.Of(data.Objective, data.Points.Select(p => p.Value));
        var points = data.Points.Where(p => Extremes.IsWithin(p.Value)).ToList().Thin(p => data.Objective.Cost(p.Value)).ToList();
        if (points.Count == 0)
        {
            return null;
        }

        var model = PlotParts.Model().WithLegend();
        model.Axes.Add(PlotAxes.Count(AxisPosition.Bottom, "trial"));
        model.Axes.Add(range.Axis(AxisPosition.Left));
        double size = points.Count > 400 ? 2 : 3;
        foreach (var (by, color, marker) in Marks(data.Points))
        {
            // Triangles and diamonds of the same size look smaller than circles.
            Add(
                model,
                points.Where(p => p.IsFeasible && !range.IsBeyond(p.Value) && (by.Length == 0 || by.Contains(p.ProposedBy))),
                PlotParts.Points(
                    color,
                    marker,
                    marker == MarkerType.Circle ? size : 1.3 * size,
                    by is [var one] ? one ?? "unknown" : by.Length == 0 ? "value" : "others"));
        }

        Add(
            model,
            points.Where(p => !p.IsFeasible && !range.IsBeyond(p.Value)),
            PlotParts.Points(PlotTheme.Muted, MarkerType.Cross, title: "infeasible"));
        var best = PlotParts.Line(PlotTheme.Vermillion, title: "best so far");
        double? before = null;
        foreach (var point in data.Points.Where(p => p.Best is { } b && Extremes.IsWithin(b)))
        {
            // A staircase: the best holds until the trial that beats it.
            if (before is { } old && old != point.Best)
            {
                best.Points.Add(new(point.Number, old));
            }

            if (before != point.Best || point == data.Points[^1])
            {
                best.Points.Add(new(point.Number, point.Best!.Value));
            }

            before = point.Best;
        }

        model.Series.Add(best);
        range.Mark(model, points.Where(p => range.IsBeyond(p.Value)).Select(p => new ScatterPoint(p.Number, range.Place(p.Value))));
        return model;
    }

    // The colour and the shape of each kind of proposal, the most frequent one first; without names one for all.
    private static IEnumerable<(string?[] By, ThemeColor Color, MarkerType Marker)> Marks(IReadOnlyList<HistoryPoint> points)
    {
        var kinds = points.GroupBy(p => p.ProposedBy).OrderByDescending(g => g.Count()).Select(g => g.Key).ToList();
        (ThemeColor, MarkerType)[] marks =
        [
            (PlotTheme.Blue, MarkerType.Circle),
            (PlotTheme.Orange, MarkerType.Triangle),
            (PlotTheme.Green, MarkerType.Diamond),
            (PlotTheme.Purple, MarkerType.Square),
        ];
        if (kinds is [null])
        {
            return [([], PlotTheme.Blue, MarkerType.Circle)];
        }

        int alone = kinds.Count > marks.Length ? marks.Length - 1 : kinds.Count;
        string?[][] groups = [.. kinds.Take(alone).Select(k => new[] { k }), .. kinds.Count > alone ? new[] { kinds.Skip(alone).ToArray() } : []];
        return groups.Zip(marks, (by, mark) => (by, mark.Item1, mark.Item2));
    }

    private static void Add(PlotModel model, IEnumerable<HistoryPoint> points, ScatterSeries series)
    {
        series.Points.AddRange(points.Select(p => new ScatterPoint(p.Number, p.Value)));
        if (series.Points.Count > 0)
        {
            model.Series.Add(series);
        }
    }
}
