using System.Globalization;
using System.Xml.Linq;
using MlNetDl.Decomposition;
using MlNetDl.Generative;
using MlNetDl.Models;
using MlNetDl.Search.Analysis;
using MlNetDl.Search.Analysis.Plots;
using OxyPlot;

namespace MlNetDl.Experiments;

/// <summary>What an autoencoder has learnt as one page for people: what it makes, and where its codes lie.</summary>
internal static class GenerationPage
{
    /// <summary>The page's file, beside the model.</summary>
    public const string File = "generation.html";

    /// <summary>The most rows that the page looks at.</summary>
    public const int MostRows = 2000;

    private const int Reconstructed = 32;

    /// <summary>Writes the page of an autoencoder, and of other models none. A PCA has a page of its own.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="package">The model.</param>
    /// <param name="test">Reads rows of the test part; <see langword="null"/> leaves out what needs them, and so do rows that do not suit the
    /// model.</param>
    /// <param name="tell">Gets told of the latter.</param>
    public static void Write(string folder, string name, ModelPackage package, Func<SeenRows?> test, Action<string>? tell = null)
    {
        if (PcaReport.Of(package) is null && CodeModel.Find(package) is { } model)
        {
            using (model)
            {
                ModelPage.Write(Path.Combine(folder, File), tell, () => ToHtml(name, model, Rows(model, test())), () => ToHtml(name, model, null));
            }
        }
    }

    /// <summary>The page as text.</summary>
    public static string ToHtml(string name, CodeModel model, SeenRows? rows)
    {
        var classes = rows is null ? null : model.Told(rows.Classes);
        var sheets = SampleSheet.CanDraw(model.Input) ? new GenerationSheets(model, classes) : null;
        var (means, variances) = rows is null ? ([], []) : model.Encode(rows.First(rows.Count), classes);
        var activity = rows is null ? null : model.Activity(means, variances);
        var prior = (model as VaeModel)?.Spec.Prior;
        float[][] codes = [.. means.Chunk(model.Latent)];
        return ReportPage.Document($"{name}, generation", Html.Element(
            "main",
            Html.Element(
                "header",
                Html.Element("h1", $"What {name} makes"),
                Html.Element("p", Html.Class("hint"), Words(model, rows)),
                prior is not null && activity is not null && Collapse(activity) is { } collapse ? Html.Element("p", collapse) : null),
            Section(
                "Images",
                // Two sheets beside each other on a wide screen.
                560,
                sheets is null ? [] :
                [
                    prior is null ? null : sheets.New((VaeModel)model),
                    rows is null ? null : sheets.Reconstructions([.. rows.First(Reconstructed)], [.. codes.Take(Reconstructed).SelectMany(c => c)]),
                    prior is StandardNormal && model.Latent == 2 && classes is null ? sheets.Manifold() : null,
                    codes.Length < 2 ? null : sheets.Interpolations(codes),
                    activity is null ? null : sheets.Traversals(codes[0], activity),
                ]),
            Section(
                "Codes",
                440,
                activity is null ? [] :
                [
                    model.Latent < 2 || codes.Length < 2 ? null : Places(means, model.Latent, rows!.Classes, isTold: classes is not null),
                    Plot("Activity", Reading(activity), GenerationPlots.Activity(activity)),
                    Plot("Distance from 0", NormReading(prior), GenerationPlots.Norms([.. codes.Select(Norm)], prior, model.Latent)),
                ])));
    }

    // Without known classes, what needs rows is left out.
    private static SeenRows? Rows(CodeModel model, SeenRows? test)
    {
        var rows = test is { Count: > 0 } ? test.Thinned(MostRows) : null;
        return model.ClassNames.Count > 0 && rows?.Classes?.All(c => model.ClassNames.Contains(c)) != true ? null : rows;
    }

    private static XElement? Section(string title, int width, IEnumerable<XElement?> figures)
    {
        var style = new XAttribute("style", string.Create(
            CultureInfo.InvariantCulture, $"grid-template-columns:repeat(auto-fill,minmax(min(100%,{width}px),1fr))"));
        return figures.OfType<XElement>().ToList() is { Count: > 0 } shown
            ? Html.Element("section", Html.Element("h2", title), Html.Element("div", Html.Class("plots"), style, shown))
            : null;
    }

    private static string Words(CodeModel model, SeenRows? rows)
    {
        var prior = (model as VaeModel)?.Spec.Prior switch
        {
            StandardNormal => " Its prior is the standard normal.",
            Tilted tilted => string.Create(CultureInfo.InvariantCulture, $" Its prior is tilted towards a sphere of radius {tilted.Tau}."),
            LearnedNormal => " Its prior is another one for each class, and was learned.",
            _ => "",
        };
        return string.Create(CultureInfo.InvariantCulture, $"A code has {model.Latent:N0} values, a row {model.Width:N0}.{prior}")
            + (rows is null ? "" : string.Create(CultureInfo.InvariantCulture, $" Codes are those of {rows.Count:N0} rows of the test part."));
    }

    private static string? Collapse(CodeActivity activity)
    {
        var (active, all) = (activity.ActiveValues, activity.Variances.Count);
        return active * 2 >= all ? null : (active == 0
            ? $"None of the {all} values of the code says anything of a row: the decoder ignores them"
            : $"Only {active} of {all} values of the code say anything of a row: the decoder ignores the others")
            + " (posterior collapse). A longer warm-up of kl, a lower weight, a smaller decoder or a smaller latent may help.";
    }

    private static XElement Places(float[] means, int latent, IReadOnlyList<string>? classes, bool isTold)
    {
        var plane = CodePlane.Of(means, latent);
        bool hasColours = GenerationPlots.HasColours(classes);
        var (names, place) = latent == 2
            ? (("value 1", "value 2"), "A dot is a test row, at both values of its code.")
            : (("component 1", "component 2"), string.Create(CultureInfo.InvariantCulture,
                $"A dot is a test row, in the plane of the first two principal components of the codes, which shows {plane.Share:0%} of their variance."));
        var colours = !hasColours ? ""
            : isTold ? " The colour is its class, which the model is told: where codes have nothing left to say of it, classes lie over each other."
            : " The colour is its class, which the training did not see: where classes lie apart, the codes have found them.";
        return Plot("Where codes lie", place + colours, GenerationPlots.Codes(plane, hasColours ? classes : null, names), height: 460);
    }

    private static string Reading(CodeActivity activity) =>
        $"{activity.ActiveValues} of {activity.Variances.Count} values are active: their means vary over the rows by more than 0.01. "
        + (activity.Divergences is null
            ? "A bar is the variance of a value's mean; one near 0 says nothing of a row."
            : "A bar is how far a value's distribution for a row is from the prior; one near 0 says nothing of a row.");

    private static string NormReading(Prior? prior) => prior is null || !PriorRadius.Knows(prior)
        ? "How far the codes of rows lie from 0."
        : "How far the means of codes lie from 0, and how far codes of the prior do. A code is its mean and noise, so the bars may lie "
            + "left of the line. Where both lie far apart, new codes come from places that no row has, and new rows are poor.";

    private static XElement Plot(string title, string reading, PlotModel plot, int height = 380) =>
        ReportPage.Figure(title, reading, PlotSvg.Element(plot, 640, height, $"g-{title[0]}", title));

    private static double Norm(float[] code) => Math.Sqrt(code.Sum(v => (double)v * v));
}
