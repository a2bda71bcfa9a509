using System.CommandLine;
using MlNetDl.Commands.Views;
using MlNetDl.Experiments;
using MlNetDl.Naming;

namespace MlNetDl.Commands;

/// <summary><c>mldl study</c>.</summary>
internal sealed class StudyCommand() : ToolCommand<object>(
    "study", "Looks at the folder of a sweep, steers it and evaluates it.",
    "mldl study status runs/digits",
    "mldl study stop runs/digits",
    "mldl study resume runs/digits",
    "mldl study retry-failed runs/digits",
    "mldl study extend runs/digits 20                 20 trials more",
    "mldl study enqueue runs/digits training.optimizer.learningRate=0.003",
    "mldl study export runs/digits trials.csv         without a file: to standard output",
    "mldl study export runs/digits epochs.csv --metrics",
    "mldl study report runs/digits",
    "mldl study compare runs/digits runs/letters      the best of two sweeps",
    "mldl study compare runs/digits 3 7               two trials of one")
{
    private static readonly StudyAction[] Actions =
    [
        new StudyStatus(), new StudyStop(), new StudyResume(), new StudyRetryFailed(), new StudyExtend(), new StudyEnqueue(), new StudyExport(),
        new StudyReportPage(), new StudyCompare(),
    ];

    private readonly Argument<string> action = new("action")
    {
        Description = string.Join("; ", Actions.Select(a => $"{a.Name}: {a.Description}")),
    };

    private readonly Argument<string> folder = new("run") { Description = "The folder of the run." };

    private readonly Argument<string[]> arguments = new("arguments")
    {
        Description = "What the action takes, as the examples show.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> metrics = new("--metrics") { Description = "export: the figures of every epoch instead of the trials." };
    private readonly Option<bool> quiet = new("--quiet", "-q") { Description = "resume: print the result alone." };

    protected override IEnumerable<Symbol> Symbols => [action, folder, arguments, metrics, quiet];

    protected override string Cancelled => Runs.Cancelled;

    private protected override string JsonDescription => "Print one JSON document instead of text; resume prints events, one a line.";

    protected override object Run(ToolContext context)
    {
        var asked = Asked(context);
        return asked.Run(Call(context, asked));
    }

    protected override void Write(object result, ToolContext context)
    {
        var asked = Asked(context);
        asked.Write(result, Call(context, asked));
    }

    private protected override string ToJson(object result) => result is RunResult found ? SweepEvents.Result(found) : base.ToJson(result);

    private StudyAction Asked(ToolContext context)
    {
        var name = context.Get(action);
        return Actions.FirstOrDefault(a => a.Name == name) ?? throw new UsageException(
            $"'{name}' is no action of '{context.Tool} study': {Nearest.Hint(name, Actions.Select(a => a.Name))}");
    }

    private StudyCall Call(ToolContext context, StudyAction asked)
    {
        var given = context.Get(arguments) ?? [];
        if (given.Length > asked.Most)
        {
            throw new UsageException($"'{given[asked.Most]}' is more than '{asked.Name}' takes: {asked.Usage(context.Tool)}");
        }

        if (context.Get(metrics) && asked is not StudyExport)
        {
            throw new UsageException($"--metrics goes with 'export', not with '{asked.Name}'; leave it out.");
        }

        return new(context, SweepFolder.Open(context.Get(folder)), given)
        {
            IsMetrics = context.Get(metrics),
            IsQuiet = context.Get(quiet),
        };
    }
}
