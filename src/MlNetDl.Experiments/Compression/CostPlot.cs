using MlNetDl.Metrics;
using MlNetDl.Search.Analysis.Plots;
using OxyPlot;
using OxyPlot.Axes;

namespace MlNetDl.Experiments;

/// <summary>A model in a plot.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Cost">What it costs; less is better.</param>
/// <param name="Value">What it can do.</param>
internal sealed record CostPoint(string Name, double Cost, double Value);

/// <summary>What models can do against what they cost, with the front of those that no other beats.</summary>
internal static class CostPlot
{
    // Beyond this ratio small costs would lie on each other.
    private const double LinearRatio = 20;
    private const double Room = 0.12;

    /// <summary>The plot; <see langword="null"/> where there is nothing to draw.</summary>
    public static PlotModel? Draw(string cost, Metric metric, IReadOnlyList<CostPoint> all)
    {
        var points = all.Where(p => double.IsFinite(p.Cost) && double.IsFinite(p.Value)).ToList();
        if (points.Count == 0)
        {
            return null;
        }

        bool isLog = points.Min(p => p.Cost) > 0 && points.Max(p => p.Cost) / points.Min(p => p.Cost) > LinearRatio;
        var x = PlotAxes.Linear(AxisPosition.Bottom, $"{cost} (smaller is better)", isLog);
        var y = PlotAxes.Linear(AxisPosition.Left, $"{metric.FigureName} ({(metric.Goal == Goal.Maximize ? "larger" : "smaller")} is better)");
        SetRange(x, points.Select(p => p.Cost), isLog);
        SetRange(y, points.Select(p => p.Value), false);
        var model = PlotParts.Model();
        model.Axes.Add(x);
        model.Axes.Add(y);
        var front = Front(points, metric.Goal);
        var line = PlotParts.Line(PlotTheme.Vermillion, 1.2);
        foreach (var point in front)
        {
            if (line.Points.Count > 0)
            {
                line.Points.Add(new(point.Cost, line.Points[^1].Y));
            }

            line.Points.Add(new(point.Cost, point.Value));
        }

        model.Series.Add(line);
        Add(points.Except(front), PlotParts.Points(PlotTheme.Blue, size: 4));
        Add(front, PlotParts.Points(PlotTheme.Vermillion, MarkerType.Diamond, 5));
        (double X, double Y) Place(double cost, double value) => (Share(x, cost, isLog), 1 - Share(y, value, false));
        var labels = PointLabels.Of(
            [.. points.Select(p => (p.Name, Place(p.Cost, p.Value).X, Place(p.Cost, p.Value).Y))], [.. line.Points.Select(p => Place(p.X, p.Y))]);
        foreach (var label in labels)
        {
            var text = PlotParts.Text(label.Text, points[label.Point].Cost, points[label.Point].Value, label.Alignment);
            (text.Offset, text.TextVerticalAlignment) = (new(label.Right, label.Down), VerticalAlignment.Middle);
            model.Annotations.Add(text);
        }

        return model;

        void Add(IEnumerable<CostPoint> some, OxyPlot.Series.ScatterSeries series)
        {
            series.Points.AddRange(some.Select(p => new OxyPlot.Series.ScatterPoint(p.Cost, p.Value)));
            model.Series.Add(series);
        }
    }

    /// <summary>The points that no other beats, by rising cost.</summary>
    internal static List<CostPoint> Front(IEnumerable<CostPoint> points, Goal goal)
    {
        double Worth(CostPoint point) => goal == Goal.Maximize ? point.Value : -point.Value;
        var front = new List<CostPoint>();
        foreach (var point in points.OrderBy(p => p.Cost).ThenByDescending(Worth))
        {
            if (front.Count == 0 || Worth(point) > Worth(front[^1]))
            {
                front.Add(point);
            }
        }

        return front;
    }

    // Room beyond the outermost points, for their names.
    private static void SetRange(Axis axis, IEnumerable<double> values, bool isLog)
    {
        double from = values.Min(), to = values.Max();
        if (isLog)
        {
            double factor = Math.Pow(to / from, Room);
            (axis.Minimum, axis.Maximum) = (from / factor, to * factor);
            return;
        }

        double room = to > from ? (to - from) * Room : Math.Max(Math.Abs(from) * 0.1, 1e-3);
        (axis.Minimum, axis.Maximum) = (from - room, to + room);
    }

    private static double Share(Axis axis, double value, bool isLog) => isLog
        ? Math.Log(value / axis.Minimum) / Math.Log(axis.Maximum / axis.Minimum)
        : (value - axis.Minimum) / (axis.Maximum - axis.Minimum);
}
