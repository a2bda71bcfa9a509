using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using MlNetDl.Configuration;
using MlNetDl.Search.Distributions;
using MlNetDl.Metrics;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Search.Analysis;

/// <summary>The head of a report: the result, the settings of the search, and the failures.</summary>
internal static class ReportSummary
{
    private const int MostErrors = 5;

    public static IEnumerable<XElement> Of(History history, StudyOptions search, StudyReportOptions options)
    {
        var list = TrialList.Of(history);
        var timeline = Timeline.Of(history);
        yield return Html.Element(
            "header",
            Html.Element("h1", options.Title ?? history.StudyName),
            Html.Element("p", Html.Class("hint"), Question(list, options.Objectives)));
        yield return Html.Element(
            "section",
            Html.Class("facts"),
            Best(history, list),
            Fact("Trials", history.Trials.Count.ToString(CultureInfo.InvariantCulture), Counts(history)),
            Fact(
                "Duration",
                timeline.Duration is { } duration ? Time(duration) : "–",
                timeline.Bars.Count == 0
                    ? "no trial has started"
                    : $"{Time(timeline.Work)} of work by "
                        + $"{Count(timeline.Bars.Select(b => b.Worker).Distinct().Count(), "worker")}"),
            Fact("Sampler", Component(search.Sampler, SearchCatalogs.Samplers), Settings(search.Sampler)),
            Fact("Pruner", Component(search.Pruner, SearchCatalogs.Pruners), Settings(search.Pruner)));
        yield return Html.Element(
            "div",
            Html.Class("side"),
            Table(history, list, options),
            Lineage(history, list),
            Space(history),
            Errors(history),
            Warnings(history));
    }

    private static XElement? Warnings(History history)
    {
        var warnings = HistoryWarnings.Of(history);
        return warnings.Count == 0
            ? null
            : Html.Element("section", Html.Element("h2", "Warnings"), warnings.Select(w => Html.Element("p", w)));
    }

    private static XElement? Table(History history, TrialList list, StudyReportOptions options)
    {
        var best = BestTrials(history, options.BestTrials).ToList();
        bool said = best.Exists(t => t.Proposal is not null);
        return best.Count == 0
            ? null
            : Html.Element(
                "section",
                Html.Element("h2", history.Goals.Count == 1 ? "Best trials" : "Trials on the Pareto front"),
                Html.Table(
                    [
                        "trial",
                        .. list.Objectives.Select(o => o.Name),
                        .. (string[])(said ? ["proposed by"] : []),
                        .. list.Parameters.Select(p => p.Name),
                    ],
                    best.Select(t => (IEnumerable<object?>)[
                        t.Number,
                        .. t.Values.Cast<object?>(),
                        .. (object?[])(said ? [t.Proposal ?? "–"] : []),
                        .. list.Parameters.Select(p => t.Numbers.TryGetValue(p.Name, out double n) ? p.Cell(n) : "–"),
                    ])));
    }

    // What population-based training has found is a schedule of parameters, and not those of the best trial.
    private static XElement? Lineage(History history, TrialList list)
    {
        if (history.Goals.Count > 1 || history.Space?.Find(PopulationBasedSampler.ParentDistance) is null
            || BestTrials(history, 1).FirstOrDefault() is not { } best)
        {
            return null;
        }

        var line = PopulationBasedSampler.Lineage(history, best);
        return Html.Element(
            "section",
            Html.Element("h2", "Schedule of the best"),
            Html.Element("p", Html.Class("hint"), $"Trial {string.Join(" → ", line.Select(t => t.Number))}: each went on from the one before."),
            Html.Table(
                ["trial", list.Objectives[0].Name, .. list.Parameters.Select(p => p.Name)],
                line.Select(t => (IEnumerable<object?>)[
                    t.Number,
                    t.Values.Count > 0 ? t.Value : null,
                    .. list.Parameters.Select(p => t.Numbers.TryGetValue(p.Name, out double n) ? p.Cell(n) : "–"),
                ])));
    }

    private static XElement? Errors(History history)
    {
        var errors = history.Trials.Where(t => t.State == TrialState.Failed)
            .GroupBy(t => t.Error ?? "")
            .OrderByDescending(g => g.Count())
            .ThenBy(g => g.First().Number).ToList();
        return errors.Count == 0
            ? null
            : Html.Element(
                "section",
                Html.Element("h2", "Errors"),
                Html.Table(
                    ["trials", "first", "error"],
                    errors.Take(MostErrors).Select(g => (IEnumerable<object?>)[
                        g.Count(),
                        g.First().Number,
                        g.Key,
                    ])),
                errors.Count > MostErrors
                    ? Html.Element(
                        "p",
                        Html.Class("hint"),
                        $"{errors.Count - MostErrors} other messages stand in the list of trials.")
                    : null);
    }

    private static string Question(TrialList list, IReadOnlyList<string> figures)
    {
        var goals = list.Objectives.Select((o, i) => (i < figures.Count ? $"{figures[i]} (here: {o.Name})" : o.Name)
            + $" as {(o.Goal == Goal.Minimize ? "small" : "large")} as possible");
        return $"Study of {Count(list.Parameters.Count, "parameter")}: {string.Join(", ", goals)}.";
    }

