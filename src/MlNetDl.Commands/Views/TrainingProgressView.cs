using System.Globalization;
using MlNetDl.Experiments;
using MlNetDl.Training;

namespace MlNetDl.Commands;

/// <summary>The training that begins, at once; then a line an epoch. A terminal also shows a line that moves. Elsewhere
/// a line a minute follows while there is nothing else to print.</summary>
internal sealed class TrainingProgressView : Callback, IDisposable
{
    private readonly TextWriter output;
    private readonly LiveLine live;
    private readonly Waiting waiting;

    // Of the stage at hand; known with its first step, which a training that was cancelled behind an epoch's last does
    // not take any more.
    private int epochs;
    private readonly TimeSpan interval;
    private readonly TimeProvider clock;
    private readonly long start;
    private TimeSpan next;

    private TimeSpan Elapsed => clock.GetElapsedTime(start);

    public TrainingProgressView(TextWriter output, Experiment experiment, TimeProvider? clock = null, LiveLine? live = null)
        : this(output, $"{experiment.Name}{(experiment.Description is { } text ? $": {text}" : "")}", clock, live)
    {
    }

    /// <summary>Shows a training.</summary>
    /// <param name="output">Where.</param>
    /// <param name="title">The first line.</param>
    /// <param name="clock">The clock; the system's by default.</param>
    /// <param name="live">The line that moves; that of the output by default.</param>
    public TrainingProgressView(TextWriter output, string title, TimeProvider? clock = null, LiveLine? live = null)
    {
        this.clock = clock ?? TimeProvider.System;
        start = this.clock.GetTimestamp();
        (this.output, this.live) = (output, live ?? LiveLine.Of(output));
        interval = this.live.IsLive ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromMinutes(1);
        next = this.live.IsLive ? TimeSpan.Zero : interval;
        output.WriteLine(title);
        waiting = new(this.live, "reading the data", clock);
    }

    public override void Starting(TrainingStep step, IReadOnlyList<EpochReport> done)
    {
        epochs = 0;
        waiting.On("beginning to train");
    }

    public override void StepEnded(TrainingProgress progress)
    {
        // A stage may train for other epochs than the experiment says.
        epochs = progress.Epochs;
        if (Elapsed < next)
        {
            return;
        }

        waiting.On(null);
        next = Elapsed + interval;
        int filled = 20 * progress.Step / Math.Max(1, progress.Steps);
        string loss = string.Create(CultureInfo.InvariantCulture, $"loss {progress.Loss:F4}");
        string rate = string.Create(CultureInfo.InvariantCulture, $"{progress.ExamplesPerSecond:N0} examples/s");
        string left = $"{Figures.Time(progress.Remaining)} left";
        if (live.IsLive)
        {
            var bar = $"[{new string('#', filled)}{new string('.', 20 - filled)}]";
            live.Show(($"epoch {progress.Epoch}/{progress.Epochs}", 5), (bar, 2), (loss, 3), (rate, 1), (left, 4));
        }
        else
        {
            output.WriteLine($"  epoch {progress.Epoch}/{progress.Epochs} step {progress.Step}/{progress.Steps}  {loss}  {rate}  {left}");
        }
    }

    public override bool EpochEnded(EpochReport epoch)
    {
        waiting.On(epoch.Epoch >= epochs ? "saving and scoring" : null);
        // Hundreds of tiny epochs are summed up in twenty lines.
        if (epoch.Epoch % Math.Max(1, epochs / 20) != 0)
        {
            return true;
        }

        var inAll = epochs > 0 ? $"/{epochs}" : "";
        var validation = epoch.Validation.Count > 0 ? $"  |  validation {Figures.Text(epoch.Validation)}" : "";
        live.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  epoch {epoch.Epoch,3}{inAll}  {Figures.Text(epoch.Training)}{validation}  ({epoch.Seconds:F1} s)"));
        next = Elapsed + interval;
        return true;
    }

    public override void Message(string text) => live.WriteLine($"  {text}");

    /// <summary>Wipes the moving line.</summary>
    public void Clear()
    {
        waiting.On(null);
        live.Clear();
    }

    public void Dispose() => waiting.Dispose();
}
