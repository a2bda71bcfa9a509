using System.Text.Json.Nodes;
using MlNetDl.Experiments;
using MlNetDl.Metrics;
using MlNetDl.Search;

namespace MlNetDl.Sweeps.Trained;

/// <summary>How many epochs a search needs to be as good as its control is in the end, and how good each is after as
/// many epochs. A trial counts when it is complete; the epochs of pruned ones are spent, their values are not taken.</summary>
internal static class Race
{
    public static void Tell(
        IReadOnlyList<TrainedRun> own, IReadOnlyList<TrainedRun> others, SearchObjective objective, JsonObject result)
    {
        var (goal, figure) = (objective.Goal, objective.Figure);
        var pairs = own.Zip(others, (a, b) => (Own: Progress.Of(a, goal), Control: Progress.Of(b, goal))).ToList();
        Console.WriteLine($"| seed | control: epochs | {figure} | found after | search: epochs to get there | share | {figure} after as many epochs |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var (run, (search, control)) in own.Zip(pairs))
        {
            double reached = search.EpochsTo(control.Best, goal);
            Console.WriteLine($"| {run.Seed} | {control.Epochs} | {Spread.Short(control.Best)} | {control.EpochsTo(control.Best, goal)} | "
                + $"{(double.IsFinite(reached) ? reached : $"not within {search.Epochs}")} | {reached / control.Epochs:F2} | "
                + $"{Spread.Short(search.After(control.Epochs))} |");
        }

        var shares = pairs.Select(p => p.Own.EpochsTo(p.Control.Best, goal) / p.Control.Epochs).Order().ToList();
        double median = (shares[(shares.Count - 1) / 2] + shares[shares.Count / 2]) / 2;
        Console.WriteLine();
        Console.WriteLine($"Share of the control's epochs after which the search is as good: median {median:F2}, "
            + $"{shares.Count(double.IsFinite)} of {shares.Count} got there.");
        TrainedSweep.Compare(
            $"{figure} after the control's epochs",
            goal,
            [.. pairs.Select(p => p.Own.After(p.Control.Epochs))],
            [.. pairs.Select(p => p.Control.Best)],
            result);
        result["shareOfEpochs"] = new JsonObject
        {
            ["median"] = double.IsFinite(median) ? Math.Round(median, 4) : null,
            ["values"] = new JsonArray([.. shares.Select(s => double.IsFinite(s) ? (JsonNode?)Math.Round(s, 4) : null)]),
        };
        result["controlEpochs"] = new JsonArray([.. pairs.Select(p => (JsonNode)p.Control.Epochs)]);
        result["searchEpochs"] = new JsonArray([.. pairs.Select(p => (JsonNode)p.Own.Epochs)]);
    }

    /// <summary>The best value so far, by epochs of all trials together.</summary>
    private sealed record Progress(IReadOnlyList<(long Epochs, double Best)> Steps, long Epochs, double Worst)
    {
        // Without a complete trial nothing was found.
        public double Best => After(long.MaxValue);

        public static Progress Of(TrainedRun run, Goal goal)
        {
            var steps = new List<(long, double Best)>();
            long epochs = 0;
            foreach (var trial in run.Trials())
            {
                epochs += trial.Reports.Count;
                if (trial.State == TrialState.Complete && (steps.Count == 0 || goal.IsBetter(trial.Value, steps[^1].Best)))
                {
                    steps.Add((epochs, trial.Value));
                }
            }

            return new(steps, epochs, goal == Goal.Minimize ? double.PositiveInfinity : double.NegativeInfinity);
        }

        public double EpochsTo(double value, Goal goal) =>
            Steps.FirstOrDefault(s => !goal.IsBetter(value, s.Best)) is { Epochs: > 0 } step ? step.Epochs : double.PositiveInfinity;

        public double After(long epochs) => Steps.LastOrDefault(s => s.Epochs <= epochs) is { Epochs: > 0 } step ? step.Best : Worst;
    }
}
