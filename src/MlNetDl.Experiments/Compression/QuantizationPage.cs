using System.Globalization;
using System.Xml.Linq;
using MlNetDl.Compression;
using MlNetDl.Models;
using MlNetDl.Search.Analysis;
using MlNetDl.Search.Analysis.Plots;
using OxyPlot;
using OxyPlot.Annotations;

namespace MlNetDl.Experiments;

/// <summary>What rounding did to the layers of a model as one page for people: where the error arises, and how weights and values
/// are distributed over their ranges.</summary>
internal static class QuantizationPage
{
    /// <summary>The page's file, beside the model.</summary>
    public const string File = "quantization.html";

    /// <summary>Writes the page of a model that is quantised, and of others none.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="package">The model.</param>
    /// <param name="tell">Gets told where the page cannot be made.</param>
    public static void Write(string folder, string name, ModelPackage package, Action<string>? tell = null)
    {
        if (QuantizationReport.Of(package) is { } report)
        {
            ModelPage.Write(Path.Combine(folder, File), tell, () => ToHtml(name, report, package.Manifest.Quantization?.Words ?? ""));
        }
    }

    /// <summary>The page as text.</summary>
    public static string ToHtml(string name, QuantizationReport report, string words)
    {
        int pictures = 0;
        return ReportPage.Document($"{name}, quantisation", Html.Element(
            "main",
            Html.Element(
                "header",
                Html.Element("h1", $"What rounding did to the layers of {name}"),
                Html.Element("p", Html.Class("hint"), string.Create(
                    CultureInfo.InvariantCulture,
                    $"{words}. With these layers rounded, the network's output is off by {report.OutputError:P2} of its size on calibration rows.")),
                report.Calibration is { } calibration
                    ? Html.Element("p", Html.Class("hint"), string.Create(
                        CultureInfo.InvariantCulture, $"Ranges of values: {calibration}, on {report.Rows:N0} training rows."))
                    : null),
            Html.Element(
                "section",
                Html.Element("h2", "Layers"),
                Html.Element(
                    "p",
                    Html.Class("hint"),
                    "Decibels say how much larger weights and values are than the errors of their rounding: 6 dB more are half the error. Dashed lines "
                        + "in the pictures are the ends of the range; what lies beyond is cut off. Layers that are not here stayed in float."),
                Table(report)),
            Html.Element(
                "section",
                Html.Element("h2", "Weights and values"),
                Html.Element("div", Html.Class("plots"), report.Layers.SelectMany(Pictures)))));

        IEnumerable<XElement> Pictures(RoundedLayer layer)
        {
            if (layer.Weights is { } weights)
            {
                yield return ReportPage.Figure(
                    $"{layer.Path}: weights",
                    string.Create(CultureInfo.InvariantCulture, $"{weights.Counts.Sum():N0} weights, {layer.WeightNoise:0.#} dB above their rounding."),
                    Picture(SensitivityPlot.Histogram(weights), layer.Path));
            }

            if (layer.Values is { } values)
            {
                yield return ReportPage.Figure(
                    $"{layer.Path}: values that it reads",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{values.Counts.Sum():N0} values and {values.Zeros:N0} that are exactly 0, {layer.ValueNoise:0.#} dB above their rounding; "
                            + $"{layer.Beyond:P3} lie beyond the range."),
                    Picture(Marked(SensitivityPlot.Histogram(values, "values"), layer.Range), layer.Path));
            }
        }

        XElement Picture(PlotModel? model, string label) =>
            PlotSvg.Element(model, 520, 340, string.Create(CultureInfo.InvariantCulture, $"g{pictures++}"), PlotText.Visible(label));
    }

    // Lines at both ends of the range.
    private static PlotModel? Marked(PlotModel? model, ValueRange range)
    {
        foreach (float end in new[] { range.Least, range.Greatest })
        {
            model?.Annotations.Add(new LineAnnotation
            {
                Type = LineAnnotationType.Vertical,
                X = end,
                Color = PlotTheme.Series[1].Light,
                LineStyle = LineStyle.Dash,
            });
        }

        return model;
    }

    private static XElement Table(QuantizationReport report) => PageGrid.Of(
        "Layers",
        "layer",
        ["weights, dB", "values, dB", "range of values", "beyond it", "output off by, this layer alone"],
        report.Layers.Select(l => (l.Path, (List<string>)
        [
            l.WeightNoise.ToString("0.0", CultureInfo.InvariantCulture),
            l.ValueNoise.ToString("0.0", CultureInfo.InvariantCulture),
            string.Create(CultureInfo.InvariantCulture, $"{l.Range.Least:G3} … {l.Range.Greatest:G3}"),
            l.Beyond.ToString("P3", CultureInfo.InvariantCulture),
            l.OutputError.ToString("P2", CultureInfo.InvariantCulture),
        ])));
}
