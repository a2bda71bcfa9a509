using System.CommandLine;
using System.CommandLine.Parsing;
using MlNetDl.Cli.Commands;

namespace MlNetDl.Cli;

/// <summary>The tool: parses the command line and maps what happens to exit codes.</summary>
/// <remarks>Nothing here touches the library, ML.NET or torch: help must answer at once. Commands do, when they run.</remarks>
internal static class Application
{
    // After Ctrl-C a step is finished and a checkpoint written before the process ends.
    private static readonly TimeSpan CheckpointTime = TimeSpan.FromMinutes(1);

    /// <summary>Runs a command line.</summary>
    /// <returns>0; 1 the work failed; 2 wrong usage or configuration; 130 cancelled.</returns>
    public static int Run(IReadOnlyList<string> args, TextWriter? output = null, TextWriter? error = null)
    {
        var (writer, errors) = (output ?? Console.Out, error ?? Console.Error);
        var root = Root(writer, errors);
        var parsed = root.Parse(args, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is not Examples.HelpWithExamples)
        {
            foreach (var problem in parsed.Errors)
            {
                errors.WriteLine($"mldl: {problem.Message}");
            }

            errors.WriteLine($"Try 'mldl {string.Join(' ', Names(parsed.CommandResult))}--help'.");
            return ExitCode.Usage;
        }

        return parsed.Invoke(new InvocationConfiguration { Output = writer, Error = errors, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = CheckpointTime });
    }

    private static RootCommand Root(TextWriter output, TextWriter error)
    {
        var root = new RootCommand("Deep learning for ML.NET: trains networks from YAML experiments and leaves models that any .NET host can load.")
        {
            RunCommand.Create(output, error), NewCommand.Create(output, error), EvaluateCommand.Create(output, error), PredictCommand.Create(output, error),
            InspectCommand.Create(output, error), ListCommand.Create(output, error), SchemaCommand.Create(output, error), VerifyResultsCommand.Create(output, error),
        };
        Examples.AddTo(root);
        return root;
    }

    private static IEnumerable<string> Names(CommandResult? result)
    {
        for (; result is { Parent: not null }; result = result.Parent as CommandResult)
        {
            yield return $"{result.Command.Name} ";
        }
    }
}

/// <summary>The tool's exit codes.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Cancelled = 130;
}
