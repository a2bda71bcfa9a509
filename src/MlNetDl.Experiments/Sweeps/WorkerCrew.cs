using MlNetDl.Search;

namespace MlNetDl.Experiments;

/// <summary>The workers of a runner: starts them, replaces those that crash or have worked enough, and stops
/// them.</summary>
internal sealed class WorkerCrew(string folder, SearchOptions search, WorkerLauncher launcher, SweepView view, TimeSpan? time, TimeProvider clock)
    : IDisposable
{
    // A worker that crashes before it has begun would crash again at once.
    private const int MostFalseStarts = 3;
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(60);

    // A worker ends a trial that takes too long by itself. One that hangs in native code cannot.
    private static readonly TimeSpan TimeToObey = TimeSpan.FromSeconds(20);
    private readonly SupervisedWorker?[] workers = new SupervisedWorker?[search.Workers];
    private readonly WorkerProgress[] progress = [.. Enumerable.Range(1, search.Workers).Select(n => new WorkerProgress(n, null, 0, 0, 0))];
    private readonly long start = clock.GetTimestamp();
    private int falseStarts;
    private string? round;

    /// <summary>What the workers do.</summary>
    public IReadOnlyList<WorkerProgress> Progress => progress;

    /// <summary>Whether no worker has a trial of the search left.</summary>
    public bool HasSearched => workers.All(w => w is null or { HasSearched: true });

    /// <summary>Whether all have ended.</summary>
    public bool IsOver => workers.All(w => w is null);

    /// <summary>Starts them all.</summary>
    public void Start()
    {
        for (int i = 0; i < workers.Length; i++)
        {
            Start(i);
        }
    }

    /// <summary>Lets them begin the final round.</summary>
    /// <param name="study">The name of its study.</param>
    public void BeginFinal(string study)
    {
        round = study;
        foreach (var worker in workers)
        {
            worker?.Tell(WorkerChannel.BeginFinal + study);
        }
    }

    /// <summary>Hears the workers, and replaces those that have ended too early.</summary>
    /// <exception cref="SweepRefusedException">The sweep cannot be run as it is.</exception>
    /// <exception cref="StudyException">No worker can go on.</exception>
    public void Look()
    {
        for (int i = 0; i < workers.Length; i++)
        {
            if (workers[i] is not { } worker)
            {
                continue;
            }

            int? exit = worker.ExitCode;
            if (exit is not null)
            {
                worker.Drain();
            }

            Hear(worker);
            if (exit is { } code)
            {
                Ended(i, worker, code);
            }
            else if ((round is null ? search.TrialTimeout : search.Final?.Timeout) is { } longest && worker.TrialStarted is { } since
                && clock.GetElapsedTime(since) > longest.Time + TimeToObey)
            {
                view.Message($"worker {worker.Number} hangs in {(round is null ? "trial" : "final training")} {progress[i].Trial} and is ended.");
                worker.Kill();
            }
        }
    }

    /// <summary>Asks all to stop with a checkpoint, and waits until they have.</summary>
    public void Stop()
    {
        foreach (var worker in workers)
        {
            worker?.Tell(WorkerChannel.StopNow);
        }

        long asked = clock.GetTimestamp();
        while (workers.Any(w => w is { ExitCode: null }) && clock.GetElapsedTime(asked) < TimeToStop)
        {
            Thread.Sleep(20);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var worker in workers)
        {
            worker?.Dispose();
        }
    }

    private void Start(int index)
    {
        var logs = Directory.CreateDirectory(Path.Combine(folder, "workers"));
        TimeSpan? left = time is { } all ? all - clock.GetElapsedTime(start) : null;
        left = left < TimeSpan.Zero ? TimeSpan.Zero : left;
        workers[index] = new(
            index + 1, launcher.Start(folder, WorkerLauncher.NameOf(index + 1), left), Path.Combine(logs.FullName, $"{index + 1}.log"));
        if (round is not null)
        {
            workers[index]!.Tell(WorkerChannel.BeginFinal + round);
        }
    }

    private void Hear(SupervisedWorker worker)
    {
        foreach (var news in worker.News())
        {
            switch (news.Kind)
            {
                case WorkerEventKind.Ready:
                    worker.IsReady = true;
                    falseStarts = 0;
                    break;
                case WorkerEventKind.Progress:
                    if (progress[worker.Number - 1].Trial != news.Trial)
                    {
                        worker.TrialStarted = news.Trial is null ? null : clock.GetTimestamp();
                    }

                    progress[worker.Number - 1] = new(worker.Number, news.Trial, news.Epoch ?? 1, news.Epochs ?? 1, news.Done ?? 0);
                    break;
                case WorkerEventKind.Searched:
                    (worker.HasSearched, worker.TrialStarted) = (true, null);
                    progress[worker.Number - 1] = new(worker.Number, null, 0, 0, 0);
                    break;
                case WorkerEventKind.Message:
                    view.Message($"trial {news.Trial}: {news.Text}");
                    break;
                default:
                    worker.Reason = news.Text;
                    break;
            }
        }
    }

    private void Ended(int index, SupervisedWorker worker, int code)
    {
        var (wasReady, lastWords) = (worker.IsReady, worker.LastWords);
        var reason = worker.Reason ?? lastWords;
        progress[index] = new(index + 1, null, 0, 0, 0);
        worker.Dispose();
        workers[index] = null;
        switch (code)
        {
            case WorkerExit.Done:
                return;
            case WorkerExit.Refused:
                throw new SweepRefusedException(reason);
            case WorkerExit.Failed:
                throw new StudyException(reason);
            case WorkerExit.Replace or WorkerExit.Stopped:
                // Somebody else than the runner may have stopped it: there is work left.
                Start(index);
                return;
        }

        if (!wasReady && ++falseStarts >= MostFalseStarts)
        {
            throw new StudyException($"{MostFalseStarts} workers in a row ended with code {code} before they began to work. The last words "
                + $"of worker {index + 1}:\n{lastWords}");
        }

        var said = lastWords.Length > 0 ? $" Its last words are in {Path.Combine("workers", $"{index + 1}.log")}." : "";
        view.WorkerLost(index + 1, code, $"worker {index + 1} was lost (code {code}); another takes its place.{said}");
        Start(index);
    }
}

/// <summary>A sweep cannot be run as it is: a configuration or its data is wrong.</summary>
/// <param name="message">What is wrong, and what to do.</param>
public sealed class SweepRefusedException(string message) : Exception(message);
