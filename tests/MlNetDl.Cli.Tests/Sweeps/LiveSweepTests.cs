using MlNetDl.Commands.Views;
using MlNetDl.Configuration;
using MlNetDl.Experiments;
using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using Spectre.Console.Testing;

namespace MlNetDl.Cli.Tests.Sweeps;

/// <summary>What a terminal shows of a sweep, at widths of 40, 80 and 200 and with ASCII alone.</summary>
public sealed class LiveSweepTests
{
    private const string Yaml = """
        name: digits
        description: a long description of the experiment, which says what is searched and why somebody would want to know
        data: { dataset: optdigits }
        network: { type: mlp, hidden: [16] }
        training: { validationFraction: 0.2 }
        search:
          space:
            training.optimizer.learningRate: { logUniform: [1e-3, 1e-1] }
            network.hidden[0]: { integer: [4, 32] }
          objective: { maximize: validation.accuracy }
          maxTrials: 40
          workers: 4
        """;

    private static readonly DateTimeOffset Start = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    private static readonly SearchSpace Space = SearchSpace.Of(
        ("training.optimizer.learningRate", new LogUniform(1e-3, 1e-1)), ("network.hidden[0]", new Integer(4, 32)));

    [Theory]
    [InlineData(40, true)]
    [InlineData(80, true)]
    [InlineData(200, true)]
    [InlineData(40, false)]
    [InlineData(80, false)]
    [InlineData(200, false)]
    public void The_live_part_says_all_at_any_width(int width, bool unicode)
    {
        var clock = new Clock { Now = Start };
        Screen? during = null;
        var written = Show(width, unicode, clock, (view, written) =>
        {
            Play(view, clock);
            during = new(written(), width);
        });
        var lines = during!.Lines;
        var live = string.Join('\n', lines.Skip(lines.ToList().FindLastIndex(l => l.StartsWith("trial ", StringComparison.Ordinal)) + 1));
        string[] expected = width < 60
            ? ["best 0.9, trial 0:", "#3", "3/10   50 %"]
            : ["best validation.accuracy 0.9, trial 0:", "learningRate=0.01", "hidden[0]=16", "worker  1  trial 3", "epoch 3/10   50 %", "worker  2  waits"];
        // The 37 trials that are left take 100 seconds each, less 60 of the one that runs, shared by four workers.
        string[] always = ["3/40 trials", "1 pruned", "1 failed", "about 15 min 10 s left", "begins", unicode ? "▁▅█ 0.75" : "_=# 0.75"];
        Assert.All([.. expected, .. always], text => Assert.Contains(text, live, StringComparison.Ordinal));
        if (!unicode)
        {
            Assert.All(written, c => Assert.InRange(c, '\0', '\x7e'));
        }

        // Afterwards only the lines that stay are there, and a reason is whole.
        var after = string.Join(' ', new Screen(written, width).Lines);
        Assert.All(always, text => Assert.DoesNotContain(text, after, StringComparison.Ordinal));
        Assert.Contains("there is no space left on the device that holds the temporary files", Words(after), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 2)]
    [InlineData(10, 24)]
    public void A_tiny_terminal_is_no_error(int width, int height)
    {
        var clock = new Clock { Now = Start };
        Assert.NotEmpty(Show(width, true, clock, (view, _) => Play(view, clock), height));
    }

    [Fact]
    public void Lines_that_stay_leave_nothing_of_the_live_part_behind_them()
    {
        var clock = new Clock { Now = Start };
        var written = Show(60, true, clock, (view, _) =>
        {
            Play(view, clock);
            view.Message("short");
        });
        Assert.Contains("short", new Screen(written, 60).Lines);
    }

    [Fact]
    public void More_workers_than_lines_are_counted()
    {
        var clock = new Clock { Now = Start };
        var experiment = Sweep();
        var board = new SweepBoard(experiment, new(experiment.Search!, [], clock), new());
        var workers = Enumerable.Range(1, 100).Select(n => new WorkerProgress(n, n, 1, 1, 0.5)).ToList();
        var lines = board.Lines(workers, new(79, true), 24);
        Assert.InRange(lines.Count, 10, 24);
        int shown = lines.Count(l => l.StartsWith("worker", StringComparison.Ordinal));
        Assert.Equal($"and {100 - shown} more workers", lines[^1]);
        Assert.All(new[] { 1, 2, 5 }, height => Assert.NotEmpty(board.Lines(workers, new(79, true), height)));
    }

    [Fact]
    public void Text_of_others_moves_no_cursor()
    {
        var clock = new Clock { Now = Start };
        var written = Show(80, true, clock, (view, _) =>
        {
            view.Started(Sweep(), []);
            view.TrialEnded(Trial(0, TrialState.Failed) with { Error = "one\r\ntwo\u001b[2J\u0007" }, new Dictionary<string, object?>(), false);
        });
        Assert.Contains("trial   0  failed: one two [2J", new Screen(written, 80).Lines);
    }

    private static string Show(int width, bool unicode, Clock clock, Action<SweepView, Func<string>> play, int height = 24)
    {
        using var console = new TestConsole();
        console.Profile.Width = width;
        console.Profile.Height = height;
        console.EmitAnsiSequences();
        console.Profile.Capabilities.Unicode = unicode;
        LiveSweep.Run(console, view =>
        {
            play(view, () => console.Output);
            return 0;
        }, clock);
        return console.Output;
    }

    private static string Words(string text) => string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    // One trial of each kind of 100 seconds, then one that runs for 50.
    private static void Play(SweepView view, Clock clock)
    {
        view.Started(Sweep(), []);
        var ended = new[] { Trial(0, TrialState.Complete, 0.9), Trial(1, TrialState.Pruned, 0.2), Trial(2, TrialState.Failed) };
        view.Working([new(1, 0, 10, 10, 1) { Record = ended[0] }, new(2, 1, 10, 10, 1), new(3, null, 0, 0, 0)]);
        clock.Now += TimeSpan.FromSeconds(100);
        foreach (var trial in ended)
        {
            view.TrialEnded(trial, trial.Parameters, trial.Number == 0);
        }

        view.Message("a warning that is much longer than one line of a narrow terminal, so that it is broken between its words");
        clock.Now += TimeSpan.FromSeconds(50);
        var running = Trial(3, TrialState.Running) with
        {
            Started = clock.Now - TimeSpan.FromSeconds(60),
            Finished = null,
            Reports = [new(0, 0.25), new(1, 0.5), new(2, 0.75)],
        };
        view.Working([new(1, 3, 3, 10, 0.5) { Record = running }, new(2, null, 0, 0, 0), new(3, 4, 1, 10, 0)]);
    }

    private static TrialRecord Trial(int number, TrialState state, params double[] values)
    {
        var numbers = new Dictionary<string, double> { ["training.optimizer.learningRate"] = 0.01, ["network.hidden[0]"] = 16 };
        return new()
        {
            Number = number,
            State = state,
            Values = values,
            Numbers = numbers,
            Distributions = Space.Parameters.ToDictionary(p => p.Name, p => p.Distribution),
            Started = Start,
            Finished = Start + TimeSpan.FromSeconds(100),
            Error = state == TrialState.Failed ? "IOException: there is no space left on the device that holds the temporary files" : null,
        };
    }

    private static Experiment Sweep() => ConfigurationDocument.Parse(Yaml).Bind<Experiment>();

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
