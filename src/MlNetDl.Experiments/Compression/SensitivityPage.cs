using System.Globalization;
using System.Xml.Linq;
using MlNetDl.Compression;
using MlNetDl.Search.Analysis;
using MlNetDl.Search.Analysis.Plots;
using OxyPlot;

namespace MlNetDl.Experiments;

/// <summary>What layers bear as one page for people: curves, a table, and how weights are distributed.</summary>
internal static class SensitivityPage
{
    /// <summary>The page as text.</summary>
    public static string ToHtml(ModelSensitivity found)
    {
        var name = Path.GetFileNameWithoutExtension(found.Model);
        int pictures = 0;
        var of = found.Note is null ? "" : ", of its float weights";
        return ReportPage.Document($"{name}, sensitivity{of}", Html.Element(
            "main",
            Html.Element(
                "header",
                Html.Element("h1", $"What the layers of {name} bear{of}"),
                Html.Element("p", Html.Class("hint"), $"Model: {found.Model}"),
                found.Note is { } note ? Html.Element("p", Html.Class("hint"), $"Measured: {note}.") : null,
                Html.Element(
                    "p",
                    Html.Class("hint"),
                    $"With all weights its {found.Figure} is {LedgerGrid.Figure(found.Sensitivity.Baseline[found.Figure])}. The other figures are those "
                        + "while a share of one layer alone is pruned, without training."),
                Html.Element("p", Html.Class("hint"), $"They are of {found.Rows}.")),
            Html.Element(
                "section",
                Html.Element("h2", "Curves"),
                Html.Element(
                    "div",
                    Html.Class("plots"),
                    Curves(SensitivityKind.Channels, "Channels", "A line is a set of channels that go together, the lowest scores first."),
                    Curves(SensitivityKind.Weights, "Single weights", "A line is a kernel or matrix, the least magnitudes first."))),
            Html.Element("section", Html.Element("h2", "Layers"), Table(found)),
            Histograms()));

        XElement? Curves(SensitivityKind kind, string title, string reading)
        {
            var layers = found.Sensitivity.Layers.Where(l => l.Kind == kind).ToList();
            return layers.Count == 0 ? null : ReportPage.Figure(
                title,
                reading + (layers.Count > SensitivityPlot.MostCurves
                    ? $" Only the {SensitivityPlot.MostCurves} that bear least are drawn; the table has all." : "")
                    + " A line that falls early is of a layer that should keep more than the others.",
                Picture(SensitivityPlot.Curves(found, layers), title, width: 1060, height: 420),
                isWide: true);
        }

        XElement? Histograms()
        {
            var layers = found.Sensitivity.Layers.Where(l => l.Histogram is not null).ToList();
            return layers.Count == 0 ? null : Html.Element(
                "section",
                Html.Element("h2", "Weights"),
                Html.Element("div", Html.Class("plots"), layers.Select(l => ReportPage.Figure(
                    l.Name,
                    string.Create(CultureInfo.InvariantCulture, $"{l.Count:N0} weights, {l.Histogram!.Zeros:N0} of them exactly 0."),
                    Picture(SensitivityPlot.Histogram(l.Histogram!), l.Name)))));
        }

        XElement Picture(PlotModel? model, string label, int width = 520, int height = 340) =>
            PlotSvg.Element(model, width, height, string.Create(CultureInfo.InvariantCulture, $"g{pictures++}"), PlotText.Visible(label));
    }

    private static XElement Table(ModelSensitivity found)
    {
        var amounts = found.Sensitivity.Layers.SelectMany(l => l.Points).Select(p => p.Amount).Distinct().ToList();
        return PageGrid.Of(
            "Layers",
            "layer",
            ["pruned", "of", .. amounts.Select(a => a.ToString("0%", CultureInfo.InvariantCulture))],
            found.Sensitivity.Layers.Select(l => (l.Name, (List<string>)
            [
                l.Kind == SensitivityKind.Channels ? "channels" : "weights",
                l.Count.ToString("N0", CultureInfo.InvariantCulture),
                .. l.Points.Select(p => LedgerGrid.Figure(p.Figures[found.Figure])),
            ])));
    }
}
