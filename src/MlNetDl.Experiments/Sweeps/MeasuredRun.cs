using MlNetDl.Configuration;
using MlNetDl.Metrics;
using MlNetDl.Search;

namespace MlNetDl.Experiments;

/// <summary>The values of a configuration, by the seeds that it was trained with, or by the folds.</summary>
/// <param name="Name">What the configuration is called.</param>
/// <param name="Figure">The figure.</param>
/// <param name="Goal">Which of its values are better.</param>
/// <param name="Values">Its value with each seed or fold, by the kind and its number.</param>
internal sealed record MeasuredRun(string Name, string Figure, Goal Goal, IReadOnlyDictionary<(string Kind, int Number), double> Values)
{
    /// <summary>The best configuration as the final round has tested it; <see langword="null"/> without one.</summary>
    public static MeasuredRun? OfFinal(Sweep sweep, string name)
    {
        using var final = FinalRound.Find(sweep);
        return final?.Results().Best is { Count: > 0 } results
            ? new(name, final.Figure, final.Goal, results.ToDictionary(r => (Repeat.SeedKey, r.Seeds[0]), final.FigureOf))
            : null;
    }

    /// <summary>The best trial.</summary>
    public static MeasuredRun OfBest(Sweep sweep, string name)
    {
        RequireOneObjective(sweep);
        var best = sweep.Study.Best
            ?? throw new ConfigurationException("", $"the sweep in '{sweep.Folder}' has no complete trial yet to compare.");
        return OfTrial(sweep, best.Number, name);
    }

    /// <summary>A trial.</summary>
    public static MeasuredRun OfTrial(Sweep sweep, int number, string name)
    {
        RequireOneObjective(sweep);
        var trials = sweep.Study.Trials;
        if (number < 0 || number >= trials.Count)
        {
            throw new ConfigurationException("", $"the sweep in '{sweep.Folder}' has no trial {number}; it has {trials.Count}, counted from 0.");
        }

        if (trials[number] is not { State: TrialState.Complete } trial)
        {
            throw new ConfigurationException("", $"trial {number} is {trials[number].State.ToString().ToLowerInvariant()}, and only complete "
                + "trials can be compared.");
        }

        var objective = sweep.Search.Objective[0];
        var parts = TrialPart.Of(sweep);
        // A trial of several trainings has reported the value of each.
        return new(name, objective.Figure, objective.Goal, parts.Count > 1
            ? trial.Reports.ToDictionary(r => KeyOf(parts[(int)r.Step - 1]), r => r.Value)
            : new Dictionary<(string, int), double> { [KeyOf(parts[0])] = trial.Value });
    }

    private static (string Kind, int Number) KeyOf(TrialPart part) => (part.Key, part.Number);

    private static void RequireOneObjective(Sweep sweep)
    {
        if (sweep.Search.Objective.Count > 1)
        {
            throw new ConfigurationException("", $"the sweep in '{sweep.Folder}' has several objectives, by which none of two is simply better; "
                + "export its trials instead.");
        }
    }
}
