using System.Reflection;
using System.Text;
using System.Xml.Linq;
using MlNetDl.Search.Analysis.Plots;

namespace MlNetDl.Search.Analysis;

/// <summary>A page in the style of reports. It needs nothing beside it and no network.</summary>
internal static class ReportPage
{
    /// <summary>The whole document.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="content">The elements of its body.</param>
    public static string Document(string title, params object?[] content)
    {
        var page = Html.Element(
            "html",
            new XAttribute("lang", "en"),
            Html.Element(
                "head",
                Html.Element("meta", new XAttribute("charset", "utf-8")),
                Html.Element(
                    "meta",
                    new XAttribute("name", "viewport"),
                    new XAttribute("content", "width=device-width, initial-scale=1")),
                Html.Element("meta", new XAttribute("name", "color-scheme"), new XAttribute("content", "light dark")),
                Html.Element("title", title),
                Html.Raw("style", $"{PlotTheme.Css(dark: false)}\n@media screen and "
                    + $"(prefers-color-scheme:dark){{{PlotTheme.Css(dark: true)}}}\n{Asset("report.css")}")),
            Html.Element("body", content));
        return $"<!DOCTYPE html>\n{page.ToString(SaveOptions.DisableFormatting)}\n";
    }

    /// <summary>A figure of the page: title, picture, and a sentence on how to read it.</summary>
    /// <param name="title">The title.</param>
    /// <param name="reading">The sentence.</param>
    /// <param name="svg">The picture.</param>
    /// <param name="isWide">Whether it takes the whole width.</param>
    public static XElement Figure(string title, string reading, XElement svg, bool isWide = false) => Html.Element(
        "figure",
        Html.Class(isWide ? "wide" : "plot"),
        Html.Element("h3", title),
        Html.Element("div", Html.Class("picture"), isWide ? new XAttribute("tabindex", 0) : null, svg),
        Html.Element("figcaption", reading));

    /// <summary>A file that pages are made of.</summary>
    public static string Asset(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"MlNetDl.Search.Analysis.{name}")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n").TrimEnd();
    }
}
