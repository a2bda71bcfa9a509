using System.Globalization;
using System.Xml.Linq;
using MlNetDl.Decomposition;
using MlNetDl.Generative;
using MlNetDl.Models;
using MlNetDl.Search.Analysis;
using MlNetDl.Search.Analysis.Plots;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace MlNetDl.Experiments;

/// <summary>What a PCA found as one page for people: how much each component explains, and for images the components themselves.</summary>
internal static class PcaPage
{
    /// <summary>The page's file, beside the model.</summary>
    public const string File = "pca.html";

    // More bars, rows and images nobody reads.
    private const int MostShown = 50, MostImages = 30;

    /// <summary>Writes the page of a model that is a PCA, and of others none.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="package">The model.</param>
    /// <param name="test">Reads rows of the test part; <see langword="null"/> leaves out where they lie, and so do rows that do not suit the
    /// model.</param>
    /// <param name="tell">Gets told of the latter.</param>
    public static void Write(string folder, string name, ModelPackage package, Func<SeenRows?> test, Action<string>? tell = null)
    {
        if (PcaReport.Of(package) is { } report)
        {
            ModelPage.Write(
                Path.Combine(folder, File),
                tell,
                () => ToHtml(name, report, package, test()?.Thinned(GenerationPage.MostRows)),
                () => ToHtml(name, report, package));
        }
    }

    /// <summary>The page as text.</summary>
    public static string ToHtml(string name, PcaReport report, ModelPackage package, SeenRows? rows = null) => ReportPage.Document($"{name}, PCA", Html.Element(
        "main",
        Html.Element(
            "header",
            Html.Element("h1", $"What the components of {name} explain"),
            Html.Element("p", Html.Class("hint"), string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Components:N0} of {report.Variances.Count:N0} components keep {report.ExplainedVarianceRatio.Sum():0.00%} of the variance of "
                    + $"{report.Rows:N0} training rows{(report.IsStandardized ? ", whose features were divided by their standard deviations" : "")}."))),
        Html.Element("section", Html.Element("h2", "Explained variance"), Html.Element("div", Html.Class("plots"), ReportPage.Figure(
            "Scree plot",
            "A bar is a component, grey where it is not kept; the line is the share of all up to there. Behind a bend, components explain little.",
            PlotSvg.Element(Scree(report), 1060, 380, "g0", "Scree plot"),
            isWide: true))),
        Places(package, rows) is { } places ? Html.Element("section", Html.Element("h2", "Rows"), Html.Element("div", Html.Class("plots"), places)) : null,
        Images(package, report) is { } images ? Html.Element("section", Html.Element("h2", "Images"), images) : null,
        Html.Element("section", Html.Element("h2", "Components"), Table(report))));

    /// <summary>Shares of the variance by component, and their sums.</summary>
    public static PlotModel Scree(PcaReport report)
    {
        var model = PlotParts.Model().WithLegend();
        var share = PlotAxes.Linear(AxisPosition.Left, "share of the variance");
        (share.Minimum, share.Maximum, share.LabelFormatter) = (0, 1, PlotParts.Percent);
        model.Axes.Add(PlotAxes.Count(AxisPosition.Bottom, "component"));
        model.Axes.Add(share);
        double all = report.Variances.Sum(), sum = 0;
        var kept = new RectangleBarSeries { Title = "kept", FillColor = PlotTheme.Blue.Light, StrokeThickness = 0 };
        var dropped = new RectangleBarSeries { Title = "not kept", FillColor = PlotTheme.Muted.Light, StrokeThickness = 0 };
        var line = PlotParts.Line(PlotTheme.Vermillion, 1.6, "all up to there");
        foreach (var (index, variance) in report.Variances.Take(MostShown).Index())
        {
            var bars = index < report.Components ? kept : dropped;
            bars.Items.Add(new(index + 0.6, 0, index + 1.4, variance / all));
            sum += variance / all;
            line.Points.Add(new(index + 1, sum));
        }

        model.Series.Add(kept);
        if (dropped.Items.Count > 0)
        {
            model.Series.Add(dropped);
        }

        model.Series.Add(line);
        return model;
    }

    // In the plane of the first two components.
    private static XElement? Places(ModelPackage package, SeenRows? rows)
    {
        using var model = rows is { Count: > 1 } ? CodeModel.Find(package) : null;
        if (rows is null || model is not { Latent: > 1 })
        {
            return null;
        }

        var points = model.Encode(rows.First(rows.Count), null).Means.Chunk(model.Latent).Select(c => ((double)c[0], (double)c[1]));
        bool hasColours = GenerationPlots.HasColours(rows.Classes);
        return ReportPage.Figure(
            "Where rows lie",
            $"A dot is a test row, at its first two components.{(hasColours ? " The colour is its class, which is not used." : "")}",
            PlotSvg.Element(
                GenerationPlots.Codes(new([.. points], 1), hasColours ? rows.Classes : null, ("component 1", "component 2")),
                1060,
                560,
                "g1",
                "Where rows lie"),
            isWide: true);
    }

    private static XElement? Images(ModelPackage package, PcaReport report)
    {
        var shape = package.Manifest.Input;
        if (shape.Rank != 4 || shape[1].Size is not (1 or 3))
        {
            return null;
        }

        var (channels, height, width) = ((int)shape.Size(1), (int)shape.Size(2), (int)shape.Size(3));
        var weights = package.ReadWeights();
        var mean = weights["encoder/center.mean"].Data;
        var images = weights["encoder/components.weight"].Data.Chunk(mean.Length).Take(MostImages).Index().Select(c => ReportPage.Figure(
            string.Create(CultureInfo.InvariantCulture, $"Component {c.Index + 1}"),
            string.Create(CultureInfo.InvariantCulture, $"{report.ExplainedVarianceRatio[c.Index]:0.00%} of the variance."),
            PixelImage.Signed(c.Item, channels, height, width)));
        return Html.Element(
            "div",
            Html.Element("p", Html.Class("hint"), channels == 1
                ? "Pixels that a component makes brighter are orange, those that it makes darker blue; white pixels stay."
                : "Grey pixels stay; others are the colour towards which a component moves them."),
            Html.Element("div", Html.Class("plots"), Narrow(), images.Prepend(ReportPage.Figure(
                "Mean", "What the coordinates 0 stand for.", PixelImage.Of(mean, channels, height, width)))));
    }

    // Small pictures stand side by side.
    private static XAttribute Narrow() => new("style", "grid-template-columns:repeat(auto-fill,minmax(190px,1fr))");

    private static XElement Table(PcaReport report)
    {
        var sums = new List<double>();
        foreach (double ratio in report.ExplainedVarianceRatio.Take(MostShown))
        {
            sums.Add(ratio + (sums.Count > 0 ? sums[^1] : 0));
        }

        return PageGrid.Of(
            "Components",
            "component",
            ["variance", "share", "share up to there", "singular value"],
            sums.Select((sum, i) => ((i + 1).ToString(CultureInfo.InvariantCulture), (List<string>)
            [
                report.ExplainedVariance[i].ToString("G5", CultureInfo.InvariantCulture),
                report.ExplainedVarianceRatio[i].ToString("0.00%", CultureInfo.InvariantCulture),
                sum.ToString("0.00%", CultureInfo.InvariantCulture),
                report.SingularValues[i].ToString("G5", CultureInfo.InvariantCulture),
            ])));
    }
}
