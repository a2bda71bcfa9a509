using MlNetDl.Compression;
using MlNetDl.Search.Analysis.Plots;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace MlNetDl.Experiments;

/// <summary>Plots of what layers bear.</summary>
internal static class SensitivityPlot
{
    /// <summary>The most curves of a plot: five colours, each in two dashes.</summary>
    public const int MostCurves = 10;

    private const int LongestName = 34;
    private const string Weight = ".weight";

    /// <summary>The figure over the share that is pruned, a curve a layer, those that bear least first.</summary>
    public static PlotModel Curves(ModelSensitivity found, IReadOnlyList<SensitiveLayer> layers)
    {
        double whole = found.Sensitivity.Baseline[found.Figure];
        var model = PlotParts.Model().WithLegend();
        var share = PlotAxes.Linear(AxisPosition.Bottom, "share of the layer that is pruned");
        (share.Minimum, share.Maximum) = (0, 1);
        share.LabelFormatter = PlotParts.Percent;
        model.Axes.Add(share);
        model.Axes.Add(PlotAxes.Linear(AxisPosition.Left, found.Figure));
        var shown = layers.OrderByDescending(l => l.Points.Sum(p => Math.Abs(p.Figures[found.Figure] - whole))).Take(MostCurves)
            .OrderBy(l => layers.Index().First(i => ReferenceEquals(i.Item, l)).Index);
        foreach (var (index, layer) in shown.Index())
        {
            var color = PlotTheme.Series[index % PlotTheme.Series.Count];
            var line = PlotParts.Line(color, 1.6, PlotText.ShortName(NameOf(layer), LongestName));
            line.LineStyle = index < PlotTheme.Series.Count ? LineStyle.Solid : LineStyle.Dash;
            (line.MarkerType, line.MarkerSize, line.MarkerFill) = (MarkerType.Circle, 2.5, color.Light);
            line.Points.Add(new(0, whole));
            line.Points.AddRange(layer.Points.Where(p => double.IsFinite(p.Figures[found.Figure]))
                .Select(p => new DataPoint(p.Amount, p.Figures[found.Figure])));
            model.Series.Add(line);
        }

        return model;
    }

    // Nearly all weights that are pruned are named so.
    private static string NameOf(SensitiveLayer layer) =>
        layer.Name.EndsWith(Weight, StringComparison.Ordinal) ? layer.Name[..^Weight.Length] : layer.Name;

    /// <summary>How many weights, or other numbers, have which value.</summary>
    /// <param name="histogram">The distribution.</param>
    /// <param name="what">What is counted.</param>
    public static PlotModel? Histogram(WeightHistogram histogram, string what = "weights")
    {
        if (histogram.To <= histogram.From)
        {
            return null;
        }

        var model = PlotParts.Model();
        model.Axes.Add(PlotAxes.Linear(AxisPosition.Bottom, "value"));
        var count = PlotAxes.Linear(AxisPosition.Left, what);
        (count.Minimum, count.MinimumPadding) = (0, 0);
        model.Axes.Add(count);
        double width = ((double)histogram.To - histogram.From) / histogram.Counts.Count;
        var bars = new RectangleBarSeries { FillColor = PlotTheme.Blue.Light, StrokeThickness = 0 };
        foreach (var (index, bin) in histogram.Counts.Index())
        {
            double from = histogram.From + (index * width);
            bars.Items.Add(new(from, 0, from + (0.92 * width), bin));
        }

        model.Series.Add(bars);
        return model;
    }
}
