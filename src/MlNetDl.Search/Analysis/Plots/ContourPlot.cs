using MlNetDl.Search.Distributions;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace MlNetDl.Search.Analysis.Plots;

internal static class ContourPlot
{
    public static PlotModel? Draw(Contour data)
    {
        var values = data.Surface.SelectMany(column => column).OfType<double>().Where(Extremes.IsWithin).Order().ToList();
        if (values.Count == 0)
        {
            return null;
        }

        var range = ObjectiveRange.Of(data.Objective, data.Points.Select(p => p.Value));
        bool log = range.IsLogarithmic;
        double Color(double value) => log ? Math.Log10(range.Clamp(value)) : range.Clamp(value);
        double from = values.Min(Color), to = values.Max(Color);
        var model = PlotParts.Model();
        model.Axes.Add(PlotAxes.Parameter(AxisPosition.Bottom, data.X));
        model.Axes.Add(PlotAxes.Parameter(AxisPosition.Left, data.Y));
        var name = range.Beyond > 0 ? $"{data.Objective.Name} (worse: last colour)" : data.Objective.Name;
        model.Axes.Add(PlotAxes.Scale(name, data.Objective.Goal, from, to, log));
        model.Series.Add(Cells(data, v => Level(Color(v), from, to)));

        // Scattered points would take their colour from the scale.
        var points = new LineSeries
        {
            LineStyle = LineStyle.None,
            MarkerType = MarkerType.Circle,
            MarkerSize = 2,
            MarkerFill = PlotTheme.Ink.Light,
            MarkerStroke = PlotTheme.Grid.Light,
            MarkerStrokeThickness = 0.6,
        };
        points.Points.AddRange(data.Points.Thin(p => p.Rank, most: 500).Select(
            p => new DataPoint(RanksPlot.Place(data.X, p.X, p.Number), RanksPlot.Place(data.Y, p.Y, p.Number * 7))));
        model.Series.Add(points);
        return model;
    }

    // The middle of the scale's step that a value falls in, so that neighbours of one colour can be drawn as one.
    private static double Level(double value, double from, double to)
    {
        double step = (to > from ? to - from : 1) / PlotTheme.Levels;
        return from + ((Math.Clamp(Math.Floor((value - from) / step), 0, PlotTheme.Levels - 1) + 0.5) * step);
    }

    private static RectangleSeries Cells(Contour data, Func<double, double> level)
    {
        double[] edgesX = Edges(data.X, data.GridX), edgesY = Edges(data.Y, data.GridY);
        var series = new RectangleSeries { CanTrackerInterpolatePoints = false };
        for (int i = 0; i < data.GridX.Count; i++)
        {
            var column = data.Surface[i].Select(v => v is { } value && Extremes.IsWithin(value) ? level(value) : (double?)null).ToList();
            for (int j = 0, end; j < column.Count; j = end)
            {
                for (end = j + 1; end < column.Count && column[end] == column[j];)
                {
                    end++;
                }

                if (column[j] is { } color)
                {
                    series.Items.Add(new(edgesX[i], edgesX[i + 1], edgesY[j], edgesY[end], color));
                }
            }
        }

        return series;
    }

    private static double[] Edges(ParameterAxis axis, IReadOnlyList<double> grid)
    {
        if (axis.Distribution is Choice)
        {
            return [.. Enumerable.Range(0, grid.Count + 1).Select(i => i - 0.5)];
        }

        if (grid.Count == 1)
        {
            double half = Math.Abs(grid[0] == 0 ? 1 : grid[0]) / 2;
            return [grid[0] - half, grid[0] + half];
        }

        double Middle(int i) => axis.IsLogarithmic ? Math.Sqrt(grid[i - 1] * grid[i]) : (grid[i - 1] + grid[i]) / 2;
        return [grid[0], .. Enumerable.Range(1, grid.Count - 1).Select(Middle), grid[^1]];
    }
}
