using System.Globalization;
using MlNetDl.Search;

namespace MlNetDl.Experiments;

/// <summary>The constraints that a trial breaks, in words: <c>latencyMs 3.1 > 2</c>.</summary>
internal static class BrokenBounds
{
    /// <summary>The constraints that a trial breaks; <see langword="null"/> where it keeps all.</summary>
    /// <param name="constraints">Those of the search, in order.</param>
    /// <param name="trial">The trial, which has by how much it violates each.</param>
    public static string? Of(IReadOnlyList<Constraint> constraints, TrialRecord trial)
    {
        // A trial that was not trained has those of the network alone.
        var judged = trial.Constraints.Count == constraints.Count ? constraints : constraints.Where(c => RunFigures.OfNetwork.Contains(c.Name));
        var broken = judged.Zip(trial.Constraints).Where(c => !(c.Second <= 0)).Select(c => Text(c.First, c.Second)).ToList();
        return trial.IsFeasible ? null : broken.Count > 0 ? string.Join(", ", broken) : "a constraint is broken";
    }

    /// <summary>Gives a trial the values of constraints.</summary>
    /// <returns>What it breaks in words; <see langword="null"/> for nothing.</returns>
    public static string? Tell(Trial trial, IEnumerable<(Constraint Constraint, double Value)> measured)
    {
        var broken = new List<string>();
        foreach (var (constraint, value) in measured)
        {
            trial.Constrain(constraint.Name, value);
            if (constraint.Violation(value) is var violation && !(violation <= 0))
            {
                broken.Add(Text(constraint, violation));
            }
        }

        return broken.Count == 0 ? null : string.Join(", ", broken);
    }

    // With two bounds the study knows how far the value lies outside, but not on which side.
    private static string Text(Constraint constraint, double violation) => constraint switch
    {
        { AtMost: { } most, AtLeast: { } least } =>
            $"{constraint.Name} outside {Number(least, 15)} to {Number(most, 15)} by {Number(violation, 4)}",
        { AtMost: { } most } => Text(constraint.Name, most + violation, ">", most),
        _ => Text(constraint.Name, (constraint.AtLeast ?? double.NaN) - violation, "<", constraint.AtLeast ?? double.NaN),
    };

    private static string Text(string name, double value, string sign, double bound)
    {
        string given = Number(value, 4), limit = Number(bound, 15);
        // Rounded to its bound, a value would seem to keep it.
        return $"{name} {(given == limit ? Number(value, 15) : given)} {sign} {limit}";
    }

    // Whole numbers, such as counts of weights, in all their digits.
    private static string Number(double value, int digits) =>
        value.ToString(value == Math.Floor(value) && Math.Abs(value) < 1e15 ? "F0" : $"G{digits}", CultureInfo.InvariantCulture);
}
