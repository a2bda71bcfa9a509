using MlNetDl.Search.Storage;

namespace MlNetDl.Search.Tests.Storage;

public sealed class WorkerProcessTests
{
    private static WorkerProcess Current => WorkerProcess.Current!;

    [Fact]
    public void The_process_that_runs_is_known_and_lives()
    {
        Assert.Equal(Environment.ProcessId, Current.Id);
        Assert.StartsWith(Environment.MachineName, Current.Host, StringComparison.Ordinal);
        Assert.Equal(Current, WorkerProcess.Parse(Current.ToString()));
        Assert.True(Current.Lives());
    }

    [Fact]
    public void Until_when_its_lease_lasts_is_kept_with_it()
    {
        var leased = Current with { Until = 5_000_000_000 };
        Assert.Equal(leased, WorkerProcess.Parse(leased.ToString()));
        Assert.Equal(new(12, 34, "host a b"), WorkerProcess.Parse("12 34 host a b"));
        Assert.Equal(new(12, 34, "host a b", 56), WorkerProcess.Parse("12 34@56 host a b"));
        Assert.Equal(OperatingSystem.IsWindows() ? null : 56, Current.LeasedUntil(56).Until);
    }

    [Fact]
    public void Another_process_that_had_the_same_number_is_gone() =>
        Assert.False((Current with { Started = Current.Started - 1 }).Lives());

    // Numbers of processes end far below on every system.
    [Fact]
    public void A_number_that_nobody_has_is_gone() => Assert.False((Current with { Id = int.MaxValue }).Lives());

    [Theory]
    [InlineData("elsewhere")]
    [InlineData("")]
    public void Of_another_machine_or_container_nothing_is_known(string host)
    {
        Assert.Null((Current with { Id = int.MaxValue, Host = host }).Lives());
        Assert.Null((Current with { Id = int.MaxValue, Host = Current.Host + "0" }).Lives());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("12 34")]
    [InlineData("x 34 host")]
    [InlineData("12 -1 host")]
    public void What_is_no_process_is_none(string? text) => Assert.Null(WorkerProcess.Parse(text));
}
