using System.Globalization;
using System.Xml.Linq;
using MlNetDl.Search.Analysis.Plots;
using OxyPlot;

namespace MlNetDl.Search.Analysis;

/// <summary>The plots of a report, each with a title and a sentence on how to read it. What has nothing to show
/// is left out.</summary>
internal static class ReportPlots
{
    public static XElement? Of(History history, StudyReportOptions options)
    {
        var cards = new Cards();
        if (history.Goals.Count > 1)
        {
            cards.Add("Pareto front", Front(ParetoFront.Of(history, ParetoFront.WorstValues(history))));
        }

        for (int objective = 0; objective < history.Goals.Count; objective++)
        {
            Objective(history, objective, options, cards);
        }

        cards.Add(
            "Learning curves",
            (IntermediateValues.Of(history), "A line is a trial over its steps; a dot ends those that were stopped. "
                + "Complete trials lie on top, and the axis follows them. Good trials part from bad ones early if pruning is to pay."));
        cards.Add(
            "Timeline",
            (
                Timeline.Of(history),
                "A bar is a trial from start to end. Gaps are idle workers, long bars costly trials."));
        return cards.Any
            ? Html.Element(
                "section",
                Html.Element("h2", "Plots"),
                history.Trials.Count > PlotParts.MostDots
                    ? Html.Element(
                        "p",
                        Html.Class("hint"),
                        $"Of more than {PlotParts.MostDots} trials, dots are thinned evenly by "
                            + "value; the best always stays.")
                    : null,
                Html.Element("div", Html.Class("plots"), cards.Elements))
            : null;
    }

    private static void Objective(History history, int objective, StudyReportOptions options, Cards cards)
    {
        var name = ObjectiveAxis.Of(history, objective).Name;
        string Of(string title) => history.Goals.Count == 1 ? title : $"{title} of {name}";
        cards.Add(
            Of("Optimisation history"),
            (
                OptimizationHistory.Of(history, objective),
                "A mark is a trial, its colour and shape say what proposed it; the line is the best so far. A line that has been "
                    + "flat for long says that more trials of this kind bring little." + WithoutValue(history)));
        var importances = options.Importances.Select(e => e.Evaluate(history, objective)).ToList();
        foreach (var importance in importances)
        {
            var without = importance.LeftOut.Count == 0 ? "" : $", {ImportancePlot.Without(importance.LeftOut)}";
            cards.Add($"{Question(importance, history.Goals.Count == 1 ? "the value" : name)}{without} ({importance.Method})",
                (importance, string.Join(' ', importance.Notes.Prepend(Reading(importance)))));
        }

        var order = importances[0].Importances.Select(i => i.Parameter).ToList();
        var axes = order.Take(options.MostParameters).ToList();
        cards.Add(
            Of("Parallel coordinates"),
            (
                ParallelCoordinates.Of(history, axes, objective),
                "A line is a trial through its value and its parameters; the most striking lines are the best. Where "
                    + "they meet on an axis, that value is good. A gap is a parameter that the trial does not have. "
                    + Order(importances[0].Method, axes.Count)),
            wide: axes.Count > 4);
        foreach (var parameter in axes)
        {
            cards.Add(
                $"{Of("Slice")} by {parameter}",
                (Slice.Of(history, parameter, objective), "A dot is a trial, whatever its other parameters were. A "
                    + "slope or a valley says which values are good; dots at the edge ask for a wider range."));
        }

        var pairs = axes.SelectMany((_, i) => axes.Take(i).Select(a => (X: a, Y: axes[i])))
            .Where(p => IsPlane(history, p.X, p.Y, objective))
            .Take(options.MostPairs).ToList();
        foreach (var (x, y) in pairs)
        {
            cards.Add(
                $"{Of("Landscape")} over {x} and {y}",
                (Contour.Of(history, x, y, objective), "Colour is the value, smoothed between the trials (dots) and "
                    + "averaged over all other parameters; where no trial is near, there is none."));
        }

        foreach (var (x, y) in pairs)
        {
            cards.Add(
                $"{Of("Ranks")} over {x} and {y}",
                (
                    Ranks.Of(history, x, y, objective),
                    "A dot is a trial, its colour its place among all. Where the best gather, search further."));
        }

        cards.Add(
            Of("Distribution of values"),
            (
                EmpiricalDistribution.Of(history, objective),
                "The height of the curve is the share of trials with at most that value. The farther it lies to the "
                    + "good side, the better the space and the search as a whole."));
    }

