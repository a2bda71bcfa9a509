using System.Xml.Linq;

namespace MlNetDl.Search.Analysis;

/// <summary>Elements of a page. The page is written as XML that is HTML too: text is escaped by the writer, and only
/// elements that HTML leaves empty are.</summary>
internal static class Html
{
    // Longer texts of a table run over several lines.
    private const int LongestLine = 40;

    private static readonly HashSet<string> Void = ["meta", "br", "input", "link"];

    public static XElement Element(string name, params object?[] content)
    {
        var element = new XElement(name, content.Select(Safe));
        if (element.IsEmpty && !Void.Contains(name))
        {
            // <td/> is a start tag to HTML.
            element.Add("");
        }

        return element;
    }

    public static XAttribute Class(string name) => new("class", name);

    /// <summary>A style sheet or script, unchanged: a section of character data to XML, hidden in comments from
    /// CSS and JavaScript.</summary>
    public static XElement Raw(string name, string text) => new(name, new XText("/*"), new XCData($"*/\n{text}\n/*"), new XText("*/"));

    /// <summary>A table with a header row. Columns of numbers are set to the right; a dash stands for an empty
    /// cell.</summary>
    public static XElement Table(IEnumerable<string> columns, IEnumerable<IEnumerable<object?>> rows)
    {
        var cells = rows.Select(r => r.ToList()).ToList();
        var numeric = columns.Select((_, i) => cells.TrueForAll(r => r[i] is double or int or long or "–")).ToList();
        return Element(
            "div",
            Class("scroll fit"),
            new XAttribute("tabindex", 0),
            Element(
                "table",
                Element("thead", Element("tr", columns.Select(
                    (c, i) => Element("th", new XAttribute("scope", "col"), numeric[i] ? Class("number") : null, c)))),
                Element(
                    "tbody",
                    cells.Select(r => Element("tr", r.Select((c, i) => Element(
                        "td",
                        numeric[i] ? Class("number") : null,
                        Content(c))))))));
    }

    private static object? Content(object? cell) => cell switch
    {
        double number => new object[] { new XAttribute("title", AnalysisTable.Text(number)), Plots.PlotText.Number(Rounded(number)) },
        string { Length: > LongestLine } text => new object[] { Class("text"), Element("div", text) },
        _ => cell,
    };

    /// <summary>A number at six digits.</summary>
    public static double Rounded(double value) => double.IsFinite(value)
        ? double.Parse(
            value.ToString("G6", System.Globalization.CultureInfo.InvariantCulture),
            System.Globalization.CultureInfo.InvariantCulture)
        : value;

    private static object? Safe(object? content) => content switch
    {
        string text => Plots.PlotText.Visible(text),
        XObject node => node,
        IEnumerable<object?> many => many.Select(Safe),
        int or long => AnalysisTable.Text(content),
        _ => content,
    };
}
