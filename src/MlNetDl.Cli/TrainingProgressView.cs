using System.Diagnostics;
using System.Globalization;
using MlNetDl.Experiments;
using MlNetDl.Training;

namespace MlNetDl.Cli;

/// <summary>A line an epoch, and on a terminal one that moves.</summary>
internal sealed class TrainingProgressView(TextWriter output, Experiment experiment) : Callback, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private readonly bool terminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private TimeSpan next;
    private bool headed;

    public override void StepEnded(TrainingProgress progress)
    {
        Head();
        if (terminal && clock.Elapsed >= next)
        {
            next = clock.Elapsed + Interval;
            int filled = 20 * progress.Step / Math.Max(1, progress.Steps);
            output.Write(string.Create(CultureInfo.InvariantCulture,
                $"\r  epoch {progress.Epoch}/{progress.Epochs} [{new string('#', filled)}{new string('.', 20 - filled)}] loss {progress.Loss:F4}  {progress.ExamplesPerSecond:N0} examples/s  {Time(progress.Remaining)} left   "));
        }
    }

    public override bool EpochEnded(EpochReport epoch)
    {
        Head();
        Clear();
        // Hundreds of tiny epochs are summed up in twenty lines.
        if (epoch.Epoch % Math.Max(1, experiment.Training.Epochs / 20) != 0)
        {
            return true;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  epoch {epoch.Epoch,3}/{experiment.Training.Epochs}  {Figures.Text(epoch.Training)}{(epoch.Validation.Count > 0 ? $"  |  validation {Figures.Text(epoch.Validation)}" : "")}  ({epoch.Seconds:F1} s)"));
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

    private void Head()
    {
        if (!headed)
        {
            headed = true;
            output.WriteLine($"{experiment.Name}{(experiment.Description is { } text ? $": {text}" : "")}");
        }
    }

    private static string Time(TimeSpan time) => time.TotalMinutes < 1 ? $"{time.Seconds} s" : time.TotalHours < 1 ? $"{time.Minutes} min {time.Seconds} s" : $"{(int)time.TotalHours} h {time.Minutes} min";
}
