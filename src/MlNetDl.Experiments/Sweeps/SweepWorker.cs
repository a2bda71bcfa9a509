using System.Diagnostics;
using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using MlNetDl.Search;
using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>How a worker ended.</summary>
public enum WorkerEnd
{
    /// <summary>There is nothing left to do.</summary>
    Done,

    /// <summary>It was asked to stop; its trial was given back with a checkpoint.</summary>
    Stopped,

    /// <summary>It has run as many trials as a process may, or uses too much memory: another is to take its
    /// place.</summary>
    Replace,
}

/// <summary>Takes part in a sweep: asks its study for trials, trains them with checkpoints, reports, and tells. Any number
/// may work on one folder, in as many processes, and none knows of the others.</summary>
/// <param name="folder">The folder of the sweep.</param>
/// <param name="name">Who it is, for people to read.</param>
/// <param name="channel">Where it hears from its runner.</param>
public sealed class SweepWorker(string folder, string name, WorkerChannel channel)
{
    private readonly SweepData data = new();

    /// <summary>The time after which no trial starts; by default there is no bound.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>Told what is doubtful about the sweep; by default nobody is.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>How many trials it has ended.</summary>
    public int Trials { get; private set; }

    /// <summary>Works until there is nothing left to do.</summary>
    /// <param name="stop">Ends it: the running trial is given back with a checkpoint.</param>
    /// <exception cref="ConfigurationException">The sweep cannot be run as it is.</exception>
    /// <exception cref="RunFolderConflictException">The data has changed since something was trained on it.</exception>
    /// <exception cref="StudyException">No trial can succeed, all have failed, or the store cannot be used.</exception>
    public WorkerEnd Run(CancellationToken stop = default)
    {
        try
        {
            return Work(stop);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            bool isWrong = e is ConfigurationException or ShapeException or RunFolderConflictException;
            channel.Tell(new(isWrong ? WorkerEventKind.Refused : WorkerEventKind.Ended) { Text = e.Message });
            throw;
        }
    }

    private WorkerEnd Work(CancellationToken stop)
    {
        using var sweep = Sweep.Open(folder, name);
        if (RunFolder.CheckData(folder, sweep.Experiment) is { } doubt)
        {
            Warn?.Invoke(doubt);
        }

        // A worker with a runner stops when that says so.
        using var presence = SweepPresence.Enter(folder, SweepPresence.Worker, stop, obeys: !channel.HasRunner);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(presence.Stop, channel.Stop);
        SweepCheck.Run(sweep, data);
        channel.Tell(new(WorkerEventKind.Ready));
        try
        {
            if (Search(sweep, ending.Token) is { } early)
            {
                return early;
            }

            channel.Tell(new(WorkerEventKind.Searched));
            if (!channel.HasRunner || channel.WaitForFinal() is not { } round)
            {
                return ending.IsCancellationRequested ? WorkerEnd.Stopped : WorkerEnd.Done;
            }

            RunFinal(sweep, round, ending.Token);
            return WorkerEnd.Done;
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return WorkerEnd.Stopped;
        }
    }

    // Without an end: all trials of the search are done.
    private WorkerEnd? Search(Sweep sweep, CancellationToken stop)
    {
        if (sweep.IsExhausted() || Time <= TimeSpan.Zero)
        {
            return null;
        }

        bool replace = false;
        var folders = new TrialFolders(sweep);
        folders.TidyAll();
        var training = new TrialTraining(sweep, data, trial => [Watch(trial.Number)]);
        sweep.Study.Optimize(
            (Trial trial) => Begun(trial, sweep.Experiment.Training.Epochs, training.Run),
            sweep.Search.MaxTrials,
            Time,
            parallel: 1,
            trialEnded: trial =>
            {
                folders.Tidy(trial);
                replace = ++Trials >= sweep.Search.TrialsPerWorker || MemoryMB() > (sweep.Search.WorkerMemoryMB ?? double.MaxValue);
                return !replace && !sweep.IsExhausted();
            },
            stop);
        return replace && !sweep.IsExhausted() ? WorkerEnd.Replace : null;
    }

    private void RunFinal(Sweep sweep, string round, CancellationToken stop)
    {
        using var final = FinalRound.Join(sweep, round);
        final.Study.Optimize(
            (Trial trial) => Begun(trial, sweep.Experiment.Training.Epochs, t => final.Run(t, data, [Watch(t.Number)])),
            final.Count,
            trialEnded: ended =>
            {
                final.Tidy(ended);
                return true;
            },
            stop: stop);
    }

    // The runner measures the time of a trial from its begin to its end.
    private T Begun<T>(Trial trial, int? epochs, Func<Trial, T> run)
    {
        channel.Tell(new(WorkerEventKind.Progress) { Trial = trial.Number, Epoch = 1, Epochs = epochs, Done = 0 });
        try
        {
            return run(trial);
        }
        finally
        {
            channel.Tell(new(WorkerEventKind.Progress));
        }
    }

    private ProgressEvents Watch(int trial) => new(channel, trial);

    private static double MemoryMB()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64 / 1024.0 / 1024.0;
    }

    /// <summary>Tells the runner how far a trial is, a few times a second.</summary>
    private sealed class ProgressEvents(WorkerChannel channel, int trial) : Callback
    {
        private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
        private readonly Stopwatch clock = Stopwatch.StartNew();
        private TimeSpan next;

        public override void StepEnded(TrainingProgress progress)
        {
            if (clock.Elapsed < next)
            {
                return;
            }

            next = clock.Elapsed + Interval;
            channel.Tell(new(WorkerEventKind.Progress)
            {
                Trial = trial,
                Epoch = progress.Epoch,
                Epochs = progress.Epochs,
                Done = (double)progress.Step / Math.Max(1, progress.Steps),
            });
        }

        public override void Message(string text)
        {
            if (text.StartsWith("warning", StringComparison.Ordinal))
            {
                channel.Tell(new(WorkerEventKind.Message) { Trial = trial, Text = text });
            }
        }
    }
}
