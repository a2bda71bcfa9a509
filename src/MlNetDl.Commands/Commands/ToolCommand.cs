using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetDl.Configuration;
using MlNetDl.Experiments;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Commands;

/// <summary>A command of the tool: its name, what it takes, its examples and what it gives. A new one
/// derives from <see cref="ToolCommand{TResult}"/>, and is a line in <see cref="Application"/> or is given
/// to it by a host.</summary>
/// <param name="name">What it is called by.</param>
/// <param name="description">What it does, in a sentence.</param>
/// <param name="examples">Whole command lines, <c>mldl new images &gt; photos.yaml</c>; three blanks and a remark may
/// follow. One at least.</param>
public abstract class ToolCommand(string name, string description, IReadOnlyList<string> examples)
{
    private protected static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    // Options that every command has.
    private readonly Option<bool> jsonOption = new("--json");

    private readonly Option<string[]> loadOption = new("--load")
    {
        Description = "Load an assembly with parts of your own, which can then be named: its code runs. May be given several times.",
        HelpName = "DLL",
    };

    private readonly Option<bool> verboseOption = new("--verbose") { Description = "Show the whole exception when something fails." };

    /// <summary>The command's name.</summary>
    public string Name => name;

    /// <summary>Description of the command, in a sentence.</summary>
    public string Description => description;

    /// <summary>Whole command lines.</summary>
    public IReadOnlyList<string> Examples => examples;

    /// <summary>Type of the command's result: the document that <c>--json</c> prints.</summary>
    public abstract Type ResultType { get; }

    /// <summary>Message about a run that was cancelled.</summary>
    protected virtual string Cancelled => "cancelled.";

    /// <summary>Whether the command may be left at any moment when the user asks to stop, because it leaves nothing half done. Others end
    /// by <see cref="ToolContext.Stop"/>; no by default.</summary>
    private protected virtual bool MayBeLeft => false;

    /// <summary>Its arguments and options, in the order of its help.</summary>
    protected virtual IEnumerable<Symbol> Symbols => [];

    /// <summary>What <c>--json</c> does.</summary>
    private protected virtual string JsonDescription => "Print one JSON document instead of text.";

    private protected abstract void Invoke(ToolContext context);

    /// <summary>The command as the parser knows it.</summary>
    internal Command Create(ToolName tool, TextWriter output, TextWriter error)
    {
        // Commands of the tool are written for mldl. Those of a host keep their words.
        Func<string, string> named = GetType().Assembly == typeof(ToolCommand).Assembly ? tool.In : text => text;
        var command = new Command(Name, named(Description));
        foreach (var symbol in Symbols)
        {
            symbol.Description = symbol.Description is { } text ? named(text) : null;
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        jsonOption.Description = JsonDescription;
        command.Options.Add(jsonOption);
        command.Options.Add(loadOption);
        command.Options.Add(verboseOption);
        command.SetAction((parsed, stop) =>
        {
            var context = new ToolContext(parsed, tool, output, error, parsed.GetValue(jsonOption), stop)
            {
                Loaded = parsed.GetValue(loadOption) ?? [],
            };
            return Task.Run(() => Run(context), CancellationToken.None);
        });
        return command;
    }

    // The one place where exceptions become messages and exit codes.
    private int Run(ToolContext context)
    {
        try
        {
            foreach (var path in context.Loaded)
            {
                ForeignParts.Load(path);
                context.Error.WriteLine($"{context.Tool}: code of '{path}' runs in this process, as --load says.");
            }

            if (MayBeLeft)
            {
                Task.Run(() => Invoke(context), CancellationToken.None).WaitAsync(context.Stop).GetAwaiter().GetResult();
            }
            else
            {
                Invoke(context);
            }

            return context.Code;
        }
        catch (WorkFailedException e)
        {
            if (context.IsJson)
            {
                context.Output.WriteLine(JsonSerializer.Serialize(e.Report, Json));
            }

            return Say(context, e.Message, ExitCode.Failed);
        }
        catch (OperationCanceledException)
        {
            return Say(context, Cancelled, ExitCode.Cancelled);
        }
        catch (Exception e) when (!context.Get(verboseOption))
        {
            var (message, code) = Explain(e);
            return Say(context, message, code);
        }
    }

    private static int Say(ToolContext context, string message, int code)
    {
        context.Live.Clear();
        context.Error.WriteLine($"{context.Tool}: {message}");
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
        InvalidOperationException { InnerException: ArgumentException or IOException or FormatException or ComponentException } =>
            Explain(e.InnerException),
        ArgumentException => (e.Message.Split(" (Parameter '")[0], ExitCode.Failed),
        _ => (e.Message, ExitCode.Failed),
    };
}

/// <summary>A command that gives a result: people see it as text, <c>--json</c> prints it.</summary>
/// <typeparam name="TResult">What it gives; written as JSON with camelCase names.</typeparam>
/// <param name="name">What it is called by.</param>
/// <param name="description">What it does, in a sentence.</param>
/// <param name="examples">Whole command lines; one at least.</param>
public abstract class ToolCommand<TResult>(string name, string description, params IReadOnlyList<string> examples)
    : ToolCommand(name, description, examples)
    where TResult : class
{
    /// <inheritdoc/>
    public sealed override Type ResultType => typeof(TResult);

    /// <summary>Does the work.</summary>
    /// <exception cref="UsageException">The command line asks for something that cannot be.</exception>
    /// <exception cref="WorkFailedException">The work was done and its outcome is a failure.</exception>
    protected abstract TResult Run(ToolContext context);

    /// <summary>Shows the result to people; nothing by default, for commands that speak while they work. Not
    /// called with <c>--json</c>.</summary>
    protected virtual void Write(TResult result, ToolContext context)
    {
    }

    /// <summary>What <c>--json</c> prints of a result.</summary>
    private protected virtual string ToJson(TResult result) => JsonSerializer.Serialize(result, Json);

    private protected sealed override void Invoke(ToolContext context)
    {
        var result = Run(context);
        if (context.IsJson)
        {
            context.Output.WriteLine(ToJson(result));
        }
        else
        {
            Write(result, context);
        }
    }
}
