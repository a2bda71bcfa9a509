using System.Globalization;
using MlNetDl.Search.Distributions;

namespace MlNetDl.Search;

/// <summary>Bounds that a trial sets to its parameters.</summary>
internal static class TrialBounds
{
    /// <summary>The part of a range between bounds.</summary>
    /// <exception cref="ArgumentException">The bounds leave no value, are no numbers, or bound a choice.</exception>
    public static Distribution Narrowed(string name, Distribution distribution, double? atLeast, double? atMost)
    {
        if (atLeast is null && atMost is null)
        {
            return distribution;
        }

        if (distribution is Choice || double.IsNaN(atLeast ?? 0) || double.IsNaN(atMost ?? 0))
        {
            throw new ArgumentException(distribution is Choice
                ? $"parameter '{name}' is a choice, whose options have no order; leave atLeast and atMost out."
                : $"parameter '{name}': expected a number as its bound but got NaN.");
        }

        return NarrowedRange.Of(distribution, atLeast, atMost)
            ?? throw new ArgumentException($"parameter '{name}': no value of {distribution} is {Words(atLeast, atMost)}; widen the range, "
                + "or narrow that of the parameter it depends on.");
    }

    /// <summary>Refuses a recorded value that does not keep the bounds that are asked for.</summary>
    /// <exception cref="StudyException">It does not.</exception>
    public static void Check(int trial, string name, Distribution distribution, double number, double? atLeast, double? atMost)
    {
        if (!Narrowed(name, distribution, atLeast, atMost).Contains(number))
        {
            throw new StudyException(string.Create(CultureInfo.InvariantCulture,
                $"trial {trial}: parameter '{name}' is {number} and is now asked for {Words(atLeast, atMost)}; in one trial it has one value. "
                    + $"Ask for it with the same bounds each time; a declared space declares them."));
        }
    }

    /// <summary>The numbers of fixed values in a declared space, where they are any; empty where no parameter depends on
    /// another one.</summary>
    public static IReadOnlyDictionary<string, double> Numbers(SearchSpace space, IReadOnlyDictionary<string, Option> values)
    {
        var numbers = new Dictionary<string, double>();
        if (values.Count > 0 && space.Parameters.Any(p => p.IsBounded))
        {
            foreach (var (name, value) in values)
            {
                if (space.Find(name) is { } parameter && parameter.Distribution.TryNumber(value, out double number))
                {
                    numbers.Add(name, number);
                }
            }
        }

        return numbers;
    }

    /// <summary>Refuses values that are enqueued together and do not go together.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public static void Check(SearchSpace space, IReadOnlyDictionary<string, Option> values)
    {
        var numbers = Numbers(space, values);
        foreach (var parameter in space.Parameters)
        {
            bool isGiven = numbers.TryGetValue(parameter.Name, out double number);
            var narrowed = space.Narrowed(parameter, numbers, isGiven ? null : numbers);
            if (narrowed is null)
            {
                throw new ArgumentException($"the enqueued values leave none for parameter '{parameter.Name}' {parameter.Distribution}; "
                    + "leave one of them out, or take one that goes with the others.");
            }

            if (isGiven && !narrowed.Contains(number))
            {
                throw new ArgumentException($"parameter '{parameter.Name}': the value {values[parameter.Name].Json} is not within "
                    + $"{narrowed}, what the other enqueued values leave of {parameter.Distribution}.");
            }
        }
    }

    private static string Words(double? atLeast, double? atMost) => string.Join(" and ", ((string?[])
    [
        atLeast is { } least ? string.Create(CultureInfo.InvariantCulture, $"at least {least}") : null,
        atMost is { } most ? string.Create(CultureInfo.InvariantCulture, $"at most {most}") : null,
    ]).OfType<string>());
}
