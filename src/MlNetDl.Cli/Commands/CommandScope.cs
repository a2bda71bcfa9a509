using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MlNetDl.Configuration;
using MlNetDl.Experiments;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Cli.Commands;

/// <summary>What every command has: <c>--json</c>, <c>--verbose</c>, and one place where exceptions become messages and exit codes.</summary>
internal sealed class CommandScope(TextWriter output, TextWriter error)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public Option<bool> JsonOption { get; } = new("--json") { Description = "Print one JSON document instead of text." };

    public Option<bool> VerboseOption { get; } = new("--verbose") { Description = "Show the whole exception when something fails." };

    public TextWriter Output => output;

    public TextWriter Error => error;

    /// <summary>Says what looks wrong and is done all the same.</summary>
    public void Warn(string text) => error.WriteLine($"mldl: warning: {text}");

    /// <summary>Finishes a command: adds the common options and the action.</summary>
    public Command With(Command command, Func<ParseResult, CancellationToken, JsonNode?> action)
    {
        command.Options.Add(JsonOption);
        command.Options.Add(VerboseOption);
        command.SetAction((parsed, stop) => Task.Run(() => Run(parsed, action, stop), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed, Func<ParseResult, CancellationToken, JsonNode?> action, CancellationToken stop)
    {
        try
        {
            if (action(parsed, stop) is { } json && parsed.GetValue(JsonOption))
            {
                output.WriteLine(json.ToJsonString(Indented));
            }

            return ExitCode.Done;
        }
        catch (WorkFailedException e)
        {
            if (parsed.GetValue(JsonOption))
            {
                output.WriteLine(e.Report?.ToJsonString(Indented));
            }

            return Say(e.Message, ExitCode.Failed);
        }
        catch (OperationCanceledException)
        {
            return Say(parsed.CommandResult.Command.Name == "run" ? "cancelled; what was done is kept. The same command continues it." : "cancelled.", ExitCode.Cancelled);
        }
        catch (Exception e) when (!parsed.GetValue(VerboseOption))
        {
            var (message, code) = Explain(e);
            return Say(message, code);
        }
    }

    private int Say(string message, int code)
    {
        error.WriteLine($"mldl: {message}");
        return code;
    }

    private static (string Message, int Code) Explain(Exception e) => e switch
    {
        ConfigurationException or RunFolderConflictException or UsageException => (e.Message, ExitCode.Usage),
        ShapeException => ($"the network does not fit the data: {e.Message}", ExitCode.Usage),
        TypeInitializationException { InnerException: { } inner } => Explain(inner),
        AggregateException { InnerException: { } inner } => Explain(inner),
        System.Reflection.TargetInvocationException { InnerException: { } inner } => Explain(inner),
        // ML.NET wraps what a column's reader throws.
        InvalidOperationException { InnerException: ArgumentException or IOException or FormatException } => Explain(e.InnerException),
        ArgumentException => (e.Message.Split(" (Parameter '")[0], ExitCode.Failed),
        _ => (e.Message, ExitCode.Failed),
    };
}

/// <summary>The command line asks for something that cannot be: exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>The work was done and its outcome is a failure: exit code 1, with a report.</summary>
internal sealed class WorkFailedException(string message, JsonNode? report) : Exception(message)
{
    public JsonNode? Report => report;
}
