using MlNetDl.Configuration;
using MlNetDl.Search.Distributions;

namespace MlNetDl.Search;

/// <summary>A search space as it is written in YAML and stored.</summary>
public sealed record SpaceForm
{
    /// <summary>The parameters by name, in order.</summary>
    public OrderedDictionary<string, ParameterForm> Parameters { get; init; } = [];

    /// <summary>Bounds by the name of what is measured: <c>latencyMs: { atMost: 5 }</c>.</summary>
    public OrderedDictionary<string, ConstraintForm>? Constraints { get; init; }

    /// <summary>The form of a space.</summary>
    public static SpaceForm Of(SearchSpace space) => new()
    {
        Parameters = new(space.Parameters.Select(p => KeyValuePair.Create(p.Name, ParameterForm.Of(p.Distribution) with
        {
            AtLeast = p.AtLeast,
            AtMost = p.AtMost,
            When = p.When.Count == 0 ? null : new(p.When.Select(w => KeyValuePair.Create(w.Parameter, w.Values))),
        }))),
        Constraints = space.Constraints.Count == 0
            ? null
            : new(space.Constraints.Select(
                c => KeyValuePair.Create(c.Name, new ConstraintForm { AtMost = c.AtMost, AtLeast = c.AtLeast }))),
    };

    /// <summary>The space, checked.</summary>
    /// <exception cref="ConfigurationException">It is none; the message says where.</exception>
    public SearchSpace ToSpace()
    {
        var space = new SearchSpace
        {
            Parameters = Parameters.Select(p => new SearchParameter(p.Key, p.Value.ToDistribution(p.Key))
            {
                AtLeast = p.Value.AtLeast,
                AtMost = p.Value.AtMost,
                When = p.Value.When is { } when ? when.Select(w => new Condition(w.Key, w.Value)).ToValueList() : [],
            }).ToValueList(),
            Constraints = Constraints is { } bounds
                ? bounds.Select(c => new Constraint(c.Key) { AtMost = c.Value.AtMost, AtLeast = c.Value.AtLeast })
                    .ToValueList()
                : [],
        };
        try
        {
            return space.Checked();
        }
        catch (ArgumentException e)
        {
            throw new ConfigurationException("", e.Message, e);
        }
    }
}

/// <summary>A constraint's bounds as they are written in YAML.</summary>
public sealed record ConstraintForm
{
    /// <summary>The largest value allowed; none when left out.</summary>
    public double? AtMost { get; init; }

    /// <summary>The smallest value allowed; none when left out.</summary>
    public double? AtLeast { get; init; }
}
