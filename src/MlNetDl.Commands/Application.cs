using System.CommandLine;

namespace MlNetDl.Commands;

/// <summary>The tool: parses the command line and maps what happens to exit codes. A host runs it with commands
/// of its own.</summary>
/// <remarks>Nothing here touches ML.NET or torch: help must answer at once. Commands do, when they run.</remarks>
public static class Application
{
    // After Ctrl-C a step is finished and a checkpoint written before the process ends.
    private static readonly TimeSpan CheckpointTime = TimeSpan.FromMinutes(1);

    /// <summary>The tool's own commands. A new one is one file and one line here.</summary>
    public static IReadOnlyList<ToolCommand> Commands =>
    [
        new NewCommand(), new CheckCommand(), new RunCommand(), new CompareCommand(), new EvaluateCommand(), new PredictCommand(), new GenerateCommand(),
        new ReconstructCommand(), new InterpolateCommand(), new TraverseCommand(),
        new CompressCommand(), new InspectCommand(), new ListCommand(), new SchemaCommand(), new VerifyResultsCommand(), new StudyCommand(),
        new WorkerCommand(),
    ];

    private static string[] Examples =>
    [
        "mldl run experiments/quickstart.yaml                      search settings for LeNet-5 on MNIST",
        "mldl predict runs/quickstart/best/model.zip digit.png     what is on this picture?",
    ];

    /// <summary>Runs a command line.</summary>
    /// <param name="args">The command line, without the program.</param>
    /// <param name="output">Takes results; the console by default.</param>
    /// <param name="error">Takes problems and warnings; the console by default.</param>
    /// <param name="name">What the tool calls itself in help, examples and messages; the name of the program by default.</param>
    /// <param name="more">Commands beside the tool's own.</param>
    /// <returns>0; 1 the work failed; 2 wrong usage or configuration; 130 cancelled.</returns>
    /// <exception cref="ArgumentException">Two commands have one name.</exception>
    public static int Run(
        IReadOnlyList<string> args,
        TextWriter? output = null,
        TextWriter? error = null,
        string? name = null,
        params IReadOnlyList<ToolCommand> more)
    {
        ArgumentNullException.ThrowIfNull(args);
        var (writer, errors) = (output ?? Console.Out, error ?? Console.Error);
        var tool = new ToolName(name ?? RootCommand.ExecutableName);
        var problems = new CommandLineProblems(tool);
        // Whoever calls it for the first time gives no command.
        var parsed = Parse(args.Count == 0 ? ["--help"] : args, tool, writer, errors, more);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpWithExamples)
        {
            return Refuse(problems.Of(parsed));
        }

        if (problems.UnknownOptions(parsed) is { Count: > 0 } unknown)
        {
            return Refuse(unknown);
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = writer,
                Error = errors,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = CheckpointTime,
            });
        }
        catch (IOException e)
        {
            // Help is written by no command.
            errors.WriteLine($"{tool.Text}: {e.Message}");
            return ExitCode.Failed;
        }

        int Refuse(IReadOnlyList<string> all)
        {
            foreach (var problem in all)
            {
                errors.WriteLine($"{tool.Text}: {problem}");
            }

            errors.WriteLine($"Try '{problems.Called(parsed.CommandResult)} --help'.");
            return ExitCode.Usage;
        }
    }

    /// <summary>The call that a command line asks for, and its mistakes.</summary>
    internal static ParseResult Parse(
        IReadOnlyList<string> args, ToolName tool, TextWriter output, TextWriter error, IReadOnlyList<ToolCommand> more) =>
        Root(tool, output, error, [.. Commands, .. more])
            .Parse(args, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });

    private static RootCommand Root(ToolName tool, TextWriter output, TextWriter error, List<ToolCommand> commands)
    {
        if (commands.GroupBy(c => c.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two commands are named '{twice.Key}'; give one of them another name.", nameof(commands));
        }

        var root = new RootCommand("Deep learning for ML.NET: trains networks from YAML experiments and leaves models "
            + "that any .NET host can load.");
        var examples = new Dictionary<Command, IReadOnlyList<string>> { [root] = [.. Examples.Select(tool.InExample)] };
        foreach (var command in commands)
        {
            var made = command.Create(tool, output, error);
            root.Subcommands.Add(made);
            examples[made] = [.. command.Examples.Select(tool.InExample)];
        }

        HelpWithExamples.AddTo(root, examples, tool.In);
        return root;
    }
}
