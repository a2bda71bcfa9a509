namespace MlNetDl.Testing;

/// <summary>A clock that tests set: the wall's time and the steady time apart, as a machine that sleeps, or whose clock
/// is set back, has them.</summary>
public sealed class TestClock : TimeProvider
{
    /// <summary>The time of the wall clock; noon of 1 March 2026 at first.</summary>
    public DateTimeOffset Wall { get; set; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>How long the steady clock has run, which neither sleep nor people set; 0 at first.</summary>
    public TimeSpan Steady { get; set; }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Wall;

    /// <inheritdoc/>
    public override long GetTimestamp() => Steady.Ticks;

    /// <summary>Lets time pass on both.</summary>
    /// <param name="time">How much.</param>
    public void Pass(TimeSpan time)
    {
        Wall += time;
        Steady += time;
    }
}
