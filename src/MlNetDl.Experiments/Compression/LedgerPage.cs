using System.Globalization;
using System.Xml.Linq;
using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Metrics;
using MlNetDl.Search.Analysis;
using MlNetDl.Search.Analysis.Plots;

namespace MlNetDl.Experiments;

/// <summary>What a <see cref="LedgerPage"/> shows beside the ledger.</summary>
public sealed record LedgerPageOptions
{
    /// <summary>The heading; <c>Ledger</c> by default.</summary>
    public string Title { get; init; } = "Ledger";

    /// <summary>The figure that plots set against the costs; <see langword="null"/> draws none.</summary>
    public Metric? Metric { get; init; }

    /// <summary>Remarks below the heading, a paragraph each; none by default.</summary>
    public ValueList<string> Notes { get; init; } = [];

    /// <summary>What was tried for a target, best first; <see langword="null"/> where nothing was.</summary>
    public IReadOnlyList<CompressionTry>? Tries { get; init; }
}

/// <summary>A ledger as one page for people: the table, and the figure of the task against what the models cost. The file
/// needs nothing beside it and no network.</summary>
public static class LedgerPage
{
    private static readonly (string Key, string Name, Func<LedgerRow, double?> Of)[] Costs =
    [
        ("parameters", "parameters", row => row.Size.Parameters),
        ("macs", "multiply-adds", row => row.Size.Macs),
        ("bytes", "bytes of the .onnx file", row => row.Size.OnnxBytes),
        ("p50", "milliseconds a row (median)", row => row.Single?.P50),
    ];

    /// <summary>The page as text.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="options">What the page shows beside it.</param>
    public static string ToHtml(CompressionLedger ledger, LedgerPageOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        options ??= new();
        return ReportPage.Document(options.Title, Html.Element(
            "main",
            Html.Element(
                "header",
                Html.Element("h1", options.Title),
                options.Notes.Select(n => Html.Element("p", Html.Class("hint"), n))),
            ledger.Rows.Count == 2 ? Facts(ledger, options.Metric) : null,
            Html.Element(
                "section",
                Html.Element("h2", "Ledger"),
                Html.Element(
                    "p",
                    Html.Class("hint"),
                    $"In brackets the part of '{ledger.Rows[0].Name}'. Times are those of ONNX Runtime on one thread of this machine, all models in "
                        + "turn. A .zip holds zeros in next to no bytes."
                        + (ledger.Rows.Any(r => r.Seeds > 1)
                            ? " Sizes and figures are means over the seeds; times, work in the mean, noise and how often classes are the same are of "
                                + "the first seed's models."
                            : "")),
                LedgerGrid.Of(ledger)),
            ledger.Rows.Any(r => r.Comparison is not null) ? Comparisons(ledger) : null,
            options.Tries is { } tries ? Tries(tries) : null,
            Plots(ledger, options.Metric)));
    }

    private static XElement Facts(CompressionLedger ledger, Metric? metric)
    {
        var (before, after) = (ledger.Rows[0], ledger.Rows[1]);
        var facts = Costs.Where(c => c.Of(before) > 0 && c.Of(after) is not null)
            .Select(c => Fact(c.Name, LedgerGrid.Part(c.Of(after)!.Value, c.Of(before)!.Value), $"{Number(c.Of(before))} → {Number(c.Of(after))}")).ToList();
        if (metric is not null && before.Metrics.TryGetValue(metric.FigureName, out double old)
            && after.Metrics.TryGetValue(metric.FigureName, out double now))
        {
            facts.Insert(0, Fact($"{metric.FigureName} on the test part", LedgerGrid.Figure(now), $"{before.Name}: {LedgerGrid.Figure(old)}"));
        }

        if (after.Agreement is { } agreement)
        {
            facts.Add(Fact($"same prediction as {before.Name}", LedgerGrid.Percent(agreement.Share), string.Create(CultureInfo.InvariantCulture,
                $"of {agreement.Rows:N0} rows; where they differ, {after.Name} is right {agreement.Right:N0} times, {before.Name} "
                    + $"{agreement.OtherRight:N0} times")));
        }

        return Html.Element("section", Html.Class("facts"), facts);
    }

    private static string Number(double? value) => value >= 1000
        ? value.Value.ToString("N0", CultureInfo.InvariantCulture)
        : value?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "";

    private static XElement Fact(string name, string value, string remark) => Html.Element(
        "div",
        Html.Class("fact"),
        Html.Element("h2", name),
        Html.Element("div", Html.Class("value"), value),
        Html.Element("p", Html.Class("hint"), remark));

    private static XElement Comparisons(CompressionLedger ledger) => Html.Element(
        "section",
        Html.Element("h2", "Comparisons"),
        ledger.Rows.Where(r => r.Comparison is not null).Select(r => Html.Element("p", $"{r.Name}: {r.Comparison}")));

    private static XElement Tries(IReadOnlyList<CompressionTry> tries)
    {
        var figures = tries.SelectMany(t => t.Validation.Keys).Distinct().ToList();
        return Html.Element(
            "section",
            Html.Element("h2", "Tries"),
            Html.Element("p", Html.Class("hint"), "The scores by which channels were chosen, and the figures on held-out rows after a short training."),
            Html.Table(["score", "reached", .. figures, "remark"], tries.Select((t, i) => (IEnumerable<object?>)
            [
                t.Method,
                t.Figure ?? (object)"–",
                .. figures.Select(f => t.Validation.TryGetValue(f, out double value) ? value : (object)"–"),
                t.Problem ?? (i == 0 ? "taken" : ""),
            ])));
    }

    private static XElement? Plots(CompressionLedger ledger, Metric? metric)
    {
        if (metric is null || !ledger.Rows.Any(r => r.Metrics.ContainsKey(metric.FigureName)))
        {
            return null;
        }

        var pictures = Costs.Select(cost => (cost.Name, Title: $"{metric.FigureName} against {cost.Name}", Model: Draw(cost)))
            .Where(p => p.Model is not null)
            .Select((p, i) => ReportPage.Figure(
                p.Title,
                $"A point is a model. On the line lie those that no other beats in both; {(metric.Goal == Goal.Maximize ? "higher" : "lower")} and "
                    + "further left is better.",
                PlotSvg.Element(p.Model, 520, 340, string.Create(CultureInfo.InvariantCulture, $"g{i}"), p.Title))).ToList();
        return pictures.Count == 0 ? null : Html.Element(
            "section", Html.Element("h2", $"{metric.FigureName} against cost"), Html.Element("div", Html.Class("plots"), pictures));

        OxyPlot.PlotModel? Draw((string Key, string Name, Func<LedgerRow, double?> Of) cost) => CostPlot.Draw(
            cost.Name,
            metric,
            [.. ledger.Rows.Where(r => cost.Of(r) is not null && r.Metrics.ContainsKey(metric.FigureName))
                .Select(r => new CostPoint(r.Name, cost.Of(r)!.Value, r.Metrics[metric.FigureName]))]);
    }
}
