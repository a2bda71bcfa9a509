using System.Globalization;
using System.Xml.Linq;
using MlNetDl.Compression;
using MlNetDl.Layers;
using MlNetDl.Search.Analysis;
using MlNetDl.Search.Analysis.Plots;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace MlNetDl.Experiments;

/// <summary>Where rows leave, as one page for people: a picture by class, and tables.</summary>
internal static class ExitsPage
{
    /// <summary>The page as text.</summary>
    public static string ToHtml(ModelExits found)
    {
        var name = Path.GetFileNameWithoutExtension(found.Model);
        var all = found.Exits;
        var of = found.Note is null ? "" : ", of its float weights";
        return ReportPage.Document($"{name}, exits{of}", Html.Element(
            "main",
            Html.Element(
                "header",
                Html.Element("h1", $"Where rows leave {name}{of}"),
                Html.Element("p", Html.Class("hint"), $"Model: {found.Model}"),
                found.Note is { } note ? Html.Element("p", Html.Class("hint"), $"Measured: {note}.") : null,
                Html.Element("p", Html.Class("hint"), string.Create(CultureInfo.InvariantCulture,
                    $"Accuracy {all.Accuracy:0.00%}; {all.AccuracyWithout:0.00%} if no row leaves. A row takes {all.Cost:0.0%} of the multiply-adds "
                        + $"without exits, in the mean.")),
                Html.Element("p", Html.Class("hint"), $"They are of {found.Rows}.")),
            Html.Element("section", Html.Element("h2", "Classes"), Html.Element("div", Html.Class("plots"), ReportPage.Figure(
                "Where the rows of each class leave",
                "A bar is a class. Its rows leave from left to right: those on the left are decided first and cost least.",
                PlotSvg.Element(Plot(found), 1060, 90 + (30 * all.Classes.Count), "g0", "Where the rows of each class leave"),
                isWide: true))),
            Html.Element("section", Html.Element("h2", "Exits"), Table(found))));
    }

    /// <summary>A bar a class, a part an exit.</summary>
    public static PlotModel Plot(ModelExits found)
    {
        var all = found.Exits;
        var model = PlotParts.Model().WithLegend();
        var share = PlotAxes.Linear(AxisPosition.Bottom, "share of the class");
        (share.Minimum, share.Maximum, share.LabelFormatter) = (0, 1, PlotParts.Percent);
        model.Axes.Add(share);
        var classes = PlotAxes.Linear(AxisPosition.Left, null);
        (classes.Minimum, classes.Maximum, classes.MajorStep) = (-0.6, all.Classes.Count - 0.4, 1);
        classes.LabelFormatter = at => Math.Abs(at - Math.Round(at)) < 1e-6 && Math.Round(at) >= 0 && Math.Round(at) < all.Classes.Count
            ? PlotText.ShortName(all.Classes[all.Classes.Count - 1 - (int)Math.Round(at)], 24) : "";
        model.Axes.Add(classes);
        var from = new double[all.Classes.Count];
        foreach (var (index, exit) in all.Exits.Index())
        {
            var color = PlotTheme.Series[index % PlotTheme.Series.Count];
            var bars = new RectangleBarSeries { Title = exit.Name, FillColor = color.Light, StrokeThickness = 0 };
            foreach (var (c, part) in found.ShareOfClasses(exit).Index())
            {
                double at = all.Classes.Count - 1 - c;
                bars.Items.Add(new(from[c], at - 0.38, from[c] + part, at + 0.38));
                from[c] += part;
            }

            model.Series.Add(bars);
        }

        return model;
    }

    private static XElement Table(ModelExits found)
    {
        var by = found.Exits.By == ExitRule.Entropy ? "entropy below" : "confidence above";
        return PageGrid.Of(
            "Exits",
            "exit",
            [by, "rows", "share", "right of them", "right if all left here", "multiply-adds a row", .. found.Exits.Classes],
            found.Exits.Exits.Select(e => (e.Name, (List<string>)
            [
                e.Threshold?.ToString("0.####", CultureInfo.InvariantCulture) ?? "",
                e.Rows.ToString("N0", CultureInfo.InvariantCulture),
                Percent(e.Share),
                e.Accuracy is { } right ? Percent(right) : "",
                Percent(e.AccuracyOfAll),
                e.Macs.ToString("N0", CultureInfo.InvariantCulture),
                .. found.ShareOfClasses(e).Select(Percent),
            ])));
    }

    private static string Percent(double share) => share.ToString("0.0%", CultureInfo.InvariantCulture);
}
