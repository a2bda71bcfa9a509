using MlNetDl.Cli.Tests.Sweeps;
using MlNetDl.Commands;

namespace MlNetDl.Cli.Tests;

/// <summary>The line that moves fits every width, and leaves nothing.</summary>
public sealed class LiveLineTests
{
    private static readonly (string, int)[] Parts =
        [("epoch 12/100", 5), ("[##########..........]", 2), ("loss 0.1234", 3), ("12,345 examples/s", 1), ("3 min 5 s left", 4)];

    [Theory]
    [InlineData(20, "  epoch 12/100")]
    [InlineData(60, "  epoch 12/100  loss 0.1234  3 min 5 s left")]
    [InlineData(80, "  epoch 12/100  [##########..........]  loss 0.1234  3 min 5 s left")]
    [InlineData(120, "  epoch 12/100  [##########..........]  loss 0.1234  12,345 examples/s  3 min 5 s left")]
    [InlineData(200, "  epoch 12/100  [##########..........]  loss 0.1234  12,345 examples/s  3 min 5 s left")]
    public void Parts_of_the_least_weight_go_where_there_is_no_room(int width, string expected)
    {
        using var output = new StringWriter();
        new LiveLine(output, () => width, hasEscapes: false).Show(Parts);
        Assert.Equal(expected, output.ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void One_part_alone_is_cut(int width)
    {
        using var output = new StringWriter();
        new LiveLine(output, () => width, hasEscapes: false).Show(Parts);
        Assert.EndsWith("...", output.ToString(), StringComparison.Ordinal);
        Assert.InRange(output.ToString().Length, 1, Math.Max(4, width - 1));
    }

    [Fact]
    public void Lines_that_stay_find_nothing_of_it_and_blanks_hide_it_where_escapes_are_not_wanted()
    {
        using var output = new StringWriter();
        var live = new LiveLine(output, () => 80, hasEscapes: false);
        live.Show(("a long line that moves", 1));
        live.Show(("short", 1));
        live.WriteLine("stays");
        live.Clear();
        Assert.Equal(["stays"], new Screen(output.ToString(), 80).Lines);
        Assert.DoesNotContain('\e', output.ToString());
    }

    [Fact]
    public void A_line_that_a_narrower_terminal_has_broken_is_wiped_whole()
    {
        using var output = new StringWriter();
        int width = 100;
        var live = new LiveLine(output, () => width, hasEscapes: true);
        live.Show((new string('x', 70), 1));
        width = 30;
        live.Clear();
        // 72 columns are three lines of 30.
        Assert.EndsWith("\r\e[2A\e[J", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Off_a_terminal_nothing_of_it_is_written()
    {
        using var output = new StringWriter();
        var live = LiveLine.Of(output);
        using (new Waiting(live, "reading"))
        {
            live.Show(Parts);
        }

        Assert.Equal("", output.ToString());
    }

    [Fact]
    public void What_goes_on_is_said_twice_a_second_until_it_is_over()
    {
        using var output = new StringWriter();
        var clock = new Clock();
        using (var waiting = new Waiting(new(output, () => 80, hasEscapes: false), "reading the data", clock))
        {
            clock.Pass(3);
            Assert.EndsWith("reading the data  3 s", output.ToString(), StringComparison.Ordinal);
            waiting.Report(1280);
            clock.Pass(1);
            Assert.EndsWith("reading the data  1,280 rows  4 s", output.ToString(), StringComparison.Ordinal);
            waiting.On(null);
            int length = output.ToString().Length;
            clock.Pass(1);
            Assert.Equal(length, output.ToString().Length);
        }

        Assert.Equal([""], new Screen(output.ToString(), 80).Lines);
    }

    private sealed class Clock : TimeProvider
    {
        private long now;
        private Action? tick;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => now;

        public void Pass(long seconds)
        {
            now += seconds;
            tick!();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            tick = () => callback(state);
            return new Timer();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
