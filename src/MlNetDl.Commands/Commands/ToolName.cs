namespace MlNetDl.Commands;

/// <summary>What the tool calls itself in help, examples and messages: a host that runs its commands has a name of its own.</summary>
/// <param name="text">The name.</param>
internal sealed class ToolName(string text)
{
    private const string Own = "mldl ";

    /// <summary>The name.</summary>
    public string Text => text;

    /// <summary>Text that was written for <c>mldl</c>, with the name in its commands.</summary>
    public string In(string written) => written.Replace(Own, $"{text} ", StringComparison.Ordinal);

    /// <summary>A whole command line that was written for <c>mldl</c>, with the name; a host's own stays as it is.</summary>
    public string InExample(string line) => line.StartsWith(Own, StringComparison.Ordinal) ? $"{text} {line[Own.Length..]}" : line;
}
