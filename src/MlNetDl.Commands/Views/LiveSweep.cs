using System.Globalization;
using MlNetDl.Experiments;
using MlNetDl.Search;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MlNetDl.Commands.Views;

/// <summary>A sweep on a terminal: trials that have ended are lines that stay, and below them a few lines show the best,
/// the counts and what each worker does.</summary>
internal sealed class LiveSweep : SweepView
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private readonly IAnsiConsole console;
    private readonly LiveDisplayContext live;
    private readonly TimeProvider clock;
    private readonly ShortNames names = new();
    private SweepTally? tally;
    private SweepBoard? board;
    private IReadOnlyList<WorkerProgress> workers = [];
    private DateTimeOffset next;

    private LiveSweep(IAnsiConsole console, LiveDisplayContext live, TimeProvider clock) =>
        (this.console, this.live, this.clock) = (console, live, clock);

    // The last column stays free: some terminals break the line behind a character there.
    private LineFit Fit => new(Math.Max(LineFit.LeastWidth, console.Profile.Width - 1), console.Profile.Capabilities.Unicode);

    /// <summary>The terminal behind an output that can show a live part; <see langword="null"/> where there is
    /// none.</summary>
    public static IAnsiConsole? TerminalOf(TextWriter output)
    {
        if (!ReferenceEquals(output, Console.Out) || Console.IsOutputRedirected || LiveLine.IsPlain)
        {
            return null;
        }

        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(output) });
        return console.Profile.Capabilities is { Ansi: true, Interactive: true } ? console : null;
    }

    /// <summary>Runs something that shows itself in a view. The live part is gone when it ends.</summary>
    public static T Run<T>(IAnsiConsole console, Func<SweepView, T> run, TimeProvider? clock = null) =>
        console.Live(new Text("")).AutoClear(true).Overflow(VerticalOverflow.Crop)
            .Start(live => run(new LiveSweep(console, live, clock ?? TimeProvider.System)));

    public override void Started(Experiment experiment, IReadOnlyList<TrialRecord> finished)
    {
        var search = experiment.Search!;
        names.Learn(search.Space.Keys);
        tally = new(search, finished, clock);
        board = new(experiment, tally, names);
        Say($"{experiment.Name}{(experiment.Description is { } text ? $": {text}" : "")}", new(decoration: Decoration.Bold));
        Say(SweepText.Search(search));
        if (finished.Count > 0)
        {
            Say($"going on after {Figures.Count(finished.Count, "trial")}");
        }
    }

    public override void TrialEnded(TrialRecord trial, IReadOnlyDictionary<string, object?> parameters, bool isBest)
    {
        tally!.Ended(trial);
        Color? colour = trial.State switch
        {
            TrialState.Failed => Color.Red,
            TrialState.Pruned => Color.Grey,
            _ => isBest ? Color.Green : null,
        };
        Say(board!.Ended(trial, parameters, isBest, Fit), colour is { } one ? new(one) : null);
    }

    public override void Working(IReadOnlyList<WorkerProgress> workers)
    {
        this.workers = workers;
        if (clock.GetUtcNow() >= next)
        {
            Show();
        }
    }

    public override void FinalStarted(TrialRecord best, int trainings)
    {
        tally!.BeginFinal(trainings);
        Say($"the best is trial {best.Number}; {Figures.Count(trainings, "final training")} on the test data follow");
    }

    public override void FinalEnded(string configuration, int seed, string figure, double value)
    {
        tally!.FinalEnded();
        Say(string.Create(CultureInfo.InvariantCulture, $"{configuration}, seed {seed}: {figure} {SweepText.Number(value)}"));
    }

    public override void Message(string text) => Say(text, new(Color.Yellow));

    // Lines above the live part, which they write over.
    private void Say(string text, Style? style = null)
    {
        console.Write(new Text(string.Join('\n', Fit.Wrap(text)) + "\n", style));
        next = default;
    }

    private void Show()
    {
        next = clock.GetUtcNow() + Interval;
        var lines = board!.Lines(workers, Fit, Math.Max(1, console.Profile.Height));
        live.UpdateTarget(new Rows(lines.Select(IRenderable (line) => new Text(line))));
    }
}
