namespace MlNetDl.Search.Tests;

/// <summary>A clock that tests set: the wall and the steady part apart.</summary>
public sealed class TestClock : TimeProvider
{
    public DateTimeOffset Wall { get; set; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public TimeSpan Steady { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Wall;

    public override long GetTimestamp() => Steady.Ticks;

    public void Pass(TimeSpan time)
    {
        Wall += time;
        Steady += time;
    }
}
