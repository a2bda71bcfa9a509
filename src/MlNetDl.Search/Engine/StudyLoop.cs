using System.Collections.Concurrent;

namespace MlNetDl.Search;

/// <summary>Asks for a trial, runs it and tells its result, until no trial is left to run.</summary>
internal sealed class StudyLoop(
    TrialDesk desk,
    Func<Trial, ValueTask<IReadOnlyList<double>>> objective,
    int? trials,
    TimeSpan? timeout,
    int parallel,
    Func<TrialRecord, bool>? trialEnded,
    CancellationToken stop)
{
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<Trial, bool> running = [];
    private volatile bool enough;
    private readonly CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(stop);

    /// <summary>Runs the trials on the calling thread, or on threads of their own when several run at once.</summary>
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
        if (!enough)
        {
            desk.MustHaveSucceeded();
        }
    }

    private void End()
    {
        try
        {
            ending.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The time was up in the moment in which the last trial finished.
        }
    }

    /// <summary>Asks the trials of this loop to stop. Trials that other workers run on the same study go on.</summary>
    private void CancelOwn()
    {
        foreach (var trial in running.Keys)
        {
            trial.Cancel();
        }
    }

    private async Task WorkAsync()
    {
        int asked = trials ?? int.MaxValue;
        try
        {
            while (!ending.IsCancellationRequested && !enough)
            {
                int limit = Math.Min(asked, desk.MostTrials() ?? int.MaxValue);
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
            // The other threads of this loop cannot go on either.
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
            // The store takes no more writes. Another worker takes the trial over when its lease runs out.
            desk.EndRenewal(trial);
            throw;
        }
        catch (Exception e) when (e is SpaceChangedException or SearchEndedException || trial.SearchFailed)
        {
            // Every other trial would fail in the same way.
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
            // The caller is told why the search ends, and this failure would hide it. The trial's lease runs out by
            // itself.
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
