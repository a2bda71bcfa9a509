namespace MlNetDl.Search.Storage;

/// <summary>Judges whether leases have run out, also when the wall clock is set back or the machine has
/// slept.</summary>
internal sealed class LeaseWatch(TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (DateTimeOffset Until, long Since)> seen = [];

    /// <param name="token">The lease.</param>
    /// <param name="until">Until when it was renewed, by the wall clock.</param>
    /// <param name="duration">How long it lasts.</param>
    /// <param name="lives">Whether its process is known to be there. After the machine slept, all leases have run out
    /// by the wall clock although no process died. A process that lives has one more duration, by this one's steady
    /// clock.</param>
    public bool HasRunOut(string token, DateTimeOffset until, TimeSpan duration, bool lives = false)
    {
        if (!lives && until <= clock.GetUtcNow())
        {
            return true;
        }

        lock (gate)
        {
            if (seen.TryGetValue(token, out var before) && before.Until == until)
            {
                return clock.GetElapsedTime(before.Since) > duration;
            }

            if (seen.Count > 10_000)
            {
                // Forgetting costs at most one more duration of waiting.
                seen.Clear();
            }

            seen[token] = (until, clock.GetTimestamp());
            return false;
        }
    }
}