    /// <summary>Whether trials that have both parameters differ in both: not so for a parameter and the choice that
    /// it depends on.</summary>
    private static bool IsPlane(History history, string x, string y, int objective)
    {
        var points = Ranks.Of(history, x, y, objective).Points;
        return points.Select(p => p.X).Distinct().Skip(1).Any() && points.Select(p => p.Y).Distinct().Skip(1).Any();
    }

    /// <summary>The question that the method asks. Two methods that ask different questions give different orders, and
    /// neither is wrong.</summary>
    private static string Question(ParameterImportances importances, string objective) => importances.Method switch
    {
        PedAnova.Method => $"What makes {objective} good",
        FunctionalAnova.Method => $"What moves {objective}",
        _ => $"What matters for {objective}",
    };

    private static string Reading(ParameterImportances importances) => importances.Method switch
    {
        PedAnova.Method => "A long bar is a parameter in which the best trials differ from all: how far the density of "
            + "its values among the best departs from that among all trials. It does not ask by how much they are better.",
        FunctionalAnova.Method => "A long bar is a parameter that moves the value much over the whole space, good "
            + "regions and bad: also one that only tells bad trials from worse ones. R² is the share of the variance that the "
            + "method predicts in trials it has not seen; the closer to 0, the less the bars mean. What single parameters do "
            + "not explain belongs to their interactions.",
        _ => "A long bar is a parameter that matters much.",
    };

    private static string Order(string method, int axes) => axes > 1 ? $"Axes stand in the order of {method}." : "";

    /// <summary>A note on trials without a value, which a picture of values cannot show.</summary>
    private static string WithoutValue(History history)
    {
        var missing = history.Trials
            .Where(t => t.State is TrialState.Pruned or TrialState.Failed or TrialState.Cancelled)
            .CountBy(t => t.State)
            .OrderBy(c => c.Key)
            .Select(c => $"{c.Value} {AnalysisTable.Text(c.Key)}").ToList();
        return missing.Count == 0 ? "" : $" Only complete trials have a value: {string.Join(", ", missing)} are not shown.";
    }

    private static (AnalysisData, string) Front(ParetoFront front) => (
        front,
        "A diamond is a trial that no other beats in all objectives; along them one objective is paid for with another."
            + (front.Objectives.Count > 2 ? " The picture shows the first two." : "")
            + (front.Hypervolume is { } volume
                ? $" Hypervolume {PlotText.Number(Html.Rounded(volume))}, from the worst values "
                    + $"({string.Join(", ", front.ReferencePoint!.Select(v => PlotText.Number(Html.Rounded(v))))})."
                : ""));

    private sealed class Cards
    {
        public List<XElement> Elements { get; } = [];

        public bool Any => Elements.Count > 0;

        public void Add(string title, (AnalysisData Data, string Reading) plot, bool wide = false)
        {
            if (AnalysisPlots.Draw(plot.Data) is not { } model)
            {
                return;
            }

            var id = string.Create(CultureInfo.InvariantCulture, $"g{Elements.Count}");
            var svg = PlotSvg.Element(model, wide ? 1060 : 520, wide ? 380 : 340, id, PlotText.Visible(title));
            Elements.Add(ReportPage.Figure(title, plot.Reading, svg, wide));
        }
    }
}
