using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Storage;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests.Storage;

/// <summary>What every store keeps to. A new store derives a class and says how it is made.</summary>
public abstract partial class StudyStoreContract : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly Distribution Range = new Uniform(-5, 5);
    private StudyStore? made;

    protected TestClock Clock { get; } = new();

    protected StudyStore Store => made ??= Create(Clock);

    /// <summary>Makes an empty store; disposed of by the suite.</summary>
    protected abstract StudyStore Create(TimeProvider clock);

    /// <summary>The same store as a newly started process sees it; a store that does not outlive its process gives itself.</summary>
    protected virtual StudyStore Reopen(StudyStore store) => store;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => made?.Dispose();

    private static StartRequest By(string worker, int limit = int.MaxValue, int maxLost = 3) => new(worker, Minute) { Limit = limit, MaxLost = maxLost };

    private long Study(SearchSpace? space = null) => Store.Open("study", [Goal.Minimize], space).Id;

    private static void Complete(StudyStore store, Lease lease, params double[] values) => store.Finish(lease, new(TrialState.Complete, values, []));

    private History Whole(long study)
    {
        var history = new History("study", [Goal.Minimize]);
        history.Apply(Store.Read(study, 0));
        return history;
    }

    [Fact]
    public void A_study_is_made_once()
    {
        var first = Store.Open("a", [Goal.Minimize, Goal.Maximize], null);
        var other = Store.Open("b", [Goal.Minimize], SearchSpace.Of(("x", Range)));
        Assert.Equal(first, Store.Open("a", [Goal.Minimize, Goal.Maximize], null));
        Assert.Equal([first, other], Store.Studies());
        Assert.Equal(SearchSpace.Of(("x", Range)), other.Space);
        var e = Assert.Throws<StudyException>(() => Store.Open("a", [Goal.Minimize], null));
        Assert.Contains("goals Minimize, Maximize", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_space_is_refused_once_there_are_trials()
    {
        var narrow = SearchSpace.Of(("x", Range), ("n", new Integer(1, 8)));
        var wide = SearchSpace.Of(("x", new Uniform(-5, 10)), ("n", new Integer(1, 8)));
        Study(narrow);
        Assert.Equal(wide, Store.Open("study", [Goal.Minimize], wide).Space);
        Store.Start(Study(wide), By("a") with { Space = wide });
        var e = Assert.Throws<SpaceChangedException>(() => Study(narrow));
        Assert.Contains("parameters.x.uniform was [-5,10] and is [-5,5]", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("parameters.n", e.Message, StringComparison.Ordinal);
        Assert.Throws<SpaceChangedException>(() => Study());
        Assert.Equal(wide, Store.Open("study", [Goal.Minimize], wide).Space);
    }

    [Fact]
    public void Of_two_that_open_a_study_with_different_spaces_only_one_starts_trials()
    {
        SearchSpace narrow = SearchSpace.Of(("x", Range)), wide = SearchSpace.Of(("x", new Uniform(-5, 10)));
        long study = Study(narrow);
        Assert.Equal(study, Study(wide));
        var e = Assert.Throws<SpaceChangedException>(() => Store.Start(study, By("first") with { Space = narrow }));
        Assert.Contains("parameters.x.uniform was [-5,10] and is [-5,5]", e.Message, StringComparison.Ordinal);
        Assert.Empty(Whole(study).Trials);
        for (int number = 0; number < 2; number++)
        {
            Assert.Equal(number, Store.Start(study, By("second") with { Space = wide })!.Lease.Number);
            Assert.Throws<SpaceChangedException>(() => Store.Start(study, By("first") with { Space = narrow }));
            Assert.Throws<SpaceChangedException>(() => Store.Start(study, By("none")));
        }

        Assert.Equal(2, Whole(study).Trials.Count);
    }

    [Fact]
    public void Numbers_have_no_gap_and_stop_at_the_limit()
    {
        long study = Study();
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(_ => Store.Start(study, By("a", 3))!.Lease.Number));
        Assert.Null(Store.Start(study, By("a", 3)));
        Assert.Equal(3, Store.Start(study, By("a", 4))!.Lease.Number);
        Assert.Equal(0, Store.Start(Store.Open("other", [Goal.Minimize], null).Id, By("a"))!.Lease.Number);
    }

    [Fact]
    public void A_finished_trial_takes_nothing_more()
    {
        long study = Study();
        var lease = Store.Start(study, By("w"))!.Lease;
        Complete(Store, lease, 1);
        foreach (var write in Writes)
        {
            var e = Assert.Throws<StudyException>(() => write(Store, lease));
            Assert.Contains("trial 0 has finished already (Complete)", e.Message, StringComparison.Ordinal);
        }

        Assert.Equal(1, Whole(study).Trials.Single().Value);
    }

    [Fact]
    public void A_name_means_one_distribution_in_a_study()
    {
        long study = Study();
        var first = Store.Start(study, By("w"))!.Lease;
        Store.Suggest(first, [new("x", Range, 1)]);
        var second = Store.Start(study, By("w"))!.Lease;
        var e = Assert.Throws<SpaceChangedException>(() => Store.Suggest(second, [new("y", Range, 1), new("x", new Uniform(0, 5), 1)]));
        Assert.Contains("""parameter 'x' as {"uniform":[-5,5]} but is now asked for {"uniform":[0,5]}""", e.Message, StringComparison.Ordinal);
        Assert.Empty(Whole(study).Trials[1].Numbers);
        Assert.Equal(["x"], Whole(study).Parameters.Keys);
        Assert.Throws<StudyException>(() => Store.Suggest(first, [new("x", Range, 2)]));
    }

    [Fact]
    public void A_worker_ends_its_trial_in_one_of_three_ways()
    {
        long study = Study();
        var lease = Store.Start(study, By("w"))!.Lease;
        foreach (var state in new[] { TrialState.Waiting, TrialState.Running, TrialState.Cancelled })
        {
            var e = Assert.Throws<ArgumentException>(() => Store.Finish(lease, new(state, [], [])));
            Assert.StartsWith($"trial 0: expected the outcome Complete, Pruned or Failed but got {state}.", e.Message, StringComparison.Ordinal);
        }

        Assert.Equal(TrialState.Running, Whole(study).Trials[0].State);
    }

    [Fact]
    public void Artifacts_and_events_are_kept()
    {
        long study = Study();
        var lease = Store.Start(study, By("w"))!.Lease;
        Store.AddArtifact(lease, new("model", "trials/0/model.zip", "aa", 5));
        Store.AddArtifact(lease, new("log", "trials/0/log.txt", "bb", 6));
        Store.AddArtifact(lease, new("model", "trials/0/model.zip", "cc", 1L << 40));
        Store.AddEvent(study, null, "note", "started");
        Store.AddEvent(study, 0, "note", "went well");
        made = Reopen(Store);
        Assert.Equal([new("log", "trials/0/log.txt", "bb", 6), new("model", "trials/0/model.zip", "cc", 1L << 40)], Store.Artifacts(study, 0));
        Assert.Equal([new(Clock.Wall, null, "note", "started"), new(Clock.Wall, 0, "note", "went well")], Store.Events(study));
    }

    [Fact]
    public void What_there_is_not_is_one_clear_error()
    {
        long study = Study();
        Store.Enqueue(study, new Dictionary<string, Option>());
        Assert.Empty(Store.Metrics(study, 0));
        Assert.Empty(Store.AllMetrics(study, 0));
        Assert.Empty(Store.Artifacts(study, 0));
        foreach (var read in new Action<long, int>[] { (s, n) => Store.Metrics(s, n), (s, n) => Store.AllMetrics(s, n), (s, n) => Store.Artifacts(s, n) })
        {
            Assert.Equal($"study {study} of the store has no trial 1.", Assert.Throws<StudyException>(() => read(study, 1)).Message);
            Assert.Equal($"study {study} of the store has no trial -1.", Assert.Throws<StudyException>(() => read(study, -1)).Message);
        }

        foreach (var use in new Action<long>[]
        {
            s => Store.Read(s, 0), s => Store.Start(s, By("w")), s => Store.Enqueue(s, new Dictionary<string, Option>()), s => Store.Events(s), s => Store.AddEvent(s, null, "note", "no"),
            s => Store.Metrics(s, 0), s => Store.AllMetrics(s, 0), s => Store.Artifacts(s, 0), s => Store.Renew(new(s, 0, 1, "token"), Minute),
        })
        {
            Assert.Equal($"the store has no study {study + 1}.", Assert.Throws<StudyException>(() => use(study + 1)).Message);
        }

        Assert.Throws<StudyException>(() => Store.Renew(new(study, 7, 1, "token"), Minute));
    }

    [Fact]
    public async Task Several_threads_get_different_trials()
    {
        long study = Study();
        var numbers = await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            var mine = new List<int>();
            while (Store.Start(study, By($"w{worker}", 80)) is { } started)
            {
                Store.Suggest(started.Lease, [new("x", Range, worker)]);
                Store.Report(started.Lease, 0, StudyStore.ObjectiveKey, 1);
                Complete(Store, started.Lease, started.Lease.Number);
                mine.Add(started.Lease.Number);
            }

            return mine;
        })));
        Assert.Equal(Enumerable.Range(0, 80), numbers.SelectMany(n => n).Order());
        var history = Whole(study);
        Assert.Equal(Enumerable.Range(0, 80).Select(i => (double)i), history.Trials.Select(t => t.Value));
        Assert.Equal(80, history.Finished.Count);
    }
}
