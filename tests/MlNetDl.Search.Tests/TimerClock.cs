namespace MlNetDl.Search.Tests;

/// <summary>A clock that tests set, whose timers run when they let time pass.</summary>
internal sealed class TimerClock : TimeProvider
{
    private static readonly DateTimeOffset Begin = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly List<ManualTimer> timers = [];
    private TimeSpan now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Begin + now;

    public override long GetTimestamp() => now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state), now + dueTime, period);
        timers.Add(timer);
        return timer;
    }

    /// <summary>Lets time pass; timers run when they are due.</summary>
    public void Pass(TimeSpan time)
    {
        var until = now + time;
        while (timers.Where(t => t.Due <= until).MinBy(t => t.Due) is { } next)
        {
            now = next.Due > now ? next.Due : now;
            next.Run();
        }

        now = until;
    }

    /// <summary>Lets time pass as a process sees it that does not run: no timer does.</summary>
    public void Pause(TimeSpan time) => now += time;

    private sealed class ManualTimer(TimerClock clock, Action run, TimeSpan due, TimeSpan period) : ITimer
    {
        public TimeSpan Due { get; private set; } = due;

        public void Run()
        {
            Due = period > TimeSpan.Zero ? Due + period : TimeSpan.MaxValue;
            run();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose() => clock.timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
