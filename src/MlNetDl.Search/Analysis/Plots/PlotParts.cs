using System.Globalization;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace MlNetDl.Search.Analysis.Plots;

/// <summary>The parts of plots, in the one style.</summary>
internal static class PlotParts
{
    /// <summary>How many dots a picture has at most.</summary>
    public const int MostDots = 1000;

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

    /// <summary>A share as whole per cent, for an axis.</summary>
    public static string Percent(double share) => share.ToString("0%", CultureInfo.InvariantCulture);

    /// <summary>A picture that says that there is nothing to draw yet.</summary>
    public static PlotModel Empty(string text = "Nothing to show yet")
    {
        var model = Model();
        model.PlotAreaBorderThickness = new(0);
        model.Axes.Add(new LinearAxis
        {
            Position = AxisPosition.Bottom,
            Minimum = 0,
            Maximum = 1,
            IsAxisVisible = false,
        });
        model.Axes.Add(new LinearAxis
        {
            Position = AxisPosition.Left,
            Minimum = 0,
            Maximum = 1,
            IsAxisVisible = false,
        });
        var note = Text(text, 0.5, 0.5);
        note.TextColor = PlotTheme.Muted.Light;
        model.Annotations.Add(note);
        return model;
    }

    public static ScatterSeries Points(
        ThemeColor color, MarkerType marker = MarkerType.Circle, double size = 3, string? title = null) => new()
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
        Color = color.Light,
        StrokeThickness = thickness,
        Title = title,
        LineJoin = LineJoin.Round,
        MinimumSegmentLength = 0,
    };

    /// <summary>Text at a point of the plot.</summary>
    public static TextAnnotation Text(
        string text,
        double x,
        double y,
        HorizontalAlignment alignment = HorizontalAlignment.Center,
        bool bold = false) => new()
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
            LegendPlacement = LegendPlacement.Outside,
            LegendPosition = LegendPosition.TopLeft,
            LegendOrientation = LegendOrientation.Horizontal,
            LegendFontSize = PlotTheme.FontSize,
            LegendTextColor = PlotTheme.Ink.Light,
            LegendPadding = 3,
            LegendMargin = 2,
            LegendSymbolLength = 18,
            LegendItemSpacing = 14,
        });
        return model;
    }

    /// <summary>At most so many things in order of value, evenly picked, the first always: more dots would
    /// hide each other.</summary>
    public static IEnumerable<T> Thin<T>(this IReadOnlyList<T> things, Func<T, double> cost, int most = MostDots)
    {
        int every = Math.Max(1, (things.Count + most - 1) / most);
        return every == 1 ? things : things.OrderBy(cost).Where((_, i) => i % every == 0);
    }

    /// <summary>A shift between −0.5 and 0.5 that spreads neighbouring trials evenly: multiples of
    /// the golden ratio.</summary>
    public static double Spread(int number) => (number * 0.6180339887498949 % 1) - 0.5;
}
