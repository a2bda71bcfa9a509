using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using OxyPlot;

namespace MlNetDl.Search.Analysis.Plots;

/// <summary>A plot as SVG. OxyPlot draws it; then colours become classes, so that style sheets can give them for light
/// and for dark pages, and numbers are cut to what a screen shows.</summary>
internal static partial class PlotSvg
{
    private const int LongestFigure = 6;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly Dictionary<string, string> Classes = PlotTheme.Colors.ToDictionary(
        c => $"rgb({c.Light.R},{c.Light.G},{c.Light.B})", c => c.Name);

    /// <summary>A picture that stands alone: it brings both style sheets with it.</summary>
    public static string Document(PlotModel? model, int width, int height)
    {
        var svg = Element(model, width, height, "p", "");
        svg.AddFirst(new XElement(
            Svg + "style",
            $"{PlotTheme.Css(dark: false)}@media (prefers-color-scheme:dark){{{PlotTheme.Css(dark: true)}}}"));
        return svg.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    /// <summary>A picture for a page that has the style sheets.</summary>
    /// <param name="model">The plot; <see langword="null"/> for one that says that there is nothing
    /// to draw yet.</param>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="id">The prefix of its inner names; unique in the page.</param>
    /// <param name="label">A description of the picture, for people who do not see it.</param>
    public static XElement Element(PlotModel? model, int width, int height, string id, string label)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 200);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 150);
        var exporter = new SvgExporter
        {
            Width = width,
            Height = height,
            IsDocument = false,
            UseVerticalTextAlignmentWorkaround = true,
            TextMeasurer = new TextMeasurer(),
        };
        var svg = XElement.Parse(exporter.ExportToString(model ?? PlotParts.Empty()));
        foreach (var element in svg.Descendants().ToList())
        {
            Rewrite(element, id);
        }

        svg.ReplaceAttributes(
            new XAttribute("viewBox", $"0 0 {width} {height}"),
            new XAttribute("width", width),
            new XAttribute("height", height),
            new XAttribute("role", "img"),
            new XAttribute("aria-label", label.Length > 0 ? label : model?.Title ?? "plot"),
            new XAttribute("font-family", PlotTheme.FontFamily));
        return svg;
    }

    private static void Rewrite(XElement element, string id)
    {
        if (element.Name.LocalName == "rect")
        {
            Align(element, "x", "width");
            Align(element, "y", "height");
        }

        // One form of two: declarations become attributes.
        if (element.Attribute("style") is { } style)
        {
            style.Remove();
            foreach (var declaration in style.Value.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                int colon = declaration.IndexOf(':', StringComparison.Ordinal);
                element.SetAttributeValue(declaration[..colon].Trim(), declaration[(colon + 1)..].Trim());
            }
        }

        if (element.Attribute("stroke") is { } stroke && (stroke.Value == "none" || element.Attribute("stroke-width")?.Value == "0"))
        {
            stroke.Remove();
            element.Attribute("stroke-width")?.Remove();
        }

        Raise(element);
        Fit(element);
        var classes = new List<string>();
        foreach (var attribute in element.Attributes().Where(a => !a.IsNamespaceDeclaration).ToList())
        {
            Rewrite(attribute, id, classes);
        }

        if (classes.Count > 0)
        {
            element.SetAttributeValue("class", string.Join(' ', classes));
        }
    }

    // OxyPlot puts the baseline where the lower edge of a text is to be, as if no letter went below it.
    private static void Raise(XElement element)
    {
        if (element.Name.LocalName == "text" && element.Attribute("font-size") is { } size)
        {
            element.SetAttributeValue("dy", Short(-TextMeasurer.BelowBaseline * Number(size.Value)));
        }
    }

    // A viewer without Helvetica or Arial takes a wider font, which would run into what stands beside it or be cut off. Numbers
    // are short enough.
    private static void Fit(XElement element)
    {
        if (element.Name.LocalName == "text" && element.Value is { Length: > LongestFigure } text && TextMeasurer.Knows(text)
            && element.Attribute("font-size") is { } size)
        {
            double weight = element.Attribute("font-weight") is { } given ? Number(given.Value) : FontWeights.Normal;
            double width = new TextMeasurer().MeasureText(text, "", Number(size.Value), weight).Width;
            element.SetAttributeValue("textLength", Short(width));
            element.SetAttributeValue("lengthAdjust", "spacingAndGlyphs");
        }
    }

    // Colours stay as attributes, for viewers without style sheets.
    private static void Rewrite(XAttribute attribute, string id, List<string> classes)
    {
        switch (attribute.Name.LocalName)
        {
            case "fill" or "stroke" when Classes.TryGetValue(attribute.Value, out var color):
                classes.Add($"{(attribute.Name.LocalName == "fill" ? "p" : "s")}-{color}");
                attribute.Value = PlotTheme.Text(PlotTheme.Colors.First(c => c.Name == color).Light);
                break;
            case "font-family" or "dominant-baseline" or "shape-rendering" when attribute.Value is not "crispEdges":
            case "font-weight" when attribute.Value == "400":
                attribute.Remove();
                break;
            case "id":
                attribute.Value = $"{id}-{attribute.Value}";
                break;
            case "clip-path":
                attribute.Value = attribute.Value.Replace("#", $"#{id}-", StringComparison.Ordinal);
                break;
            default:
                attribute.Value = LongNumber().Replace(attribute.Value, m => Short(Number(m.Value)));
                break;
        }
    }

    // Both edges are rounded, not edge and length, so that neighbours touch.
    private static void Align(XElement rectangle, string start, string length)
    {
        double from = Math.Round(Number(rectangle.Attribute(start)!.Value), 1),
            to = Math.Round(Number(rectangle.Attribute(start)!.Value) + Number(rectangle.Attribute(length)!.Value), 1);
        rectangle.SetAttributeValue(start, Short(from));
        rectangle.SetAttributeValue(length, Short(to - from));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string Short(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"-?\d+\.\d{2,}(?:[eE][-+]?\d+)?")]
    private static partial Regex LongNumber();
}
