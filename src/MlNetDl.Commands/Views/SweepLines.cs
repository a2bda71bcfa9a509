using System.Globalization;
using MlNetDl.Experiments;
using MlNetDl.Search;

namespace MlNetDl.Commands.Views;

/// <summary>A sweep as plain lines: one a trial.</summary>
internal sealed class SweepLines(TextWriter output) : SweepView
{
    private Experiment? experiment;

    public override void Started(Experiment experiment, IReadOnlyList<TrialRecord> finished)
    {
        this.experiment = experiment;
        output.WriteLine($"{experiment.Name}{(experiment.Description is { } text ? $": {text}" : "")}");
        output.WriteLine($"  {SweepText.Search(experiment.Search!)}");
        if (finished.Count > 0)
        {
            output.WriteLine($"  going on after {Figures.Count(finished.Count, "trial")}");
        }
    }

    public override void TrialEnded(TrialRecord trial, IReadOnlyDictionary<string, object?> parameters, bool isBest)
    {
        var names = experiment!.Search!.Objective;
        var values = trial.State switch
        {
            TrialState.Complete => string.Join("  ", names.Zip(trial.Values).Select(v => $"{v.First.Figure} {SweepText.Number(v.Second)}")),
            TrialState.Pruned when trial is { Reports.Count: 0, IsFeasible: false } => "not trained",
            TrialState.Pruned => $"pruned{(trial.Values.Count > 0 ? $" at {SweepText.Number(trial.Values[0])}" : "")} after "
                + Figures.Count(trial.Reports.Count, "report"),
            _ => $"{trial.State.ToString().ToLowerInvariant()}: {trial.Error}",
        };
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  trial {trial.Number,3}  {values}{(isBest ? "  *best*" : "")}{SweepText.Remarks(trial, experiment.Search)}  |  {SweepText.Values(parameters)}"));
    }

    public override void FinalStarted(TrialRecord best, int trainings) =>
        output.WriteLine($"  the best is trial {best.Number}; {Figures.Count(trainings, "final training")} on the test data follow");

    public override void FinalEnded(string configuration, int seed, string figure, double value) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {configuration}, seed {seed}: {figure} {SweepText.Number(value)}"));

    public override void Message(string text) => output.WriteLine($"  {text}");

    /// <summary>The result of a sweep, behind its trials.</summary>
    public static void Summarize(TextWriter output, RunResult result)
    {
        var search = result.Search!;
        output.WriteLine($"{search.Complete} complete, {search.Pruned} pruned, {search.Failed} failed");
        Write(output, search.Best, search.Lineage);
        if (search.Final?.Comparison is { } comparison)
        {
            output.WriteLine($"{search.Final.Figure}: {comparison}");
        }

        if (search.Final?.Better == "default")
        {
            output.WriteLine("warning: the default configuration is the better one here; its models are in final/default");
        }

        if (search.Best.Count > 1)
        {
            output.WriteLine($"{result.Model} is the model of trial {search.Best[0].Number}; those of the others are in trials");
        }
    }

    /// <summary>The best trials, and how the first was trained where trials go on from each other.</summary>
    public static void Write(TextWriter output, IReadOnlyList<BestTrial> trials, IReadOnlyList<LineagePart>? lineage)
    {
        foreach (var best in trials)
        {
            var by = best.Proposal is { } proposal ? $" ({proposal})" : "";
            var values = string.Join(", ", best.Values.Select(v => $"{v.Key} {SweepText.Number(v.Value)}"));
            output.WriteLine($"best: trial {best.Number}{by}, {values}");
            output.WriteLine($"  {SweepText.Values(best.Parameters.Select(p => KeyValuePair.Create(p.Key, (object?)p.Value)))}");
        }

        foreach (var line in lineage is null ? [] : SweepText.Lineage(lineage))
        {
            output.WriteLine($"  {line}");
        }
    }
}
