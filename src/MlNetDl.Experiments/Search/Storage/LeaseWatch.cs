namespace MlNetDl.Experiments.Search.Storage;

/// <summary>Judges whether leases have run out, also when the wall clock is set back.</summary>
internal sealed class LeaseWatch(TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (DateTimeOffset Until, long Since)> seen = [];

    public bool HasRunOut(string token, DateTimeOffset until, TimeSpan duration)
    {
        if (until <= clock.GetUtcNow())
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
