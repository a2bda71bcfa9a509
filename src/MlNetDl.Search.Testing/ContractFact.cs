using System.Reflection;

namespace MlNetDl.Testing;

/// <summary>One statement that a component keeps, with its check. It needs no test framework: any of them can run a
/// list of facts.</summary>
/// <param name="component">The component, for messages.</param>
/// <param name="name">The statement, as a sentence without its full stop; it tells the fact from the others
/// of its contract.</param>
/// <param name="check">Throws where the statement does not hold; the exception's message says how.</param>
/// <example><code>
/// foreach (var fact in LayerContract.Of(new Swish(), Shape.Vector(6)))
/// {
///     fact.Run();
/// }
/// </code></example>
public sealed class ContractFact(string component, string name, Action check)
{
    /// <summary>The component that is checked.</summary>
    public string Component { get; } = component;

    /// <summary>The statement.</summary>
    public string Name { get; } = name;

    /// <summary>Checks it.</summary>
    /// <exception cref="ContractException">The component breaks the statement; the message names both
    /// and says how.</exception>
    public void Run()
    {
        try
        {
            check();
        }
        catch (Exception e)
        {
            var cause = e is TargetInvocationException { InnerException: { } inner } ? inner : e;
            var how = cause is ContractException ? cause.Message : $"it threw {cause.GetType().Name}: {cause.Message}";
            throw new ContractException($"{Component} breaks '{Name}': {how}", cause);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
