using System.Globalization;
using MlNetDl.Experiments;
using MlNetDl.Search;

namespace MlNetDl.Commands.Views;

/// <summary>A sweep as plain lines: one a trial.</summary>
internal sealed class SweepLines(TextWriter output) : SweepView
{
    private Experiment? experiment;
    private int ended;

    public override void Started(Experiment experiment, int finished)
    {
        (this.experiment, ended) = (experiment, finished);
        var search = experiment.Search!;
        output.WriteLine($"{experiment.Name}{(experiment.Description is { } text ? $": {text}" : "")}");
        output.WriteLine($"  searching {string.Join(", ", search.Space.Keys)}: {Figures.Count(search.MaxTrials, "trial")}, "
            + $"{Figures.Count(search.Workers, "worker")}, {string.Join(" and ", search.Objective.Select(Text))}");
        if (finished > 0)
        {
            output.WriteLine($"  going on after {Figures.Count(finished, "trial")}");
        }
    }

    public override void TrialEnded(TrialRecord trial, IReadOnlyDictionary<string, object?> parameters, bool isBest)
    {
        ended++;
        var names = experiment!.Search!.Objective;
        var values = trial.State switch
        {
            TrialState.Complete => string.Join("  ", names.Zip(trial.Values).Select(v => $"{v.First.Figure} {Number(v.Second)}")),
            TrialState.Pruned => $"pruned{(trial.Values.Count > 0 ? $" at {Number(trial.Values[0])}" : "")} after "
                + Figures.Count(trial.Reports.Count, "report"),
            _ => $"{trial.State.ToString().ToLowerInvariant()}: {trial.Error}",
        };
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  trial {trial.Number,3}  {values}{(isBest ? "  *best*" : "")}  |  {string.Join(", ", parameters.Select(Text))}"));
    }

    public override void FinalStarted(TrialRecord best, int trainings) =>
        output.WriteLine($"  the best is trial {best.Number}; {Figures.Count(trainings, "final training")} on the test data follow");

    public override void FinalEnded(string configuration, int seed, string figure, double value) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {configuration}, seed {seed}: {figure} {Number(value)}"));

    public override void Message(string text) => output.WriteLine($"  {text}");

    /// <summary>The result of a sweep, behind its trials.</summary>
    public static void Summarize(TextWriter output, RunResult result)
    {
        var search = result.Search!;
        output.WriteLine();
        output.WriteLine($"{search.Complete} complete, {search.Pruned} pruned, {search.Failed} failed");
        foreach (var best in search.Best)
        {
            output.WriteLine($"best: trial {best.Number}, {string.Join(", ", best.Values.Select(v => $"{v.Key} {Number(v.Value)}"))}");
            output.WriteLine($"  {string.Join(", ", best.Parameters.Select(p => $"{p.Key}={p.Value?.ToJsonString() ?? "null"}"))}");
        }

        if (search.Final?.Comparison is { } comparison)
        {
            output.WriteLine($"{search.Final.Figure}: {comparison}");
        }
    }

    private static string Text(SearchObjective objective) => $"{(objective.Maximize is null ? "minimize" : "maximize")} {objective.Figure}";

    private static string Text(KeyValuePair<string, object?> parameter) =>
        string.Create(CultureInfo.InvariantCulture, $"{parameter.Key}={(parameter.Value is double d ? Number(d) : parameter.Value ?? "null")}");

    private static string Number(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}
