using OxyPlot;

namespace MlNetDl.Search.Analysis.Plots;

/// <summary>How much room text takes, by the widths of Helvetica, which Arial and Liberation Sans share. OxyPlot's own
/// measure takes points for pixels and finds text a quarter too small.</summary>
internal sealed class TextMeasurer : RenderContextBase
{
    /// <summary>The part of a line's height that lies below the baseline, in sizes of the text.</summary>
    public const double BelowBaseline = 0.24;

    // Thousandths of the size, from the space to the tilde (Adobe's font metrics of Helvetica).
    private static readonly int[] Widths =
    [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556,
        556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667,
        556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556,
        556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722,
        500, 500, 500, 334, 260, 334, 584,
    ];

    // The letters of our own words beside them.
    private static readonly Dictionary<char, int> Others = new()
    {
        ['…'] = 1000,
        ['²'] = 333,
        ['−'] = 584,
        ['–'] = 556,
    };

    public override int ClipCount => 0;

    /// <summary>Whether the width of a text is known: the tables have all its letters.</summary>
    public static bool Knows(string text) => text.All(c => c is >= ' ' and <= '~' || Others.ContainsKey(c));

    /// <inheritdoc/>
    public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight)
    {
        if (string.IsNullOrEmpty(text))
        {
            return OxySize.Empty;
        }

        var lines = text.Split('\n');
        double width = lines.Max(l => l.EnumerateRunes()
            .Sum(r => r.Value is >= ' ' and <= '~' ? Widths[r.Value - ' ']
                : r.IsBmp && Others.TryGetValue((char)r.Value, out int other) ? other : r.Value < 0x1100 ? 600 : 1000))
            / 1000.0;
        return new(width * fontSize * (fontWeight > FontWeights.Normal ? 1.08 : 1), 1.2 * fontSize * lines.Length);
    }

    /// <inheritdoc/>
    public override void DrawLine(
        IList<ScreenPoint> points,
        OxyColor stroke,
        double thickness,
        EdgeRenderingMode edgeRenderingMode,
        double[] dashArray,
        LineJoin lineJoin)
    {
    }

    /// <inheritdoc/>
    public override void DrawPolygon(
        IList<ScreenPoint> points,
        OxyColor fill,
        OxyColor stroke,
        double thickness,
        EdgeRenderingMode edgeRenderingMode,
        double[] dashArray,
        LineJoin lineJoin)
    {
    }

    /// <inheritdoc/>
    public override void DrawText(
        ScreenPoint p,
        string text,
        OxyColor fill,
        string fontFamily,
        double fontSize,
        double fontWeight,
        double rotation,
        HorizontalAlignment horizontalAlignment,
        VerticalAlignment verticalAlignment,
        OxySize? maxSize)
    {
    }

    /// <inheritdoc/>
    public override void PushClip(OxyRect clippingRectangle)
    {
    }

    /// <inheritdoc/>
    public override void PopClip()
    {
    }
}
