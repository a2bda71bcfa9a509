using MlNetDl.Search.Distributions;
using MlNetDl.Metrics;
using OxyPlot;
using OxyPlot.Axes;

namespace MlNetDl.Search.Analysis.Plots;

/// <summary>Axes in the one style.</summary>
internal static class PlotAxes
{
    /// <summary>Which share of its length an axis goes on beyond the values.</summary>
    public const double Padding = 0.04;

    public static Axis Linear(AxisPosition position, string? title, bool log = false)
    {
        Axis axis = log ? new LogarithmicAxis { Base = 10, PowerPadding = false } : new LinearAxis();
        axis.Position = position;
        axis.Title = title;
        axis.AxisTitleDistance = position == AxisPosition.Left ? 14 : 9;
        axis.TicklineColor = PlotTheme.Muted.Light;
        axis.AxislineStyle = LineStyle.None;
        axis.TickStyle = TickStyle.Outside;
        axis.MajorGridlineStyle = LineStyle.Solid;
        axis.MajorGridlineColor = PlotTheme.Grid.Light;
        axis.MajorGridlineThickness = 1;
        axis.MinorTickSize = 0;
        axis.LabelFormatter = PlotText.Number;
        axis.IntervalLength = position is AxisPosition.Left or AxisPosition.Right ? 45 : 75;
        axis.MaximumPadding = axis.MinimumPadding = Padding;
        return axis;
    }

    /// <summary>An axis of whole numbers such as trials and steps.</summary>
    public static Axis Count(AxisPosition position, string title)
    {
        var axis = Linear(position, title);
        axis.MinimumMajorStep = 1;
        return axis;
    }

    public static string Title(ObjectiveAxis objective) =>
        $"{objective.Name} ({(objective.Goal == Goal.Minimize ? "smaller" : "larger")} is better)";

    /// <summary>The axis of a parameter over its whole range: logarithmic where the parameter is, with
    /// names for options.</summary>
    public static Axis Parameter(AxisPosition position, ParameterAxis parameter)
    {
        var (from, to) = parameter.Range;
        if (parameter.Distribution is Choice choice)
        {
            var names = new CategoryAxis
            {
                Position = position,
                Title = PlotText.Visible(parameter.Name),
                AxisTitleDistance = position == AxisPosition.Left ? 14 : 9,
                GapWidth = 0,
                IsTickCentered = true,
            };
            names.Labels.AddRange(choice.Options.Select(o => PlotText.Short(o.ToString())));
            names.TicklineColor = PlotTheme.Muted.Light;
            names.MinorTickSize = 0;
            names.AxislineStyle = LineStyle.None;
            if (position == AxisPosition.Bottom && choice.Options.Sum(o => PlotText.Short(o.ToString()).Length + 2) > 50)
            {
                names.Angle = -35;
            }

            return names;
        }

        var axis = Linear(position, PlotText.Visible(parameter.Name), parameter.IsLogarithmic);
        double share = !parameter.IsLogarithmic && parameter.Distribution.Steps is < 12 and var few ? 0.3 / few : 0.03;
        double pad = parameter.IsLogarithmic ? Math.Pow(to / from, share) : (to - from) * share;
        (axis.Minimum, axis.Maximum) = from == to ? (from - Math.Abs(from == 0 ? 1 : from) / 2, to + Math.Abs(from == 0 ? 1 : from) / 2)
            : parameter.IsLogarithmic ? (from / pad, to * pad) : (from - pad, to + pad);
        if (parameter.Distribution is Integer { Log: false })
        {
            axis.MinimumMajorStep = 1;
        }

        return axis;
    }

    /// <summary>A scale of colours from best to worst. With <paramref name="log"/> it is given logarithms and labels
    /// them by their powers.</summary>
    public static LinearColorAxis Scale(string? title, Goal goal, double from, double to, bool log = false) => new()
    {
        Position = AxisPosition.Right,
        Palette = PlotTheme.Palette(goal == Goal.Minimize),
        Minimum = from,
        Maximum = to > from ? to : from + 1,
        Title = title,
        AxisTitleDistance = 8,
        AxisDistance = 8,
        IntervalLength = 45,
        MinorTickSize = 0,
        TicklineColor = PlotTheme.Muted.Light,
        AxislineStyle = LineStyle.None,
        LabelFormatter = v => PlotText.Number(log ? Math.Pow(10, v) : v),
    };
}
