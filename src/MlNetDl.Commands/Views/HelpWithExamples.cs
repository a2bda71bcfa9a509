using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MlNetDl.Commands;

/// <summary>The usual help of a command, or that of the tool, then examples.</summary>
/// <param name="help">The usual help.</param>
/// <param name="examples">The lines of each command.</param>
/// <param name="named">Puts the tool's own name where mldl stands.</param>
internal sealed class HelpWithExamples(HelpAction help, IReadOnlyDictionary<Command, IReadOnlyList<string>> examples, Func<string, string> named)
    : SynchronousCommandLineAction
{
    /// <summary>Adds the examples to a tool's help.</summary>
    public static void AddTo(RootCommand root, IReadOnlyDictionary<Command, IReadOnlyList<string>> examples, Func<string, string> named)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            option.Action = new HelpWithExamples((HelpAction)option.Action!, examples, named);
        }
    }

    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        var output = parseResult.InvocationConfiguration.Output;
        int code = 0;
        if (command is RootCommand)
        {
            RootHelp.Write(command, named, output);
            output.WriteLine();
        }
        else
        {
            code = help.Invoke(parseResult);
        }

        output.WriteLine("Examples:");
        foreach (var line in examples[command])
        {
            output.WriteLine($"  {line}");
        }

        if (command is RootCommand)
        {
            output.WriteLine();
            output.WriteLine("Exit codes: 0 done, 1 the work failed, 2 wrong usage or configuration, 130 cancelled.");
        }

        return code;
    }
}
