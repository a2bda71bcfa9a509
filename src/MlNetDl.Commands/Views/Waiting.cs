namespace MlNetDl.Commands;

/// <summary>Says on a terminal what goes on, and for how long, while nothing else does.</summary>
internal sealed class Waiting : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private readonly Lock gate = new();
    private readonly LiveLine line;
    private readonly TimeProvider clock;
    private readonly ITimer? timer;
    private string? text;
    private long start;

    /// <summary>Begins.</summary>
    /// <param name="line">Where it is said.</param>
    /// <param name="text">What goes on.</param>
    /// <param name="clock">The clock; the system's by default.</param>
    public Waiting(LiveLine line, string text, TimeProvider? clock = null)
    {
        (this.line, this.clock) = (line, clock ?? TimeProvider.System);
        On(text);
        timer = line.IsLive ? this.clock.CreateTimer(_ => Say(), null, Interval, Interval) : null;
    }

    /// <summary>Something else goes on now.</summary>
    /// <param name="what">What; <see langword="null"/> where others say it.</param>
    public void On(string? what)
    {
        lock (gate)
        {
            (text, start) = (what, clock.GetTimestamp());
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        timer?.Dispose();
        On(null);
        line.Clear();
    }

    private void Say()
    {
        lock (gate)
        {
            if (text is not null)
            {
                line.Show((text, 2), (Figures.Time(clock.GetElapsedTime(start)), 1));
            }
        }
    }
}
