using System.Globalization;
using System.Xml.Linq;
using MlNetDl.Clustering;
using MlNetDl.Models;
using MlNetDl.Search.Analysis;
using MlNetDl.Search.Analysis.Plots;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace MlNetDl.Experiments;

/// <summary>What k-means found as one page for people: sizes of clusters, the runs, and for images the centres.</summary>
internal static class KMeansPage
{
    /// <summary>The page's file, beside the model.</summary>
    public const string File = "kmeans.html";

    // More images nobody looks at.
    private const int MostImages = 100;

    /// <summary>Writes the page of a model that is a k-means, and of others none.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="package">The model.</param>
    /// <param name="tell">Gets told where the page cannot be made.</param>
    public static void Write(string folder, string name, ModelPackage package, Action<string>? tell = null)
    {
        if (KMeansReport.Of(package) is { } report)
        {
            ModelPage.Write(Path.Combine(folder, File), tell, () => ToHtml(name, report, package));
        }
    }

    /// <summary>The page as text.</summary>
    public static string ToHtml(string name, KMeansReport report, ModelPackage package) => ReportPage.Document($"{name}, k-means", Html.Element(
        "main",
        Html.Element(
            "header",
            Html.Element("h1", $"The clusters of {name}"),
            Html.Element("p", Html.Class("hint"), string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Rows:N0} training rows in {report.Sizes.Count:N0} clusters, inertia {report.Best.Inertia:G6}"
                    + $"{(report.Silhouette is { } value ? $", silhouette {value:0.0000}" : "")}."))),
        Images(package, report) is { } images ? Html.Element("section", Html.Element("h2", "Centres"), images) : null,
        Html.Element("section", Html.Element("h2", "Sizes"), Html.Element("div", Html.Class("plots"), ReportPage.Figure(
            "Rows in each cluster",
            "Very small clusters are often far rows; very large ones may be several.",
            PlotSvg.Element(Sizes(report), 1060, 380, "g0", "Rows in each cluster"),
            isWide: true))),
        Html.Element("section", Html.Element("h2", "Runs"), Runs(report))));

    private static PlotModel Sizes(KMeansReport report)
    {
        var model = PlotParts.Model();
        var rows = PlotAxes.Linear(AxisPosition.Left, "rows");
        rows.Minimum = 0;
        model.Axes.Add(PlotAxes.Count(AxisPosition.Bottom, "cluster"));
        model.Axes.Add(rows);
        var bars = new RectangleBarSeries { FillColor = PlotTheme.Blue.Light, StrokeThickness = 0 };
        foreach (var (index, size) in report.Sizes.Index())
        {
            bars.Items.Add(new(index + 0.6, 0, index + 1.4, size));
        }

        model.Series.Add(bars);
        return model;
    }

    private static XElement? Images(ModelPackage package, KMeansReport report)
    {
        var shape = package.Manifest.Input;
        if (shape.Rank != 4 || shape[1].Size is not (1 or 3))
        {
            return null;
        }

        var (channels, height, width) = ((int)shape.Size(1), (int)shape.Size(2), (int)shape.Size(3));
        var centers = package.ReadWeights()["distances.centers"].Data.Chunk(channels * height * width);
        return Html.Element("div", Html.Class("plots"), Narrow(), centers.Take(MostImages).Index().Select(c => ReportPage.Figure(
            string.Create(CultureInfo.InvariantCulture, $"Cluster {c.Index + 1}"),
            string.Create(CultureInfo.InvariantCulture, $"{report.Sizes[c.Index]:N0} rows."),
            PixelImage.Of(c.Item, channels, height, width))));
    }

    // Small pictures stand side by side.
    private static XAttribute Narrow() => new("style", "grid-template-columns:repeat(auto-fill,minmax(190px,1fr))");

    private static XElement Runs(KMeansReport report) => PageGrid.Of(
        "Runs",
        "seed",
        ["inertia", "times the least"],
        report.Runs.Select(r => (r.Seed.ToString(CultureInfo.InvariantCulture), (List<string>)
        [
            r.Inertia.ToString("G6", CultureInfo.InvariantCulture),
            (r.Inertia / Math.Max(report.Best.Inertia, double.Epsilon)).ToString("0.0000", CultureInfo.InvariantCulture),
        ])));
}
