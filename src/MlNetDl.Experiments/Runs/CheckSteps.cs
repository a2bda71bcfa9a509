using System.Diagnostics;
using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>Ends each fit with its first epochs, and keeps what the run would need: its messages, the epochs that it was to train, and
/// the time of a step.</summary>
/// <param name="stop">Ends it.</param>
internal sealed class CheckSteps(CancellationToken stop) : Callback
{
    // The first steps make libtorch ready, and others share the processor. So fast steps are timed some times more.
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(2);
    private const int MostEpochs = 6;
    private readonly List<(int Epochs, double Seconds)> fits = [];
    private readonly Stopwatch clock = new(), all = new();

    /// <summary>What was said.</summary>
    public List<string> Messages { get; } = [];

    /// <summary>The fits that had steps: how many epochs each has, and the seconds of its fastest step.</summary>
    public IReadOnlyList<(int Epochs, double Seconds)> Fits => [.. fits.Where(f => f.Epochs > 0)];

    /// <inheritdoc/>
    public override void Message(string text) => Messages.Add(text);

    /// <inheritdoc/>
    public override void Starting(TrainingStep step, IReadOnlyList<EpochReport> done)
    {
        fits.Add((0, double.PositiveInfinity));
        clock.Restart();
        all.Start();
    }

    /// <inheritdoc/>
    public override void StepEnded(TrainingProgress progress)
    {
        stop.ThrowIfCancellationRequested();
        fits[^1] = (progress.Epochs, Math.Min(fits[^1].Seconds, clock.Elapsed.TotalSeconds));
        clock.Restart();
    }

    /// <inheritdoc/>
    public override bool EpochEnded(EpochReport epoch)
    {
        clock.Restart();
        return epoch.Epoch < MostEpochs && all.Elapsed < MostTime;
    }
}
