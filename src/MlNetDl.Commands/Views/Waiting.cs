namespace MlNetDl.Commands;

/// <summary>Says on a terminal what goes on, and for how long, while nothing else does.</summary>
internal sealed class Waiting : IDisposable, IProgress<long>
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private readonly Lock gate = new();
    private readonly LiveLine line;
    private readonly TimeProvider clock;
    private readonly ITimer? timer;
    private string? text;
    private long rows;
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
            (text, start, rows) = (what, clock.GetTimestamp(), 0);
        }
    }

    /// <summary>How many rows are done.</summary>
    public void Report(long value)
    {
        lock (gate)
        {
            rows = value;
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
                var (what, time) = ((text, 3), (Figures.Time(clock.GetElapsedTime(start)), 1));
                line.Show(rows == 0 ? [what, time] : [what, (Figures.Count(rows, "row"), 2), time]);
            }
        }
    }
}
