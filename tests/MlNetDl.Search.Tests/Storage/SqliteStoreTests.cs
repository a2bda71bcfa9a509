using MlNetDl.Search;
using MlNetDl.Search.Storage;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests.Storage;

public sealed class SqliteStoreTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private TestClock Clock { get; } = new();

    [Theory]
    [MemberData(nameof(MemoryStoreTests.Facts), MemberType = typeof(MemoryStoreTests))]
    public void It_keeps_the_contract(string fact) => StoreContract.Of(Made, Remade).Named(fact).Run();

    [Fact]
    public void A_machine_that_slept_has_killed_nobody()
    {
        using SqliteStore mine = Judging("slept.db"), other = Judging("slept.db");
        long study = mine.Open("slept", [Goal.Minimize], null).Id;
        var lease = mine.Start(study, new("mine", TimeSpan.FromMinutes(1)))!.Lease;

        // Asleep only the wall clock goes on. The process is there, so it has a whole lease to show itself.
        Clock.Wall += TimeSpan.FromHours(8);
        var ask = new StartRequest("other", TimeSpan.FromMinutes(1)) { Limit = 1 };
        Assert.Null(other.Start(study, ask));
        Clock.Pass(TimeSpan.FromSeconds(50));
        Assert.Null(other.Start(study, ask));
        mine.Renew(lease, TimeSpan.FromMinutes(1));
        Clock.Pass(TimeSpan.FromSeconds(50));
        Assert.Null(other.Start(study, ask));

        // One that is there but hangs loses its trial all the same.
        Clock.Pass(TimeSpan.FromSeconds(61));
        Assert.Equal(2, other.Start(study, ask)!.Lease.Attempt);
    }

    [Fact]
    public void One_who_asks_once_sees_that_a_living_process_hangs()
    {
        using var mine = Judging("hangs.db");
        long study = mine.Open("hangs", [Goal.Minimize], null).Id;
        var lease = mine.Start(study, new("hangs", TimeSpan.FromMinutes(1)))!.Lease;
        Clock.Pass(TimeSpan.FromSeconds(50));
        mine.Renew(lease, TimeSpan.FromMinutes(1));
        Clock.Pass(TimeSpan.FromSeconds(59));
        Assert.Null(AskOnce());
        Clock.Pass(TimeSpan.FromSeconds(1));

        // On Windows processes share no clock that stands still while the machine sleeps.
        Assert.Equal(OperatingSystem.IsWindows() ? null : 2, AskOnce()?.Lease.Attempt);

        StartedTrial? AskOnce()
        {
            using var other = Judging("hangs.db");
            return other.Start(study, new("script", TimeSpan.FromMinutes(1)) { Limit = 1 });
        }
    }

    private SqliteStore Made(TimeProvider clock) => new(folder["study.db"], clock);

    // Judges by the process too, as with the system's clock.
    private SqliteStore Judging(string file) => new(folder[file], Clock) { Process = WorkerProcess.Current };

    private SqliteStore Remade(StudyStore store, TimeProvider clock)
    {
        store.Dispose();
        return Made(clock);
    }

    public void Dispose() => folder.Dispose();
}