    private static XElement Best(History history, TrialList list)
    {
        var front = BestTrials(history, int.MaxValue).ToList();
        return history.Goals.Count > 1
            ? Fact("Pareto front", Count(front.Count, "trial"), "that no other beats in all objectives")
            : front.Count == 0 ? Fact("Best", "–", "no feasible trial is complete")
            : Fact("Best", Plots.PlotText.Number(Html.Rounded(front[0].Value)), $"{list.Objectives[0].Name} of trial {front[0].Number}");
    }

    /// <summary>The best by value, or those on the front in order of the first objective.</summary>
    private static IEnumerable<TrialRecord> BestTrials(History history, int many) => history.Goals.Count == 1
        ? Observation.Of(history, 0)
            .Where(o => o.Trial.IsFeasible)
            .OrderBy(o => ObjectiveAxis.Of(history, 0).Cost(o.Value))
            .ThenBy(o => o.Trial.Number)
            .Take(many)
            .Select(o => o.Trial)
        : ParetoFront.Of(history).Points
            .Where(p => p.IsOnFront)
            .OrderBy(p => p.Values[0])
            .ThenBy(p => p.Number)
            .Take(many)
            .Select(p => history.Trials[p.Number]);

    private static XElement? Space(History history)
    {
        var rows = history.Space is { } space
            ? space.Parameters.Where(p => PopulationBasedSampler.IsSearched(p.Name)).Select(p => (
                p.Name,
                Values: Words(p.Distribution) + (p.AtLeast is null ? "" : $", at least {p.AtLeast}") + (p.AtMost is null ? "" : $", at most {p.AtMost}"),
                When: string.Join(" and ", p.When.Select(w => $"{w.Parameter} is {string.Join(" or ", w.Values)}"))))
            : ParameterAxis.Searched(history).OrderBy(p => p.Key, StringComparer.Ordinal)
                .Select(p => (Name: p.Key, Values: Words(p.Value), When: ""));
        var table = rows.ToList();
        return table.Count == 0
            ? null
            : Html.Element(
                "section",
                Html.Element("h2", "Search space"),
                Html.Table(
                    table.Exists(r => r.When.Length > 0)
                        ? ["parameter", "values", "only when"]
                        : ["parameter", "values"],
                    table.Select(r => table.Exists(o => o.When.Length > 0)
                        ? new object?[] { r.Name, r.Values, r.When }
                        : [r.Name, r.Values])),
                history.Widenings.Select(w => Html.Element(
                    "p",
                    Html.Class("hint"),
                    string.Create(CultureInfo.InvariantCulture,
                        $"{w.Parameter} had {Words(w.Before)} in trials below {w.Trials}, and has {Words(w.Now)} from then on."))),
                history.Space is { Constraints.Count: > 0 } bound
                    ? Html.Element("p", Html.Class("hint"), $"Constraints: {string.Join("; ", bound.Constraints.Select(Words))}.")
                    : null);
    }

    private static string Words(Constraint constraint) => constraint.Name
        + (constraint.AtLeast is { } least ? $" at least {AnalysisTable.Text(least)}" : "")
        + (constraint.AtMost is { } most ? $" at most {AnalysisTable.Text(most)}" : "");

    private static string Words(Distribution distribution) => distribution switch
    {
        Uniform u => $"{Plots.PlotText.Number(u.From)} to {Plots.PlotText.Number(u.Last)}"
            + (u.Step is { } step ? $", step {Plots.PlotText.Number(step)}" : ""),
        LogUniform u => $"{Plots.PlotText.Number(u.From)} to {Plots.PlotText.Number(u.To)}, logarithmic",
        Integer i => $"{i.From} to {i.Last}, whole{(i.Log ? ", logarithmic" : i.Step == 1 ? "" : $", step {i.Step}")}",
        Choice c => string.Join(", ", c.Options.Select(o => o.ToString())),
        _ => distribution.ToString(),
    };

    private static XElement Fact(string name, string value, string detail) => Html.Element(
        "div",
        Html.Class("fact"),
        Html.Element("h2", name),
        Html.Element("p", Html.Class("value"), value),
        Html.Element("p", Html.Class("hint"), detail));

    private static string Counts(History history) => history.Trials.Count == 0
        ? "none yet"
        : string.Join(
            ", ",
            history.Trials.GroupBy(t => t.State)
                .OrderBy(g => g.Key == TrialState.Complete ? -1 : (int)g.Key)
                .Select(g => $"{g.Count()} {AnalysisTable.Text(g.Key)}"));

    /// <summary>The name that YAML has for it. A host's own component that is in no catalog goes by its type.</summary>
    private static string Component(object component, ICatalog catalog) => catalog.EntryOf(component.GetType())?.Name
        ?? component.GetType().Name;

    private static string Settings(object component)
    {
        try
        {
            // By its own type, so that components which are in no catalog have settings too.
            var node = RecordJson.ToNode<object>(component) as JsonObject ?? [];
            return string.Join(", ", node.Where(p => p.Key != "type").Select(p => $"{p.Key} {p.Value?.ToJsonString() ?? "none"}"));
        }
        catch (NotSupportedException)
        {
            // A host's own component need not have a JSON form.
            return "";
        }
    }

    private static string Count(int many, string what) => many == 1 ? $"1 {what}" : $"{many} {what}s";

    private static string Time(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms"),
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds} s"),
        { TotalDays: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Hours} h {time.Minutes} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays} d {time.Hours} h"),
    };
}
