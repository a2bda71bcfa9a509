using System.Globalization;
using MlNetDl.Search;

namespace MlNetDl.Experiments;

/// <summary>The constraints that a trial breaks, in words: <c>latencyMs 3.1 > 2</c>. They stand in the study as an attribute
/// of the trial, because the study itself keeps only by how much each is violated.</summary>
public static class BrokenBounds
{
    /// <summary>The name of the attribute.</summary>
    public const string Attribute = "infeasible";

    /// <summary>The constraints that a trial breaks; <see langword="null"/> where it keeps all.</summary>
    /// <param name="trial">The trial.</param>
    public static string? Of(TrialRecord trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return trial.IsFeasible ? null
            : trial.Attributes.TryGetValue(Attribute, out var text) ? text.As<string>() : "a constraint is broken";
    }

    /// <summary>Gives a trial the values of constraints, and says which of them it breaks.</summary>
    /// <returns>What it breaks in words; <see langword="null"/> for nothing.</returns>
    internal static string? Tell(Trial trial, IEnumerable<(Constraint Constraint, double Value)> measured)
    {
        var broken = new List<string>();
        foreach (var (constraint, value) in measured)
        {
            trial.Constrain(constraint.Name, value);
            if (!(constraint.Violation(value) <= 0))
            {
                broken.Add(Text(constraint, value));
            }
        }

        if (broken.Count == 0)
        {
            return null;
        }

        var text = string.Join(", ", broken);
        trial.SetAttribute(Attribute, text);
        return text;
    }

    private static string Text(Constraint constraint, double value)
    {
        var bound = constraint.AtMost is { } most && !(value <= most) ? (Sign: ">", Value: most) : (Sign: "<", Value: constraint.AtLeast ?? double.NaN);
        string given = Number(value, 4), limit = Number(bound.Value, 15);
        // Rounded to its bound, a value would seem to keep it.
        return $"{constraint.Name} {(given == limit ? Number(value, 15) : given)} {bound.Sign} {limit}";
    }

    // Whole numbers, such as counts of weights, in all their digits.
    private static string Number(double value, int digits) =>
        value.ToString(value == Math.Floor(value) && Math.Abs(value) < 1e15 ? "F0" : $"G{digits}", CultureInfo.InvariantCulture);
}
