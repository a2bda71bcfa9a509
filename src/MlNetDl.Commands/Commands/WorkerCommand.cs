using System.CommandLine;
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
    private readonly Argument<string> folder = new("run") { Description = "The folder of the sweep." };

    private readonly Option<string?> name = new("--name") { Description = "Who it is, for people to read.", HelpName = "NAME" };

    private readonly Option<double?> seconds = new("--seconds")
    {
        Description = "Time after which no trial starts; by default there is no bound.",
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
        using var channel = context.Get(supervised) ? WorkerChannel.To(Console.In, Console.Out) : WorkerChannel.None();
        var worker = new SweepWorker(context.Get(folder), who, channel)
        {
            Time = context.Get(seconds) is { } bound ? TimeSpan.FromSeconds(bound) : null,
        };
        var end = worker.Run(context.Stop);
        context.Code = context.Get(supervised) ? WorkerExit.Of(end) : WorkerExit.Done;
        return new(end, worker.Trials);
    }

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
