using System.Xml.Linq;
using MlNetDl.Search.Analysis;

namespace MlNetDl.Experiments;

/// <summary>A table of a page whose rows have names.</summary>
internal static class PageGrid
{
    /// <summary>The table; it scrolls where the window is narrow.</summary>
    /// <param name="label">What it shows, for people who do not see it.</param>
    /// <param name="corner">What the names of rows are.</param>
    /// <param name="heads">The heads of the columns.</param>
    /// <param name="rows">The rows: a name, and a cell a column.</param>
    public static XElement Of(string label, string corner, IEnumerable<string> heads, IEnumerable<(string Name, List<string> Cells)> rows) =>
        Html.Element(
            "div",
            Html.Class("scroll fit"),
            new XAttribute("tabindex", 0),
            new XAttribute("role", "region"),
            new XAttribute("aria-label", label),
            Html.Element(
                "table",
                Html.Element("thead", Html.Element("tr", heads.Select(Head).Prepend(Html.Element("th", Column(), corner)))),
                Html.Element("tbody", rows.Select(row => Html.Element(
                    "tr",
                    row.Cells.Select(c => Html.Element("td", Html.Class("number"), c))
                        .Prepend(Html.Element("th", new XAttribute("scope", "row"), row.Name)))))));

    private static XElement Head(string name) => Html.Element("th", Column(), Html.Class("number"), name);

    private static XAttribute Column() => new("scope", "col");
}
