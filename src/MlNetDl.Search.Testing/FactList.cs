using System.Collections;

namespace MlNetDl.Testing;

/// <summary>The statements of one contract, to be checked on any component of the kind.</summary>
/// <typeparam name="T">What the checks get.</typeparam>
/// <param name="around">What surrounds each check; nothing by default.</param>
internal sealed class FactList<T>(Action<Action>? around = null) : IEnumerable<string>
{
    private readonly List<(string Name, Action<T> Check)> facts = [];

    /// <summary>Adds a statement; called by the collection's initializer.</summary>
    public void Add(string name, Action<T> check) => facts.Add((name, check));

    /// <summary>The facts of one component.</summary>
    /// <param name="component">What it is called.</param>
    /// <param name="subject">What the checks get.</param>
    public IReadOnlyList<ContractFact> Of(string component, T subject) => [.. facts.Select(f => new ContractFact(component, f.Name, () =>
    {
        if (around is null)
        {
            f.Check(subject);
        }
        else
        {
            around(() => f.Check(subject));
        }
    }))];

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => facts.Select(f => f.Name).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
