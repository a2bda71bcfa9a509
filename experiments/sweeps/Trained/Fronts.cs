using System.Globalization;
using System.Text.Json.Nodes;
using MlNetDl.Experiments;
using MlNetDl.Metrics;
using MlNetDl.Search;
using MlNetDl.Search.Analysis;

namespace MlNetDl.Sweeps.Trained;

/// <summary>How good the fronts of a search with two objectives are beside those of its control, and the front of all its
/// seeds together.</summary>
internal static class Fronts
{
    public static void Tell(
        IReadOnlyList<TrainedRun> own, IReadOnlyList<TrainedRun> others, IReadOnlyList<SearchObjective> objectives, JsonObject result)
    {
        IReadOnlyList<Goal> goals = [.. objectives.Select(o => o.Goal)];
        var (mine, theirs) = (own.Select(Complete).ToList(), others.Select(Complete).ToList());
        // What counts is a share more or less, not a number more or less: a multiply-add in a thousand is much, in a million nothing.
        var all = mine.Concat(theirs).SelectMany(t => t).ToList();
        double[] reference = [.. goals.Select((goal, i) => all.Select(t => Scaled(t.Values[i], objectives[i])).MaxBy(v => goal.Loss(v)))];
        TrainedSweep.Compare(
            $"hypervolume of {string.Join(" and ", objectives.Select(ScaleName))}",
            Goal.Maximize,
            [.. mine.Select(Volume)],
            [.. theirs.Select(Volume)],
            result);
        result["reference"] = TrainedSweep.Values(reference);

        var front = Front(mine.SelectMany(t => t)).OrderBy(t => t.Values[^1]).ToList();
        Console.WriteLine();
        Console.WriteLine($"| {string.Join(" | ", objectives.Select(o => o.Figure))} | found with |");
        Console.WriteLine($"|{string.Concat(objectives.Select(_ => "---|"))}---|");
        foreach (var trial in front)
        {
            Console.WriteLine($"| {string.Join(" | ", trial.Values.Select(v => v.ToString("G5", CultureInfo.InvariantCulture)))} | "
                + $"{string.Join(", ", trial.Parameters.Select(p => $"{p.Key}={p.Value}"))} |");
        }

        result["front"] = new JsonArray([.. front.Select(t => TrainedSweep.Values(t.Values))]);

        double Volume(IReadOnlyList<TrialRecord> trials) => Hypervolume.Of(
            [.. trials.Select(t => objectives.Select((o, i) => Scaled(t.Values[i], o)).ToArray())], reference, goals);

        IEnumerable<TrialRecord> Front(IEnumerable<TrialRecord> trials)
        {
            var known = trials.ToList();
            return known.Where(t => !known.Exists(o => Beats(o, t))).DistinctBy(t => string.Join(' ', t.Values));
        }

        bool Beats(TrialRecord a, TrialRecord b) =>
            !goals.Where((goal, i) => goal.IsBetter(b.Values[i], a.Values[i])).Any()
            && goals.Where((goal, i) => goal.IsBetter(a.Values[i], b.Values[i])).Any();
    }

    private static IReadOnlyList<TrialRecord> Complete(TrainedRun run) => [.. run.Trials().Where(t => t.State == TrialState.Complete)];

    private static double Scaled(double value, SearchObjective objective) => IsCount(objective) ? Math.Log10(value) : value;

    private static string ScaleName(SearchObjective objective) => IsCount(objective) ? $"log10 {objective.Figure}" : objective.Figure;

    private static bool IsCount(SearchObjective objective) =>
        objective.Figure is "macs" or "parameters" or "bytes";
}
