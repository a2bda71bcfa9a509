using System.CommandLine;
using System.Globalization;
using MlNetDl.Commands.Views;
using MlNetDl.Experiments;

namespace MlNetDl.Commands;

/// <summary>What a worker has done.</summary>
/// <param name="End">How it ended.</param>
/// <param name="Trials">How many trials it has ended.</param>
internal sealed record WorkerResult(WorkerEnd End, int Trials);

/// <summary><c>mldl worker</c>.</summary>
internal sealed class WorkerCommand() : ToolCommand<WorkerResult>(
    "worker",
    "Takes part in the search of a run folder: trains trials until there are none left. 'mldl run' starts such workers itself.",
    "mldl worker runs/my-sweep                 one more process for the sweep")
{
    // What timers can wait for; it is a month.
    private const int MostSeconds = 2_592_000;

    private readonly Argument<string> folder = new("run") { Description = "The folder of the sweep." };

    private readonly Option<string?> name = new("--name") { Description = "Who it is, for people to read.", HelpName = "NAME" };

    // As text: the parser would read numbers by the machine's language, and call what is none by the name of a type.
    private readonly Option<string?> seconds = new("--seconds")
    {
        Description = "Time after which no trial starts, 0 or more; by default there is no bound.",
        HelpName = "N",
    };

    private readonly Option<bool> supervised = new("--supervised")
    {
        Description = "Tell events on standard output, obey standard input, and stop when it ends.",
        Hidden = true,
    };

    protected override IEnumerable<Symbol> Symbols => [folder, name, seconds, supervised];

    protected override WorkerResult Run(ToolContext context)
    {
        var who = context.Get(name) ?? $"{Environment.MachineName}:{Environment.ProcessId}";
        if (!context.Get(supervised))
        {
            // Says what is wrong with a folder that is none of a sweep.
            SweepFolder.Open(context.Get(folder));
        }

        using var channel = context.Get(supervised) ? WorkerChannel.To(Console.In, Console.Out) : WorkerChannel.None();
        var worker = new SweepWorker(context.Get(folder), who, channel)
        {
            Time = Bound(context.Get(seconds)),
            Warn = context.Get(supervised) ? null : context.Warn,
        };
        var end = worker.Run(context.Stop);
        context.Code = context.Get(supervised) ? WorkerExit.Of(end) : WorkerExit.Done;
        return new(end, worker.Trials);
    }

    private static TimeSpan? Bound(string? text) => text is null ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number is >= 0 and <= MostSeconds
            ? TimeSpan.FromSeconds(number)
            : Refuse(text);

    private static TimeSpan? Refuse(string text) =>
        throw new UsageException($"'{text}' is no time for --seconds; expected a number of seconds from 0 to {MostSeconds}, such as 600.");

    protected override void Write(WorkerResult result, ToolContext context)
    {
        // Standard output of a supervised one is its runner's.
        if (context.Get(supervised))
        {
            return;
        }

        var trained = Figures.Count(result.Trials, "trial");
        context.Output.WriteLine(result.End switch
        {
            WorkerEnd.Stopped => $"{trained} ended here; asked to stop, and the running one was given back with its checkpoint",
            WorkerEnd.Replace => $"{trained} ended here, as many as a process may run or as its memory allows; the same command goes on",
            _ => $"{trained} ended here; none is left to do in '{context.Get(folder)}'",
        });
    }
}
