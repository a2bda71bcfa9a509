namespace MlNetDl.Testing;

/// <summary>A component broke a statement of its contract; the message says which and how.</summary>
/// <param name="message">What was expected, and what came.</param>
/// <param name="cause">What the component threw, where it did.</param>
public sealed class ContractException(string message, Exception? cause = null) : Exception(message, cause);
