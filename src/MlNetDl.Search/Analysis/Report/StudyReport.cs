using System.Text.Json;
using System.Xml.Linq;
using MlNetDl.Configuration;
using MlNetDl.Files;

namespace MlNetDl.Search.Analysis;

/// <summary>A study as one page for people: summary, plots, and all trials to sort, filter and download. The file needs
/// nothing beside it and no network.</summary>
public static class StudyReport
{
    /// <summary>Writes the report of a finished or running study, whole or not at all: if it fails, a file that was
    /// there stays as it was.</summary>
    /// <param name="study">The study.</param>
    /// <param name="path">The file, such as <c>study.html</c>; its folder is made.</param>
    /// <param name="options">What the report shows.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written, or is a folder.</exception>
    public static void Write(Study study, string path, StudyReportOptions? options = null) =>
        AtomicFile.WriteText(path, ToHtml(study, options));

    /// <summary>The report as text. The same trials give the same text.</summary>
    /// <inheritdoc cref="Write" path="/param"/>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static string ToHtml(Study study, StudyReportOptions? options = null) =>
        ToHtml(study.History.InOrder(), study.Options, options ?? new());

    internal static string ToHtml(History history, StudyOptions search, StudyReportOptions options)
    {
        RecordCheck.Require(options, "options");
        return ReportPage.Document(
            $"{options.Title ?? history.StudyName} – study",
            Html.Element("main", ReportSummary.Of(history, search, options), ReportPlots.Of(history, options), Trials(history)),
            Data(history),
            Html.Raw("script", ReportPage.Asset("report.js")));
    }

    private static XElement Trials(History history) => Html.Element(
        "section",
        new XAttribute("id", "trials"),
        Html.Element("h2", "Trials"),
        Html.Element(
            "p",
            Html.Class("hint"),
            "A click on a heading sorts, another one turns the order round. The file has more columns and all digits."),
        Html.Element(
            "div",
            Html.Class("controls"),
            Html.Element(
                "label",
                "Filter ",
                Html.Element(
                    "input",
                    new XAttribute("type", "search"),
                    new XAttribute("id", "filter"),
                    new XAttribute("placeholder", "words, such as adam failed"),
                    new XAttribute("autocomplete", "off"))),
            Html.Element("label", "State ", Html.Element(
                "select", new XAttribute("id", "state"), Html.Element("option", new XAttribute("value", ""), "all"))),
            Html.Element(
                "a",
                new XAttribute("id", "download"),
                Html.Class("button"),
                new XAttribute("download", FileName(history.StudyName)),
                new XAttribute("href", "#trials"),
                "Download CSV")),
        Html.Element(
            "p",
            new XAttribute("id", "count"),
            new XAttribute("role", "status"),
            history.Trials.Count == 0
                ? "No trials yet."
                : $"{history.Trials.Count} trials; the list needs JavaScript."),
        Html.Element(
            "div",
            Html.Class("scroll"),
            new XAttribute("id", "list"),
            new XAttribute("tabindex", 0),
            new XAttribute("role", "region"),
            new XAttribute("aria-label", "Trials")),
        Html.Element(
            "div",
            Html.Class("controls"),
            Html.Element(
                "button",
                new XAttribute("type", "button"),
                new XAttribute("id", "previous"),
                new XAttribute("hidden", "hidden"),
                "Previous"),
            Html.Element("span", new XAttribute("id", "page")),
            Html.Element(
                "button",
                new XAttribute("type", "button"),
                new XAttribute("id", "next"),
                new XAttribute("hidden", "hidden"),
                "Next")));

    // The default encoder writes <, > and & as escapes, so that no text can end the element.
    private static XElement Data(History history) => Html.Element(
        "script",
        new XAttribute("type", "application/json"),
        new XAttribute("id", "csv"),
        JsonSerializer.Serialize(TrialList.Of(history).ToCsv()));

    private static string FileName(string study) =>
        string.Concat(study.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')) + ".csv";
}
