using System.Reflection;
using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Storage;
using MlNetDl.Metrics;

namespace MlNetDl.Testing;

/// <summary>The statements about a store: studies, numbers, names, artifacts, threads.</summary>
/// <remarks>Each public method is one statement, and its name is the sentence.</remarks>
internal sealed partial class StoreFacts : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly Distribution Range = new Uniform(-5, 5);
    private readonly Func<TimeProvider, StudyStore> create;
    private readonly Func<StudyStore, TimeProvider, StudyStore>? reopen;
    private StudyStore? made;

    private StoreFacts(Func<TimeProvider, StudyStore> create, Func<StudyStore, TimeProvider, StudyStore>? reopen) =>
        (this.create, this.reopen) = (create, reopen);

    private TestClock Clock { get; } = new();

    private StudyStore Store => made ??= create(Clock);

    /// <summary>The facts, each on a store of its own.</summary>
    public static IReadOnlyList<ContractFact> Of(
        string component, Func<TimeProvider, StudyStore> create, Func<StudyStore, TimeProvider, StudyStore>? reopen) =>
    [
        .. Statements.Select(statement => new ContractFact(component, statement.Name.Replace('_', ' '), () =>
        {
            using var facts = new StoreFacts(create, reopen);
            statement.CreateDelegate<Action>(facts)();
        })),
    ];

    private static IEnumerable<MethodInfo> Statements =>
        typeof(StoreFacts).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);

    void IDisposable.Dispose() => made?.Dispose();

    private StudyStore Reopen(StudyStore store) => reopen?.Invoke(store, Clock) ?? store;

    private static void Same(History expected, History actual) => Expect.Equal(HistoryText.Of(expected), HistoryText.Of(actual));

    private static StartRequest By(string worker, int limit = int.MaxValue, int maxLost = 3) =>
        new(worker, Minute) { Limit = limit, MaxLost = maxLost };

    private long Study(SearchSpace? space = null) => Store.Open("study", [Goal.Minimize], space).Id;

    private static void Complete(StudyStore store, Lease lease, params double[] values) =>
        store.Finish(lease, new(TrialState.Complete, values, []));

    private History Whole(long study)
    {
        var history = new History("study", [Goal.Minimize]);
        history.Apply(Store.Read(study, 0));
        return history;
    }

    public void A_study_is_made_once()
    {
        var first = Store.Open("a", [Goal.Minimize, Goal.Maximize], null);
        var other = Store.Open("b", [Goal.Minimize], SearchSpace.Of(("x", Range)));
        Expect.Equal(first, Store.Open("a", [Goal.Minimize, Goal.Maximize], null));
        Expect.Sequence([first, other], Store.Studies());
        Expect.Equal(SearchSpace.Of(("x", Range)), other.Space);
        var e = Expect.Throws<StudyException>(() => Store.Open("a", [Goal.Minimize], null));
        Expect.Contains("goals Minimize, Maximize", e.Message);
    }

    public void A_changed_space_is_refused_once_there_are_trials()
    {
        var narrow = SearchSpace.Of(("x", Range), ("n", new Integer(1, 8)));
        var wide = SearchSpace.Of(("x", new Uniform(-5, 10)), ("n", new Integer(1, 8)));
        Study(narrow);
        Expect.Equal(wide, Store.Open("study", [Goal.Minimize], wide).Space);
        Store.Start(Study(wide), By("a") with { Space = wide });
        var e = Expect.Throws<SpaceChangedException>(() => Study(narrow));
        Expect.Contains("parameters.x.uniform was [-5,10] and is [-5,5]", e.Message);
        Expect.True(!e.Message.Contains("parameters.n", StringComparison.Ordinal), e.Message);
        Expect.Throws<SpaceChangedException>(() => Study());
        Expect.Equal(wide, Store.Open("study", [Goal.Minimize], wide).Space);
    }

    public void Of_two_that_open_a_study_with_different_spaces_only_one_starts_trials()
    {
        SearchSpace narrow = SearchSpace.Of(("x", Range)), wide = SearchSpace.Of(("x", new Uniform(-5, 10)));
        long study = Study(narrow);
        Expect.Equal(study, Study(wide));
        var e = Expect.Throws<SpaceChangedException>(() => Store.Start(study, By("first") with { Space = narrow }));
        Expect.Contains("parameters.x.uniform was [-5,10] and is [-5,5]", e.Message);
        Expect.Empty(Whole(study).Trials);
        for (int number = 0; number < 2; number++)
        {
            Expect.Equal(number, Store.Start(study, By("second") with { Space = wide })!.Lease.Number);
            Expect.Throws<SpaceChangedException>(() => Store.Start(study, By("first") with { Space = narrow }));
            Expect.Throws<SpaceChangedException>(() => Store.Start(study, By("none")));
        }

        Expect.Equal(2, Whole(study).Trials.Count);
    }

    public void Numbers_have_no_gap_and_stop_at_the_limit()
    {
        long study = Study();
        Expect.Sequence([0, 1, 2], Enumerable.Range(0, 3).Select(_ => Store.Start(study, By("a", 3))!.Lease.Number));
        Expect.Null(Store.Start(study, By("a", 3)));
        Expect.Equal(3, Store.Start(study, By("a", 4))!.Lease.Number);
        Expect.Equal(0, Store.Start(Store.Open("other", [Goal.Minimize], null).Id, By("a"))!.Lease.Number);
    }

    public void A_finished_trial_takes_nothing_more()
    {
        long study = Study();
        var lease = Store.Start(study, By("w"))!.Lease;
        Complete(Store, lease, 1);
        foreach (var write in Writes)
        {
            var e = Expect.Throws<StudyException>(() => write(Store, lease));
            Expect.Contains("trial 0 has finished already (Complete)", e.Message);
        }

        Expect.Equal(1, Whole(study).Trials.Single().Value);
    }

    public void A_name_means_one_distribution_in_a_study()
    {
        long study = Study();
        var first = Store.Start(study, By("w"))!.Lease;
        Store.Suggest(first, [new("x", Range, 1)]);
        var second = Store.Start(study, By("w"))!.Lease;
        var e = Expect.Throws<SpaceChangedException>(() => Store.Suggest(second, [new("y", Range, 1), new("x", new Uniform(0, 5), 1)]));
        Expect.Contains("""parameter 'x' as {"uniform":[-5,5]} but is now asked for {"uniform":[0,5]}""", e.Message);
        Expect.Empty(Whole(study).Trials[1].Numbers);
        Expect.Sequence(["x"], Whole(study).Parameters.Keys);
        Expect.Throws<StudyException>(() => Store.Suggest(first, [new("x", Range, 2)]));
    }

    public void A_worker_ends_its_trial_in_one_of_three_ways()
    {
        long study = Study();
        var lease = Store.Start(study, By("w"))!.Lease;
        foreach (var state in new[] { TrialState.Waiting, TrialState.Running, TrialState.Cancelled })
        {
            var e = Expect.Throws<ArgumentException>(() => Store.Finish(lease, new(state, [], [])));
            Expect.Contains($"trial 0: expected the outcome Complete, Pruned or Failed but got {state}.", e.Message);
        }

        Expect.Equal(TrialState.Running, Whole(study).Trials[0].State);
    }

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
        Expect.Sequence(
            [new("log", "trials/0/log.txt", "bb", 6), new("model", "trials/0/model.zip", "cc", 1L << 40)],
            Store.Artifacts(study, 0));
        Expect.Sequence([new(Clock.Wall, null, "note", "started"), new(Clock.Wall, 0, "note", "went well")], Store.Events(study));
    }

    public void What_is_not_there_is_one_clear_error()
    {
        long study = Study();
        Store.Enqueue(study, new Dictionary<string, Option>());
        Expect.Empty(Store.Metrics(study, 0));
        Expect.Empty(Store.AllMetrics(study, 0));
        Expect.Empty(Store.Artifacts(study, 0));
        foreach (var read in new Action<long, int>[]
        {
            (s, n) => Store.Metrics(s, n),
            (s, n) => Store.AllMetrics(s, n),
            (s, n) => Store.Artifacts(s, n),
            (s, n) => Store.SetAttribute(s, n, "a", Option.Of(1)),
            (s, n) => Store.AddNote(s, n, "no"),
        })
        {
            Expect.Equal($"study {study} of the store has no trial 1.", Expect.Throws<StudyException>(() => read(study, 1)).Message);
            Expect.Equal($"study {study} of the store has no trial -1.", Expect.Throws<StudyException>(() => read(study, -1)).Message);
        }

        foreach (var use in new Action<long>[]
        {
            s => Store.Read(s, 0),
            s => Store.Start(s, By("w")),
            s => Store.Enqueue(s, new Dictionary<string, Option>()),
            s => Store.Events(s),
            s => Store.AddEvent(s, null, "note", "no"),
            s => Store.Metrics(s, 0),
            s => Store.AllMetrics(s, 0),
            s => Store.Artifacts(s, 0),
            s => Store.SetAttribute(s, 0, "a", Option.Of(1)),
            s => Store.AddNote(s, 0, "no"),
            s => Store.Renew(new(s, 0, 1, "token"), Minute),
        })
        {
            Expect.Equal($"the store has no study {study + 1}.", Expect.Throws<StudyException>(() => use(study + 1)).Message);
        }

        Expect.Throws<StudyException>(() => Store.Renew(new(study, 7, 1, "token"), Minute));
    }

    public void Several_threads_get_different_trials()
    {
        long study = Study();
        var numbers = Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
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
        }))).GetAwaiter().GetResult();
        Expect.Sequence(Enumerable.Range(0, 80), numbers.SelectMany(n => n).Order());
        var history = Whole(study);
        Expect.Sequence(Enumerable.Range(0, 80).Select(i => (double)i), history.Trials.Select(t => t.Value));
        Expect.Equal(80, history.Finished.Count);
    }
}
