using System.Globalization;
using System.Text;
using MlNetDl.Experiments.Search.Distributions;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace MlNetDl.Experiments.Search.Analysis.Plots;

/// <summary>What plots are made of, in the one style.</summary>
internal static class PlotParts
{
    /// <summary>How many dots a picture has at most.</summary>
    public const int MostDots = 1000;

    private const int LongestLabel = 14;

    public static PlotModel Model() => new()
    {
        DefaultFont = "Arial",
        DefaultFontSize = PlotTheme.FontSize,
        TextColor = PlotTheme.Ink.Light,
        PlotAreaBorderColor = PlotTheme.Muted.Light,
        PlotAreaBorderThickness = new(1, 0, 0, 1),
        Background = OxyColors.Undefined,
        Padding = new(4, 10, 14, 4),
    };

    /// <summary>A picture that says that there is nothing to draw yet.</summary>
    public static PlotModel Empty(string text = "Nothing to show yet")
    {
        var model = Model();
        model.PlotAreaBorderThickness = new(0);
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Minimum = 0, Maximum = 1, IsAxisVisible = false });
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Left, Minimum = 0, Maximum = 1, IsAxisVisible = false });
        var note = Text(text, 0.5, 0.5);
        note.TextColor = PlotTheme.Muted.Light;
        model.Annotations.Add(note);
        return model;
    }

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
        axis.LabelFormatter = Number;
        axis.IntervalLength = position is AxisPosition.Left or AxisPosition.Right ? 45 : 75;
        axis.MaximumPadding = axis.MinimumPadding = 0.04;
        return axis;
    }

    /// <summary>An axis of whole numbers such as trials and steps.</summary>
    public static Axis Count(AxisPosition position, string title)
    {
        var axis = Linear(position, title);
        axis.MinimumMajorStep = 1;
        return axis;
    }

    /// <summary>The axis of an objective: logarithmic where values are positive and span three orders of magnitude.</summary>
    public static Axis Objective(AxisPosition position, ObjectiveAxis objective, IEnumerable<double> values) => Linear(position, Title(objective), IsWide(values));

    /// <summary>Whether a value has a place on an axis: finite, and not so large that the axis itself would overflow.</summary>
    public static bool IsDrawable(double value) => Math.Abs(value) <= 1e100;

    public static string Title(ObjectiveAxis objective) => $"{objective.Name} ({(objective.Direction == Direction.Minimize ? "smaller" : "larger")} is better)";

    public static bool IsWide(IEnumerable<double> values)
    {
        double least = double.PositiveInfinity, most = 0;
        foreach (double value in values.Where(IsDrawable))
        {
            least = Math.Min(least, value);
            most = Math.Max(most, value);
        }

        return least > 0 && most > 1000 * least;
    }

    /// <summary>The axis of a parameter over its whole range: logarithmic where the parameter is, with names for options.</summary>
    public static Axis Parameter(AxisPosition position, ParameterAxis parameter)
    {
        var (from, to) = parameter.Range;
        if (parameter.Distribution is Choice choice)
        {
            var names = new CategoryAxis { Position = position, Title = Visible(parameter.Name), AxisTitleDistance = position == AxisPosition.Left ? 14 : 9, GapWidth = 0, IsTickCentered = true };
            names.Labels.AddRange(choice.Options.Select(o => Short(o.ToString())));
            names.TicklineColor = PlotTheme.Muted.Light;
            names.MinorTickSize = 0;
            names.AxislineStyle = LineStyle.None;
            if (position == AxisPosition.Bottom && choice.Options.Sum(o => Short(o.ToString()).Length + 2) > 50)
            {
                names.Angle = -35;
            }

            return names;
        }

        var axis = Linear(position, Visible(parameter.Name), parameter.IsLogarithmic);
        double share = parameter.Distribution is Integer { Log: false, Count: < 12 } few ? 0.3 / few.Count : 0.03;
        double pad = parameter.IsLogarithmic ? Math.Pow(to / from, share) : (to - from) * share;
        (axis.Minimum, axis.Maximum) = from == to ? (from - Math.Abs(from == 0 ? 1 : from) / 2, to + Math.Abs(from == 0 ? 1 : from) / 2)
            : parameter.IsLogarithmic ? (from / pad, to * pad) : (from - pad, to + pad);
        if (parameter.Distribution is Integer { Log: false })
        {
            axis.MinimumMajorStep = 1;
        }

        return axis;
    }

    /// <summary>A scale of colours from best to worst. With <paramref name="log"/> it is given logarithms and labels them by their powers.</summary>
    public static LinearColorAxis Scale(string? title, Direction direction, double from, double to, bool log = false) => new()
    {
        Position = AxisPosition.Right,
        Palette = PlotTheme.Palette(direction == Direction.Minimize),
        Minimum = from,
        Maximum = to > from ? to : from + 1,
        Title = title,
        AxisTitleDistance = 8,
        AxisDistance = 8,
        IntervalLength = 45,
        MinorTickSize = 0,
        TicklineColor = PlotTheme.Muted.Light,
        AxislineStyle = LineStyle.None,
        LabelFormatter = v => Number(log ? Math.Pow(10, v) : v),
    };

    public static ScatterSeries Points(ThemeColor color, MarkerType marker = MarkerType.Circle, double size = 3, string? title = null) => new()
    {
        MarkerType = marker,
        MarkerSize = size,
        MarkerFill = marker is MarkerType.Cross or MarkerType.Plus or MarkerType.Star ? OxyColors.Undefined : color.Light,
        MarkerStroke = color.Light,
        MarkerStrokeThickness = marker is MarkerType.Cross or MarkerType.Plus or MarkerType.Star ? 1.5 : 0,
        Title = title,
    };

    public static LineSeries Line(ThemeColor color, double thickness = 2, string? title = null) => new()
    {
        Color = color.Light, StrokeThickness = thickness, Title = title, LineJoin = LineJoin.Round, MinimumSegmentLength = 0,
    };

    /// <summary>Text at a point of the plot.</summary>
    public static TextAnnotation Text(string text, double x, double y, HorizontalAlignment alignment = HorizontalAlignment.Center, bool bold = false) => new()
    {
        Text = text,
        TextPosition = new(x, y),
        TextHorizontalAlignment = alignment,
        TextVerticalAlignment = VerticalAlignment.Middle,
        TextColor = PlotTheme.Ink.Light,
        StrokeThickness = 0,
        FontSize = bold ? PlotTheme.FontSize : PlotTheme.FontSize - 1,
        FontWeight = bold ? FontWeights.Bold : FontWeights.Normal,
        Layer = AnnotationLayer.AboveSeries,
    };

    /// <summary>A legend above the plot.</summary>
    public static PlotModel WithLegend(this PlotModel model)
    {
        model.Legends.Add(new Legend
        {
            LegendPlacement = LegendPlacement.Outside, LegendPosition = LegendPosition.TopLeft, LegendOrientation = LegendOrientation.Horizontal,
            LegendFontSize = PlotTheme.FontSize, LegendTextColor = PlotTheme.Ink.Light, LegendPadding = 3, LegendMargin = 2, LegendSymbolLength = 18, LegendItemSpacing = 14,
        });
        return model;
    }

    /// <summary>A number in few letters: four digits, powers of ten for what is far from 1.</summary>
    public static string Number(double value)
    {
        double size = Math.Abs(value);
        return value == 0 || (size >= 1e-3 && size < 1e6)
            ? Math.Round(value, 10).ToString("0.######", CultureInfo.InvariantCulture)
            : value.ToString("0.###e0", CultureInfo.InvariantCulture);
    }

    /// <summary>A value in four digits.</summary>
    public static string Label(double value) => Number(double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));

    /// <summary>A label of at most 14 letters.</summary>
    public static string Short(string text) => Visible(text) is var visible && visible.Length <= LongestLabel ? visible : Visible(visible[..(LongestLabel - 1)].TrimEnd()) + "…";

    /// <summary>Text without what XML and screens have no letter for: control characters and halves of pairs become a replacement character.</summary>
    public static string Visible(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text;
        }

        var letters = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            letters.Append(rune.Value is '\n' or '\t' or '\r' ? " " : Rune.IsControl(rune) || rune.Value is 0xFFFE or 0xFFFF ? "\uFFFD" : rune.ToString());
        }

        return letters.ToString();
    }

    /// <summary>At most so many things in order of value, evenly picked, the first always: more dots would hide each other.</summary>
    public static IEnumerable<T> Thin<T>(this IReadOnlyList<T> things, Func<T, double> cost, int most = MostDots)
    {
        int every = Math.Max(1, (things.Count + most - 1) / most);
        return every == 1 ? things : things.OrderBy(cost).Where((_, i) => i % every == 0);
    }

    /// <summary>A shift between −0.5 and 0.5 that spreads neighbouring trials evenly: multiples of the golden ratio.</summary>
    public static double Spread(int number) => (number * 0.6180339887498949 % 1) - 0.5;
}
