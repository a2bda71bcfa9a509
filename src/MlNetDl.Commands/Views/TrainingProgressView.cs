using System.Globalization;
using MlNetDl.Experiments;
using MlNetDl.Training;

namespace MlNetDl.Commands;

/// <summary>The training that begins, at once; then a line an epoch. A terminal also shows a line that moves. Elsewhere
/// a line a minute follows while there is nothing else to print.</summary>
internal sealed class TrainingProgressView : Callback, IDisposable
{
    private readonly TextWriter output;

    // Of the stage at hand; known with its first step, which a training that was cancelled behind an epoch's last does
    // not take any more.
    private int epochs;
    private readonly bool terminal;
    private readonly TimeSpan interval;
    private readonly TimeProvider clock;
    private readonly long start;
    private TimeSpan next;

    private TimeSpan Elapsed => clock.GetElapsedTime(start);

    public TrainingProgressView(TextWriter output, Experiment experiment, TimeProvider? clock = null)
        : this(output, $"{experiment.Name}{(experiment.Description is { } text ? $": {text}" : "")}", clock)
    {
    }

    /// <summary>Shows a training.</summary>
    /// <param name="output">Where.</param>
    /// <param name="title">The first line.</param>
    /// <param name="clock">The clock; the system's by default.</param>
    public TrainingProgressView(TextWriter output, string title, TimeProvider? clock = null)
    {
        this.clock = clock ?? TimeProvider.System;
        start = this.clock.GetTimestamp();
        (this.output, terminal) = (output, ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected);
        interval = terminal ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromMinutes(1);
        next = terminal ? TimeSpan.Zero : interval;
        output.WriteLine(title);
    }

    public override void Starting(TrainingStep step, IReadOnlyList<EpochReport> done) => epochs = 0;

    public override void StepEnded(TrainingProgress progress)
    {
        // A stage may train for other epochs than the experiment says.
        epochs = progress.Epochs;
        if (Elapsed < next)
        {
            return;
        }

        next = Elapsed + interval;
        int filled = 20 * progress.Step / Math.Max(1, progress.Steps);
        var figures = string.Create(CultureInfo.InvariantCulture,
            $"loss {progress.Loss:F4}  {progress.ExamplesPerSecond:N0} examples/s  {Figures.Time(progress.Remaining)} left");
        if (terminal)
        {
            output.Write($"\r  epoch {progress.Epoch}/{progress.Epochs} [{new string('#', filled)}"
                + $"{new string('.', 20 - filled)}] {figures}   ");
        }
        else
        {
            output.WriteLine($"  epoch {progress.Epoch}/{progress.Epochs} step {progress.Step}/{progress.Steps}  {figures}");
        }
    }

    public override bool EpochEnded(EpochReport epoch)
    {
        Clear();
        // Hundreds of tiny epochs are summed up in twenty lines.
        if (epoch.Epoch % Math.Max(1, epochs / 20) != 0)
        {
            return true;
        }

        var inAll = epochs > 0 ? $"/{epochs}" : "";
        var validation = epoch.Validation.Count > 0 ? $"  |  validation {Figures.Text(epoch.Validation)}" : "";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  epoch {epoch.Epoch,3}{inAll}  {Figures.Text(epoch.Training)}{validation}  ({epoch.Seconds:F1} s)"));
        next = Elapsed + interval;
        return true;
    }

    public override void Message(string text) => output.WriteLine($"  {text}");

    /// <summary>Wipes the moving line.</summary>
    public void Clear()
    {
        if (terminal)
        {
            output.Write($"\r{new string(' ', 110)}\r");
        }
    }

    public void Dispose() => Clear();
}
