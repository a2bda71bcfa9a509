using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using OxyPlot;

namespace MlNetDl.Experiments.Search.Analysis.Plots;

/// <summary>A plot as SVG. OxyPlot draws it; then colours become classes, so that style sheets can give them for light and for dark pages, and numbers are cut to what a screen shows.</summary>
internal static partial class PlotSvg
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly Dictionary<string, string> Classes = PlotTheme.Colors.ToDictionary(c => PlotTheme.Text(c.Light), c => c.Name);

    /// <summary>A picture that stands alone: it brings both style sheets with it.</summary>
    public static string Document(PlotModel? model, int width, int height)
    {
        var svg = Element(model, width, height, "p", "");
        svg.AddFirst(new XElement(Svg + "style", $"{PlotTheme.Css(dark: false)}@media (prefers-color-scheme:dark){{{PlotTheme.Css(dark: true)}}}"));
        return svg.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    /// <summary>A picture for a page that has the style sheets.</summary>
    /// <param name="model">The plot; <see langword="null"/> for one that says that there is nothing to draw yet.</param>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="id">What its inner names begin with; unique in the page.</param>
    /// <param name="label">What it shows, for those who do not see it.</param>
    public static XElement Element(PlotModel? model, int width, int height, string id, string label)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 200);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 150);
        var exporter = new SvgExporter { Width = width, Height = height, IsDocument = false, UseVerticalTextAlignmentWorkaround = true };
        var svg = XElement.Parse(exporter.ExportToString(model ?? PlotParts.Empty()));
        foreach (var element in svg.Descendants().ToList())
        {
            Rewrite(element, id);
        }

        svg.ReplaceAttributes(
            new XAttribute("viewBox", $"0 0 {width} {height}"), new XAttribute("width", width), new XAttribute("height", height), new XAttribute("role", "img"),
            new XAttribute("aria-label", label.Length > 0 ? label : model?.Title ?? "plot"), new XAttribute("font-family", PlotTheme.FontFamily));
        return svg;
    }

    private static void Rewrite(XElement element, string id)
    {
        var classes = new List<string>();
        if (element.Attribute("style") is { } style)
        {
            style.Remove();
            foreach (var declaration in style.Value.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                int colon = declaration.IndexOf(':', StringComparison.Ordinal);
                Declare(element, declaration[..colon].Trim(), declaration[(colon + 1)..].Trim(), classes);
            }
        }

        foreach (var attribute in element.Attributes().Where(a => !a.IsNamespaceDeclaration).ToList())
        {
            attribute.Value = attribute.Name.LocalName switch
            {
                "id" => $"{id}-{attribute.Value}",
                "clip-path" => attribute.Value.Replace("#", $"#{id}-", StringComparison.Ordinal),
                "aria-label" => attribute.Value,
                _ => LongNumber().Replace(attribute.Value, m => double.Parse(m.Value, CultureInfo.InvariantCulture).ToString("0.#", CultureInfo.InvariantCulture)),
            };
        }

        if (classes.Count > 0)
        {
            element.SetAttributeValue("class", string.Join(' ', classes));
        }
    }

    // Attributes are what viewers without style sheets go by.
    private static void Declare(XElement element, string name, string value, List<string> classes)
    {
        switch (name)
        {
            case "font-family" or "font-weight" when name == "font-family" || value == "400":
            case "stroke" when value == "none":
                return;
            case "fill" or "stroke" when Classes.TryGetValue(value.ToLowerInvariant(), out var color):
                classes.Add($"{(name == "fill" ? "p" : "s")}-{color}");
                break;
        }

        element.SetAttributeValue(name, value);
    }

    [GeneratedRegex(@"-?\d+\.\d{2,}(?:[eE][-+]?\d+)?")]
    private static partial Regex LongNumber();
}
