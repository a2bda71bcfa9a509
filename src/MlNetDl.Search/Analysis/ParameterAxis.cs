using System.Globalization;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Search.Analysis;

/// <summary>A parameter as an axis of a picture.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Distribution">Its values.</param>
public sealed record ParameterAxis(string Name, Distribution Distribution)
{
    /// <summary>Whether the axis is logarithmic.</summary>
    public bool IsLogarithmic => Distribution is LogUniform or Integer { Log: true };

    /// <summary>The parameter of a study.</summary>
    /// <exception cref="ArgumentException">No trial has it.</exception>
    public static ParameterAxis Of(History history, string parameter)
    {
        if (!history.Parameters.TryGetValue(parameter, out var distribution))
        {
            throw new ArgumentException($"study '{history.StudyName}' has no parameter '{parameter}'; "
                + (history.Parameters.Count == 0
                    ? "none of its trials has parameters yet."
                    : $"it has {string.Join(", ", history.Parameters.Keys.Order(StringComparer.Ordinal))}."));
        }

        return new(parameter, distribution);
    }

    /// <summary>The parameters of a study that a search chooses values for, without the parent of a trial.</summary>
    internal static IEnumerable<KeyValuePair<string, Distribution>> Searched(History history) =>
        history.Parameters.Where(p => PopulationBasedSampler.IsSearched(p.Key));

    /// <summary>Its column in a table: with a prefix, so that none is taken for another column.</summary>
    internal string Column => $"param.{Name}";

    /// <summary>A value's text: the option of a choice, else the number.</summary>
    internal string Label(double number) => Distribution is Choice choice
        ? choice.Options[(int)number].ToString()
        : number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A value for a table: text for a choice, else the number.</summary>
    internal object Cell(double number) => Distribution switch
    {
        Choice choice => choice.Options[(int)number].ToString(),
        Integer => (long)number,
        _ => number,
    };

    /// <summary>Smallest and largest number.</summary>
    internal (double From, double To) Range => Distribution switch
    {
        Uniform u => (u.From, u.Last),
        LogUniform u => (u.From, u.To),
        Integer i => (i.From, i.Last),
        Choice c => (0, c.Count - 1),
        _ => throw new NotSupportedException($"parameter '{Name}': {Distribution.GetType().Name} has no axis; axes are "
            + "for uniform, logUniform, integer and choice."),
    };
}
