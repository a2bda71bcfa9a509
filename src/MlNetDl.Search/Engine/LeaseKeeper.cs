using MlNetDl.Search.Storage;

namespace MlNetDl.Search;

/// <summary>Renews the leases of the trials that this process runs, and tells a trial that its lease was
/// lost.</summary>
internal sealed class LeaseKeeper(StudyStore store, StudyOptions options) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<int, Trial> held = [];
    private DateTimeOffset due;
    private ITimer? timer;
    private bool disposed;

    public void Add(Trial trial)
    {
        Trial? before;
        lock (gate)
        {
            before = held.GetValueOrDefault(trial.Number);
            held[trial.Number] = trial;
            if (options.RenewLeases && !disposed && timer is null)
            {
                due = store.Clock.GetUtcNow() + (options.Lease / 3);
                timer = store.Clock.CreateTimer(_ => Renew(), null, options.Lease / 3, options.Lease / 3);
            }
        }

        // A worker that asks for a trial may get a trial that it had lost itself.
        before?.Lose();
    }

    public void Remove(Trial trial)
    {
        lock (gate)
        {
            if (held.TryGetValue(trial.Number, out var current) && ReferenceEquals(current, trial))
            {
                held.Remove(trial.Number);
            }
        }
    }

    public bool Holds(int number)
    {
        lock (gate)
        {
            return held.ContainsKey(number);
        }
    }

    /// <summary>Renews the leases that the timer should have renewed by now. After the machine slept, this process must
    /// not take over its own trials as lost ones.</summary>
    public void CatchUp()
    {
        bool late;
        lock (gate)
        {
            late = timer is not null && !disposed && store.Clock.GetUtcNow() >= due;
        }

        if (late)
        {
            Renew();
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            timer?.Dispose();
        }
    }

    private List<Trial> Held()
    {
        lock (gate)
        {
            return [.. held.Values];
        }
    }

    private void Renew()
    {
        lock (gate)
        {
            due = store.Clock.GetUtcNow() + (options.Lease / 3);
        }

        foreach (var trial in Held())
        {
            try
            {
                store.Renew(trial.Lease, options.Lease);
            }
            catch (LeaseLostException)
            {
                Remove(trial);
                trial.Lose();
            }
            catch (Exception e) when (e is StudyException or ObjectDisposedException)
            {
                // The trial has just finished, or the store is busy. The next renewal or write shows which.
            }
        }
    }
}
