using System.CommandLine;

namespace MlNetDl.Commands;

/// <summary>One call of a command: what was asked for, and where answers go.</summary>
public sealed class ToolContext
{
    private readonly ParseResult parsed;

    internal ToolContext(ParseResult parsed, ToolName name, TextWriter output, TextWriter error, bool isJson, CancellationToken stop) =>
        (this.parsed, Name, Output, Error, IsJson, Stop) = (parsed, name, output, error, isJson, stop);

    /// <summary>What the tool calls itself: the name that <see cref="Application.Run"/> was given.</summary>
    public string Tool => Name.Text;

    internal ToolName Name { get; }

    /// <summary>Standard output: the result, as text or as JSON.</summary>
    public TextWriter Output { get; }

    /// <summary>Standard error: problems and warnings.</summary>
    public TextWriter Error { get; }

    /// <summary>Whether one JSON document is asked for: then nothing else may go to <see cref="Output"/>.</summary>
    public bool IsJson { get; }

    /// <summary>The assemblies with parts of one's own, as <c>--load</c> names them.</summary>
    internal IReadOnlyList<string> Loaded { get; init; } = [];

    /// <summary>Where progress goes: to <see cref="Output"/>, or to <see cref="Error"/> beside JSON.</summary>
    public TextWriter Progress => IsJson ? Error : Output;

    /// <summary>A line that moves, on a terminal.</summary>
    internal LiveLine Live => field ??= LiveLine.Of(Progress);

    /// <summary>Says what goes on until it is disposed of.</summary>
    internal Waiting Working(string text) => new(Live, text);

    /// <summary>The exit code where the command succeeds; 0 by default.</summary>
    internal int Code { get; set; }

    /// <summary>Set when the user asks to stop.</summary>
    public CancellationToken Stop { get; }

    /// <summary>The value of an argument.</summary>
    public T Get<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    /// <summary>The value of an option; its default where it was not given.</summary>
    public T Get<T>(Option<T> option) => parsed.GetValue(option)!;

    /// <summary>Prints a warning. The command goes on.</summary>
    public void Warn(string text)
    {
        Live.Clear();
        Error.WriteLine($"{Tool}: warning: {text}");
    }
}
