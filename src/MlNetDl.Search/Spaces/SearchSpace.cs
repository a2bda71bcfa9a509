using System.Globalization;
using System.Reflection;
using MlNetDl.Configuration;
using MlNetDl.Search.Distributions;

namespace MlNetDl.Search;

/// <summary>The space that a study searches: parameters in order, some only on a condition, and constraints on what
/// trials measure. Immutable, compared by value.</summary>
public sealed record SearchSpace
{
    /// <summary>The parameters; those that conditions name stand before those that have the conditions.</summary>
    public ValueList<SearchParameter> Parameters { get; init; } = [];

    /// <summary>Bounds on what trials measure; none by default.</summary>
    public ValueList<Constraint> Constraints { get; init; } = [];

    /// <summary>A space of unconditional parameters.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static SearchSpace Of(params IReadOnlyList<(string Name, Distribution Distribution)> parameters) =>
        new SearchSpace { Parameters = parameters.Select(p => new SearchParameter(p.Name, p.Distribution)).ToValueList() }.Checked();

    /// <summary>The space that the attributes <see cref="RangeAttribute"/>, <see cref="LogRangeAttribute"/> and
    /// <see cref="ChoiceAttribute"/> on the properties of an options record describe.</summary>
    /// <exception cref="ArgumentException">An attribute does not fit its property.</exception>
    public static SearchSpace Of<TOptions>()
        where TOptions : class => new SearchSpace { Parameters = OptionsRecord.Parameters(typeof(TOptions)).ToValueList() }.Checked();

    /// <summary>How a property is searched where nobody says more: by its search attribute, else between both ends of its
    /// declared range, else over both values of a flag or all of an enumeration.</summary>
    /// <param name="property">The property.</param>
    /// <param name="name">The parameter's name, for messages.</param>
    /// <exception cref="ArgumentException">The property declares too little, or its attribute does not fit it.</exception>
    public static Distribution DistributionOf(PropertyInfo property, string name)
    {
        ArgumentNullException.ThrowIfNull(property);
        return OptionsRecord.Distribution(property, name) ?? SearchBounds.Whole(property, name);
    }

    /// <summary>The space that a YAML <c>space</c> describes.</summary>
    /// <exception cref="ConfigurationException">It describes none; the message says where.</exception>
    public static SearchSpace From(SpaceForm form) => form.ToSpace();

    /// <summary>The space as it is written in YAML and stored.</summary>
    public SpaceForm ToForm() => SpaceForm.Of(this);

    /// <summary>The parameter of a name, or <see langword="null"/>.</summary>
    public SearchParameter? Find(string name) => Parameters.FirstOrDefault(p => p.Name == name);

    /// <summary>Whether a parameter exists where the others have the given numbers.</summary>
    public bool IsActive(SearchParameter parameter, IReadOnlyDictionary<string, double> numbers)
    {
        foreach (var condition in parameter.When)
        {
            if (!numbers.TryGetValue(condition.Parameter, out double number)
                || !condition.Values.Any(
                    v => Find(condition.Parameter)!.Distribution.TryNumber(v, out double allowed) && allowed == number))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The values that a parameter may have in a trial: its distribution, or the part of it that is left by
    /// <see cref="SearchParameter.AtLeast"/> and <see cref="SearchParameter.AtMost"/>, its own and those that name it.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="numbers">Numbers of parameters before it.</param>
    /// <param name="ahead">Numbers of parameters after it that are known already, as those that were enqueued are; none by
    /// default.</param>
    /// <returns>The values; <see langword="null"/> where none is left, which can be with numbers from
    /// <paramref name="ahead"/> only.</returns>
    public Distribution? Narrowed(
        SearchParameter parameter, IReadOnlyDictionary<string, double> numbers, IReadOnlyDictionary<string, double>? ahead = null)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(numbers);
        return DependentRanges.Of(this, parameter, numbers, ahead);
    }

    /// <summary>Refuses what is no space.</summary>
    /// <exception cref="ArgumentException">A name is empty or stands twice, a distribution is none, a condition cannot be met
    /// or names a parameter that does not stand before, or a bound cannot be or could leave no value.</exception>
    public SearchSpace Checked()
    {
        var known = new Dictionary<string, Distribution>();
        foreach (var parameter in Parameters)
        {
            parameter.Distribution.Validate(parameter.Name);
            foreach (var condition in parameter.When)
            {
                Check(parameter, condition, known);
            }

            if (parameter.When.GroupBy(w => w.Parameter).FirstOrDefault(g => g.Count() > 1) is { } several)
            {
                throw new ArgumentException($"parameter '{parameter.Name}' has {several.Count()} conditions on "
                    + $"'{several.Key}'; give one, with all values that will do.");
            }

            if (parameter.Name.Length == 0 || !known.TryAdd(parameter.Name, parameter.Distribution))
            {
                throw new ArgumentException(
                    parameter.Name.Length == 0
                        ? "a parameter has no name."
                        : $"parameter '{parameter.Name}' stands in the space twice; give it once.");
            }
        }

        DependentRanges.Check(this);
        if (Constraints.GroupBy(c => c.Name).FirstOrDefault(g => g.Count() > 1 || g.Key.Length == 0) is { } twice)
        {
            throw new ArgumentException(
                twice.Key.Length == 0
                    ? "a constraint has no name."
                    : $"constraint '{twice.Key}' stands in the space twice; give it one range by atLeast and atMost.");
        }

        if (Constraints.FirstOrDefault(c => !double.IsFinite(c.AtMost ?? 0) || !double.IsFinite(c.AtLeast ?? 0)) is { } infinite)
        {
            throw new ArgumentException($"constraint '{infinite.Name}': expected finite bounds but got {Bounds(infinite)}; leave out a "
                + "bound that there is none of.");
        }

        return this;
    }

    /// <summary>The differences of another space, a line each; empty when the two are equal.</summary>
    public IReadOnlyList<string> Differences(SearchSpace other) =>
        ConfigurationDiff.Between(RecordJson.ToNode(ToForm()), RecordJson.ToNode(other.ToForm()))
            .Select(d => $"{d.Path} was {d.Before ?? "not there"} and is {d.After ?? "not there"}")
            .DefaultIfEmpty("the parameters stand in another order").Where(_ => !Equals(other)).ToList();

    private static string Bounds(Constraint constraint) => string.Create(CultureInfo.InvariantCulture,
        $"atLeast {constraint.AtLeast} and atMost {constraint.AtMost}");

    private static void Check(SearchParameter parameter, Condition condition, Dictionary<string, Distribution> known)
    {
        if (!known.TryGetValue(condition.Parameter, out var distribution))
        {
            throw new ArgumentException($"parameter '{parameter.Name}' depends on '{condition.Parameter}', which does "
                + "not stand before it in the space.");
        }

        foreach (var value in condition.Values)
        {
            if (!distribution.TryNumber(value, out _))
            {
                throw new ArgumentException($"parameter '{parameter.Name}' exists when '{condition.Parameter}' is "
                    + $"{value.Json}, which that never is: {distribution}.");
            }
        }
    }
}
