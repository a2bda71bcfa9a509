using System.Collections.Concurrent;

namespace MlNetDl.Search;

/// <summary>Asks, runs, tells, until there is nothing left to run.</summary>
internal sealed class StudyLoop(
    TrialDesk desk,
    Func<Trial, ValueTask<IReadOnlyList<double>>> objective,
    int? trials,
    TimeSpan? timeout,
    int parallel,
    CancellationToken stop,
    Func<TrialRecord, bool>? trialEnded)
{
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<Trial, bool> running = [];
    private volatile bool enough;
    private readonly CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(stop);

    /// <summary>On the calling thread, and on others when parallel.</summary>
    public void Run() => Run(worker => parallel == 1
        ? [worker()]
        : [.. Enumerable.Range(0, parallel).Select(_ => Task.Factory.StartNew(
            () => worker().GetAwaiter().GetResult(),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))])
        .GetAwaiter().GetResult();

    public Task RunAsync() => Run(worker => [.. Enumerable.Range(0, parallel).Select(_ => Task.Run(worker))]);

    private async Task Run(Func<Func<Task>, Task[]> start)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parallel, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(trials ?? 0, nameof(trials));
        using (ending)
        using (ending.Token.Register(CancelOwn))
        using (timeout is { } time ? desk.Clock.CreateTimer(_ => End(), null, time, Timeout.InfiniteTimeSpan) : null)
        {
            await Task.WhenAll(start(WorkAsync)).ConfigureAwait(false);
        }

        stop.ThrowIfCancellationRequested();
        desk.MustHaveSucceeded();
    }

    private void End()
    {
        try
        {
            ending.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The time was up in the moment the work was done.
        }
    }

    /// <summary>Asks the trials of this loop to stop; those of others on the same study go on.</summary>
    private void CancelOwn()
    {
        foreach (var trial in running.Keys)
        {
            trial.Cancel();
        }
    }

    private async Task WorkAsync()
    {
        int limit = trials ?? int.MaxValue;
        try
        {
            while (!ending.IsCancellationRequested && !enough)
            {
                if (desk.TryAsk(limit) is { } trial)
                {
                    await RunAsync(trial).ConfigureAwait(false);
                }
                else if (desk.OthersRun(limit) && !enough)
                {
                    var poll = desk.Options.Lease / 4;
                    await Task.Delay(poll < LongestPoll ? poll : LongestPoll, ending.Token)
                        .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
                else
                {
                    return;
                }
            }
        }
        catch
        {
            // The others cannot go on either.
            End();
            throw;
        }
    }

    private async Task RunAsync(Trial trial)
    {
        running[trial] = true;
        if (ending.IsCancellationRequested)
        {
            trial.Cancel();
        }

        try
        {
            desk.Tell(trial, await objective(trial).ConfigureAwait(false));
        }
        catch (LeaseLostException)
        {
            desk.EndRenewal(trial);
        }
        catch (StudyStoreException)
        {
            // Nothing more can be written: the trial is left to whoever takes it when its lease runs out.
            desk.EndRenewal(trial);
            throw;
        }
        catch (Exception e) when (e is SpaceChangedException or SearchEndedException || trial.SearchFailed)
        {
            // No trial would fare better.
            GiveBack(trial);
            throw;
        }
        catch (Exception e)
        {
            Close(trial, e);
        }
        finally
        {
            running.TryRemove(trial, out _);
        }

        if (trialEnded is not null && desk.Ended(trial) is { } ended && !trialEnded(ended))
        {
            enough = true;
        }
    }

    private void GiveBack(Trial trial)
    {
        try
        {
            desk.Release(trial);
        }
        catch (StudyException)
        {
            // Why the search ends is the news, not this; the lease runs out.
        }
    }

    private void Close(Trial trial, Exception reason)
    {
        try
        {
            switch (reason)
            {
                case TrialPrunedException:
                    desk.TellPruned(trial);
                    break;
                case OperationCanceledException when trial.IsLost:
                    desk.EndRenewal(trial);
                    break;
                case OperationCanceledException when trial.Stop.IsCancellationRequested:
                    desk.Release(trial);
                    break;
                default:
                    desk.TellFailed(trial, reason);
                    break;
            }
        }
        catch (LeaseLostException)
        {
            desk.EndRenewal(trial);
        }
        catch (StudyStoreException)
        {
            desk.EndRenewal(trial);
            throw;
        }
    }
}
