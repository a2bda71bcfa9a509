using MlNetDl.Search;
using MlNetDl.Search.Distributions;
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

    [Fact]
    public void What_another_process_widened_is_seen_by_one_that_knew_the_narrower_range()
    {
        var (narrow, wide) = (new Uniform(0, 1), new Uniform(0, 2));
        using SqliteStore mine = Made(Clock), other = Made(Clock);
        long free = mine.Open("free", [Goal.Minimize], null).Id;
        var ask = new StartRequest("w", TimeSpan.FromMinutes(1));
        mine.Suggest(mine.Start(free, ask)!.Lease, [new("x", narrow, 0.5)]);
        other.Suggest(other.Start(free, ask)!.Lease, [new("x", wide, 1.5)]);
        var third = mine.Start(free, ask)!.Lease;
        Assert.Throws<SpaceChangedException>(() => mine.Suggest(third, [new("x", narrow, 0.5)]));
        mine.Suggest(third, [new("x", wide, 0.5)]);

        SearchSpace before = SearchSpace.Of(("x", narrow)), after = SearchSpace.Of(("x", wide));
        long declared = mine.Open("declared", [Goal.Minimize], before).Id;
        Assert.NotNull(mine.Start(declared, ask with { Space = before }));
        Assert.NotNull(mine.Start(declared, ask with { Space = before }));
        Assert.Equal(after, other.Open("declared", [Goal.Minimize], after).Space);
        Assert.Throws<SpaceChangedException>(() => mine.Start(declared, ask with { Space = before }));
        Assert.Equal(2, mine.Start(declared, ask with { Space = after })!.Lease.Number);
        Assert.Equal(mine.Read(declared, 0).Widenings, other.Read(declared, 0).Widenings);
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
