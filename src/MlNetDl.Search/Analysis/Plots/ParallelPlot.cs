using MlNetDl.Search.Distributions;
using MlNetDl.Metrics;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;

namespace MlNetDl.Search.Analysis.Plots;

/// <summary>All axes are drawn over 0 to 1, each with its own numbers beside it.</summary>
internal static class ParallelPlot
{
    private const int MostLines = 500;

    public static PlotModel? Draw(ParallelCoordinates data)
    {
        var lines = data.Lines.Where(l => Extremes.IsWithin(l.Value)).OrderBy(l => data.Objective.Cost(l.Value)).ToList();
        if (lines.Count == 0 || data.Axes.Count == 0)
        {
            return null;
        }

        var shown = ObjectiveRange.Of(data.Objective, lines.Select(l => l.Value));
        double Scale(double value) => shown.IsLogarithmic ? Math.Log10(shown.Clamp(value)) : shown.Clamp(value);
        double from = lines.Min(l => Scale(l.Value)), to = lines.Max(l => Scale(l.Value)), range = to > from ? to - from : 1;
        var model = Frame(data, Ends(data.Objective, shown, from, to));

        // Among many lines every n-th by value is drawn, and always the best. The worst come first, so that the best
        // lie on top.
        int every = Math.Max(1, (lines.Count + MostLines - 1) / MostLines);
        foreach (var line in lines.Where((_, i) => i % every == 0).Reverse())
        {
            double share = (Scale(line.Value) - from) / range;
            int level = (int)Math.Min((data.Objective.Goal == Goal.Minimize ? share : 1 - share) * PlotTheme.Levels, PlotTheme.Levels - 1);
            var series = PlotParts.Line(PlotTheme.Scale[level], level == 0 ? 1.6 : 1);
            series.Points.Add(new(0, share));
            for (int i = 0; i < data.Axes.Count; i++)
            {
                series.Points.Add(
                    line.Numbers[i] is { } number
                        ? new(i + 1, Place(data.Axes[i], number, line.Number))
                        : DataPoint.Undefined);
            }

            model.Series.Add(series);
        }

        return model;
    }

    // Where an axis does not show all values, its worse end stands for all that are worse still.
    private static IEnumerable<(string Label, double Place)> Ends(ObjectiveAxis objective, ObjectiveRange shown, double from, double to)
    {
        string Label(double end, bool isWorse) => (isWorse && shown.Beyond > 0 ? objective.Goal == Goal.Minimize ? "≥ " : "≤ " : "")
            + PlotText.Label(shown.IsLogarithmic ? Math.Pow(10, end) : end);
        return Ends(Label(from, objective.Goal == Goal.Maximize), Label(to, objective.Goal == Goal.Minimize));
    }

    private static PlotModel Frame(ParallelCoordinates data, IEnumerable<(string Label, double Place)> ends)
    {
        var model = PlotParts.Model();
        model.PlotAreaBorderThickness = new(0);
        model.Padding = new(10, 10, 10, 4);
        var across = new LinearAxis
        {
            Position = AxisPosition.Bottom,
            Minimum = -0.35,
            Maximum = data.Axes.Count + 0.55,
            IsAxisVisible = false,
        };
        var up = new LinearAxis
        {
            Position = AxisPosition.Left,
            Minimum = -0.1,
            Maximum = 1.2,
            IsAxisVisible = false,
        };
        model.Axes.Add(across);
        model.Axes.Add(up);
        for (int i = 0; i <= data.Axes.Count; i++)
        {
            model.Annotations.Add(new LineAnnotation
            {
                Type = LineAnnotationType.Vertical,
                X = i,
                MinimumY = 0,
                MaximumY = 1,
                Color = PlotTheme.Muted.Light,
                LineStyle = LineStyle.Solid,
                Layer = AnnotationLayer.AboveSeries,
            });
            var name = i == 0 ? data.Objective.Name : data.Axes[i - 1].Name;
            model.Annotations.Add(PlotParts.Text(PlotText.ShortName(name), i, 1.14, bold: true));
            foreach (var (label, place) in i == 0 ? ends : Labels(data.Axes[i - 1]))
            {
                // Ends are written above and below their axis, options beside it.
                bool isOption = i > 0 && data.Axes[i - 1].Distribution is Choice;
                model.Annotations.Add(
                    isOption
                        ? PlotParts.Text(label, i + 0.04, place, HorizontalAlignment.Left)
                        : PlotParts.Text(label, i, place == 0 ? -0.05 : 1.05));
            }
        }

        return model;
    }

    private static IEnumerable<(string Label, double Place)> Ends(string from, string to) => [(from, 0), (to, 1)];

    private static IEnumerable<(string Label, double Place)> Labels(ParameterAxis axis)
    {
        var (from, to) = axis.Range;
        return axis.Distribution is Choice choice
            ? choice.Options.Select((o, i) => (PlotText.Short(o.ToString()), choice.ToUnit(i)))
            : Ends(PlotText.Label(from), PlotText.Label(to));
    }

    private static double Place(ParameterAxis axis, double number, int trial)
    {
        var (from, to) = axis.Range;
        return axis.Distribution is Choice choice ? choice.ToUnit(number) + (PlotParts.Spread(trial) * 0.4 / choice.Count)
            : from == to ? 0.5
            : axis.IsLogarithmic ? Math.Log(number / from) / Math.Log(to / from) : (number - from) / (to - from);
    }
}
