using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Samplers.GaussianProcess;

/// <summary>The branches of a declared space: its conditions.</summary>
internal sealed class DeclaredBranches(SearchSpace space) : Branches
{
    /// <inheritdoc/>
    public override IReadOnlySet<string> Deciders { get; } = space.Parameters.SelectMany(p => p.When).Select(w => w.Parameter).ToHashSet();

    /// <inheritdoc/>
    public override IReadOnlySet<string> Conditional { get; } = space.Parameters.Where(p => p.When.Count > 0).Select(p => p.Name).ToHashSet();

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, Distribution>> Parameters =>
        space.Parameters.Select(p => KeyValuePair.Create(p.Name, p.Distribution));

    /// <inheritdoc/>
    public override IReadOnlySet<string> At(IReadOnlyDictionary<string, double> numbers)
    {
        // Those that exist, in order: a condition on a parameter that does not exist is not met.
        var existing = new Dictionary<string, double>();
        foreach (var parameter in space.Parameters.Where(p => space.IsActive(p, existing)))
        {
            existing.Add(
                parameter.Name,
                parameter.Distribution.IsSingle ? parameter.Distribution.FromUnit(0) : numbers.GetValueOrDefault(parameter.Name, -1));
        }

        return existing.Keys.Where(Conditional.Contains).ToHashSet();
    }
}
