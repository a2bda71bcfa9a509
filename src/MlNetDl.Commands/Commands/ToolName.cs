using System.CommandLine;

namespace MlNetDl.Commands;

/// <summary>What the tool calls itself in help, examples and messages: a host that runs its commands has a name of its own.</summary>
internal static class ToolName
{
    private const string Own = "mldl ";

    /// <summary>The name; that of the program by default.</summary>
    public static string Text { get; set; } = RootCommand.ExecutableName;

    /// <summary>Text that was written for <c>mldl</c>, with the name in its commands.</summary>
    public static string In(string text) => text.Replace(Own, $"{Text} ", StringComparison.Ordinal);

    /// <summary>A whole command line that was written for <c>mldl</c>, with the name; a host's own stays as it is.</summary>
    public static string InExample(string line) => line.StartsWith(Own, StringComparison.Ordinal) ? $"{Text} {line[Own.Length..]}" : line;
}
