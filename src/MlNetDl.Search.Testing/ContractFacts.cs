namespace MlNetDl.Testing;

/// <summary>Work with the facts of a contract.</summary>
public static class ContractFacts
{
    /// <summary>The facts without one that the component cannot keep by its nature.</summary>
    /// <param name="facts">The facts.</param>
    /// <param name="name">The statement that is left out.</param>
    /// <param name="because">Why, for whoever reads the test: <c>a grid is run in order, without
    /// randomness</c>.</param>
    /// <exception cref="ArgumentException">No fact has that name, or there is no reason.</exception>
    public static IReadOnlyList<ContractFact> Without(this IReadOnlyList<ContractFact> facts, string name, string because)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentException.ThrowIfNullOrWhiteSpace(because);
        facts.Named(name);
        return [.. facts.Where(f => f.Name != name)];
    }

    /// <summary>The facts without those that need a name in a catalog, for a component that C# alone uses.</summary>
    /// <param name="facts">The facts of a component.</param>
    /// <param name="because">Why it has no name, for whoever reads the test.</param>
    /// <exception cref="ArgumentException">They are not those of a component, or there is no reason.</exception>
    public static IReadOnlyList<ContractFact> WithoutCatalog(this IReadOnlyList<ContractFact> facts, string because) => facts
        .Without(ComponentContract.Named, because)
        .Without(ComponentContract.InJson, because)
        .Without(ComponentContract.InYaml, because);

    /// <summary>The fact of that name.</summary>
    /// <param name="facts">The facts.</param>
    /// <param name="name">The statement.</param>
    /// <exception cref="ArgumentException">There is none; the message lists those that there are.</exception>
    public static ContractFact Named(this IReadOnlyList<ContractFact> facts, string name)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return facts.FirstOrDefault(f => f.Name == name) ?? throw new ArgumentException(
            $"No fact is named '{name}'; there are:\n{string.Join('\n', facts.Select(f => f.Name))}", nameof(name));
    }

    /// <summary>Runs all facts, also those behind one that is broken.</summary>
    /// <param name="facts">The facts, of one contract or of several.</param>
    /// <exception cref="ContractException">Some are broken; the message has a line for each.</exception>
    public static void RunAll(this IEnumerable<ContractFact> facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var broken = new List<ContractException>();
        foreach (var fact in facts)
        {
            try
            {
                fact.Run();
            }
            catch (ContractException e)
            {
                broken.Add(e);
            }
        }

        if (broken.Count > 0)
        {
            throw new ContractException(string.Join('\n', broken.Select(b => b.Message)), broken[0]);
        }
    }
}
