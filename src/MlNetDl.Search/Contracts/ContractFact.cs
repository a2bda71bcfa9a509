namespace MlNetDl.Search.Contracts;

/// <summary>One statement that every component of a kind keeps, with its check. Needs no test framework: hand the facts of a suite to any.</summary>
/// <typeparam name="T">The kind of component.</typeparam>
/// <param name="Name">The statement, as a sentence.</param>
/// <param name="Check">Throws <see cref="ContractException"/> when a component breaks it.</param>
public sealed record ContractFact<T>(string Name, Action<T> Check)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A component broke a statement of its contract; the message says which and how.</summary>
public sealed class ContractException(string message) : Exception(message);
