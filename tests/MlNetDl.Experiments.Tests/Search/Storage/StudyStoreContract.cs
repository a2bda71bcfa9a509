using MlNetDl.Experiments.Search;
using MlNetDl.Experiments.Search.Distributions;
using MlNetDl.Experiments.Search.Storage;

namespace MlNetDl.Experiments.Tests.Search.Storage;

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

    private long Study(SearchSpace? space = null) => Store.Open("study", [Direction.Minimize], space).Id;

    private static void Complete(StudyStore store, Lease lease, params double[] values) => store.Finish(lease, new(TrialState.Complete, values, []));

    private History Whole(long study)
    {
        var history = new History("study", [Direction.Minimize]);
        history.Apply(Store.Read(study, 0));
        return history;
    }

    [Fact]
    public void A_study_is_made_once()
    {
        var first = Store.Open("a", [Direction.Minimize, Direction.Maximize], null);
        var other = Store.Open("b", [Direction.Minimize], SearchSpace.Of(("x", Range)));
        Assert.Equal(first, Store.Open("a", [Direction.Minimize, Direction.Maximize], null));
        Assert.Equal([first, other], Store.Studies());
        Assert.Equal(SearchSpace.Of(("x", Range)), other.Space);
        var e = Assert.Throws<StudyException>(() => Store.Open("a", [Direction.Minimize], null));
        Assert.Contains("directions Minimize, Maximize", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_space_is_refused_once_there_are_trials()
    {
        var narrow = SearchSpace.Of(("x", Range), ("n", new Integer(1, 8)));
        var wide = SearchSpace.Of(("x", new Uniform(-5, 10)), ("n", new Integer(1, 8)));
        Study(narrow);
        Assert.Equal(wide, Store.Open("study", [Direction.Minimize], wide).Space);
        Store.Start(Study(wide), By("a") with { Space = wide });
        var e = Assert.Throws<SpaceChangedException>(() => Study(narrow));
        Assert.Contains("parameters.x.uniform was [-5,10] and is [-5,5]", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("parameters.n", e.Message, StringComparison.Ordinal);
        Assert.Throws<SpaceChangedException>(() => Study());
        Assert.Equal(wide, Store.Open("study", [Direction.Minimize], wide).Space);
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
        Assert.Equal(0, Store.Start(Store.Open("other", [Direction.Minimize], null).Id, By("a"))!.Lease.Number);
    }

    [Fact]
    public void What_was_written_is_read_at_full_precision()
    {
        double[] values = [0.1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, -1.0 / 3, 1e-300];
        long study = Store.Open("study", [.. values.Select(_ => Direction.Minimize)], null).Id;
        var lease = Store.Start(study, By("w"))!.Lease;
        Store.Suggest(lease, [new("x", Range, 1.0 / 3), new("c", Choice.Of("é\"", "b"), 1)]);
        for (int i = 0; i < values.Length; i++)
        {
            Store.Report(lease, i * 1_000_000_000_000, StudyStore.ObjectiveKey, values[i]);
        }

        Clock.Pass(TimeSpan.FromMilliseconds(1234));
        Store.Finish(lease, new(TrialState.Complete, values, values));
        made = Reopen(Store);
        var trial = Whole(study).Trials.Single();
        Assert.Equal(values, trial.Values);
        Assert.Equal(values, trial.Constraints);
        Assert.Equal(values.Select((v, i) => new Report(i * 1_000_000_000_000, v)), trial.Reports);
        Assert.Equal([KeyValuePair.Create("x", 1.0 / 3), KeyValuePair.Create("c", 1.0)], trial.Numbers);
        Assert.Equal([Range, Choice.Of("é\"", "b")], trial.Distributions.Values);
        Assert.Equal((TrialState.Complete, 1, "w", null), (trial.State, trial.Attempt, trial.Worker, trial.Error));
        Assert.Equal(TimeSpan.FromMilliseconds(1234), trial.Finished - trial.Started);
        Assert.Equal(Clock.Wall, trial.Finished);
    }

    [Fact]
    public void The_sign_of_zero_is_kept()
    {
        long study = Study();
        var lease = Store.Start(study, By("w"))!.Lease;
        Store.Suggest(lease, [new("x", Range, -0.0), new("y", Range, 0.0)]);
        Store.Report(lease, 0, StudyStore.ObjectiveKey, -0.0);
        Store.Report(lease, 1, StudyStore.ObjectiveKey, 0.0);
        Store.Finish(lease, new(TrialState.Complete, [-0.0], [-0.0]));
        made = Reopen(Store);
        var trial = Whole(study).Trials.Single();
        double[] read = [trial.Numbers["x"], trial.Numbers["y"], trial.Reports[0].Value, trial.Reports[1].Value, trial.Values[0], trial.Constraints[0], .. Store.Metrics(study, 0).Select(m => m.Value)];
        Assert.Equal([true, false, true, false, true, true, true, false], read.Select(double.IsNegative));
    }

    [Fact]
    public void Reading_on_gives_what_changed_and_adds_up_to_the_whole()
    {
        long study = Study();
        var grown = new History("study", [Direction.Minimize]);
        var leases = new List<Lease>();
        for (int i = 0; i < 6; i++)
        {
            leases.Add(Store.Start(study, By("w"))!.Lease);
            Store.Suggest(leases[i], [new($"x{i % 2}", Range, i)]);
            grown.Apply(Store.Read(study, grown.Revision));
            Store.Report(leases[i], 1, StudyStore.ObjectiveKey, i);
            Store.Report(leases[i], 1, "loss", 7);
            grown.Apply(Store.Read(study, grown.Revision));
        }

        foreach (int i in new[] { 4, 1, 5, 0 })
        {
            Store.Report(leases[i], 2, StudyStore.ObjectiveKey, i);
            Complete(Store, leases[i], i);
        }

        var changes = Store.Read(study, grown.Revision);
        Assert.Empty(changes.Parameters);
        Assert.Equal([0, 1, 4, 5], changes.Trials.Select(t => t.Number));
        Assert.Equal([(0, 2L), (1, 2), (4, 2), (5, 2)], changes.Reports.Select(r => (r.Number, r.Step)));
        grown.Apply(changes);
        Assert.Empty(Store.Read(study, changes.Revision).Trials);
        made = Reopen(Store);
        var whole = Whole(study);
        Assert.Equal([4, 1, 5, 0], whole.Finished.Select(t => t.Number));
        Assert.Equal([2, 3], whole.Running.Select(t => t.Number));
        Assert.Equal(["x0", "x1"], whole.Parameters.Keys);
        HistoryAssert.Same(whole, grown);
    }

    [Fact]
    public void A_step_is_reported_once()
    {
        long study = Study();
        var lease = Store.Start(study, By("w"))!.Lease;
        Store.Report(lease, 3, StudyStore.ObjectiveKey, 1);
        Store.Report(lease, 3, "loss", 2);
        var e = Assert.Throws<StudyException>(() => Store.Report(lease, 3, StudyStore.ObjectiveKey, 5));
        Assert.Equal("trial 0 has reported 'objective' at step 3 already, as 1, and now reports 5; each step is reported once.", e.Message);
        Store.Report(lease, 2, StudyStore.ObjectiveKey, 4);
        Assert.Equal([new(2, 4), new(3, 1)], Whole(study).Trials[0].Reports);
        Assert.Equal([new(1, 2, "objective", 4), new(1, 3, "loss", 2), new(1, 3, "objective", 1)], Store.Metrics(study, 0));
    }

    [Fact]
    public void The_same_report_again_changes_nothing()
    {
        long study = Study();
        var lease = Store.Start(study, By("w"))!.Lease;
        double[] values = [0.1, double.NaN, double.PositiveInfinity, -0.0];
        Report(values.Length);
        long before = Store.Read(study, 0).Revision;
        Report(values.Length);
        Assert.Equal(before, Store.Read(study, 0).Revision);
        Assert.Contains("already, as -0, and now reports 0;", Assert.Throws<StudyException>(() => Store.Report(lease, 3, "loss", 0.0)).Message, StringComparison.Ordinal);
        Assert.Contains("already, as 0.1, and now reports NaN;", Assert.Throws<StudyException>(() => Store.Report(lease, 0, "loss", double.NaN)).Message, StringComparison.Ordinal);
        Assert.Throws<StudyException>(() => Store.Report(lease, 0, StudyStore.ObjectiveKey, Math.BitIncrement(0.1)));

        // What a checkpoint carried over is the new attempt's own.
        Store.SetCheckpoint(lease, "1", step: 1);
        Store.Release(lease);
        made = Reopen(Store);
        lease = Store.Start(study, By("w"))!.Lease;
        Report(2);
        Assert.Equal([new(0, 0.1), new(1, double.NaN)], Whole(study).Trials[0].Reports);
        Assert.Equal(4, Store.Metrics(study, 0).Count);
        Assert.Throws<StudyException>(() => Store.Report(lease, 0, StudyStore.ObjectiveKey, 0.2));

        void Report(int steps)
        {
            for (int step = 0; step < steps; step++)
            {
                Store.Report(lease, step, StudyStore.ObjectiveKey, values[step]);
                Store.Report(lease, step, "loss", values[step]);
            }
        }
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
    public void Waiting_trials_run_in_order_with_their_fixed_values()
    {
        long study = Study();
        Assert.Equal(0, Store.Enqueue(study, new Dictionary<string, Option> { ["x"] = Option.Of(0.1), ["c"] = Option.Of("a") }));
        Assert.Equal(1, Store.Enqueue(study, new Dictionary<string, Option>()));
        Assert.Equal(TrialState.Waiting, Whole(study).Trials[1].State);
        made = Reopen(Store);
        Assert.Null(Store.Start(study, By("w", limit: 0)));
        var first = Store.Start(study, By("w"))!;
        Assert.Equal((0, 1), (first.Lease.Number, first.Lease.Attempt));
        Assert.Equal("""c="a" x=0.1""", string.Join(' ', first.Fixed.OrderBy(f => f.Key).Select(f => $"{f.Key}={f.Value.Json}")));
        Assert.Empty(Store.Start(study, By("w"))!.Fixed);
        Assert.Equal(2, Store.Start(study, By("w"))!.Lease.Number);
    }

    [Fact]
    public void A_cancelled_trial_leaves_the_queue_and_keeps_its_number()
    {
        long study = Study();
        var grown = new History("study", [Direction.Minimize]);
        for (int i = 0; i < 3; i++)
        {
            Store.Enqueue(study, new Dictionary<string, Option> { ["x"] = Option.Of(i) });
        }

        grown.Apply(Store.Read(study, grown.Revision));
        Store.Cancel(study, 1);
        grown.Apply(Store.Read(study, grown.Revision));
        made = Reopen(Store);
        Assert.Equal([0, 2, 3], Enumerable.Range(0, 3).Select(_ => Store.Start(study, By("w"))!.Lease.Number));
        grown.Apply(Store.Read(study, grown.Revision));
        var trial = grown.Trials[1];
        Assert.Equal((TrialState.Cancelled, 0, null, null, null), (trial.State, trial.Attempt, trial.Worker, trial.Started, trial.Error));
        Assert.Equal(Clock.Wall, trial.Finished);
        Assert.True(trial.IsFinished);
        Assert.Empty(grown.Finished);
        Assert.Equal([0, 2, 3], grown.Running.Select(t => t.Number));
        Assert.Equal([new(Clock.Wall, 1, "cancelled", "taken out of the queue before it ran.")], Store.Events(study));
        HistoryAssert.Same(Whole(study), grown);
    }

    [Fact]
    public void A_trial_given_back_can_be_cancelled_and_keeps_what_it_has()
    {
        long study = Study();
        var lease = Store.Start(study, By("w"))!.Lease;
        Store.Suggest(lease, [new("x", Range, 3)]);
        Store.Report(lease, 1, StudyStore.ObjectiveKey, 7);
        Store.Release(lease);
        Assert.Null(Whole(study).Trials[0].Started);
        Clock.Pass(Minute);
        Store.Cancel(study, 0);
        made = Reopen(Store);
        var history = Whole(study);
        var trial = history.Trials[0];
        Assert.Equal((TrialState.Cancelled, 1, "w", null), (trial.State, trial.Attempt, trial.Worker, trial.Started));
        Assert.Equal([new(1, 7)], trial.Reports);
        Assert.Equal(3, trial.Numbers["x"]);
        Assert.Empty(history.Common);
        Assert.Throws<LeaseLostException>(() => Complete(Store, lease, 1));
        Assert.Null(Store.Start(study, By("w", limit: 1)));
    }

    [Fact]
    public void Only_a_trial_that_waits_is_cancelled()
    {
        long study = Study();
        var running = Store.Start(study, By("w"))!.Lease;
        Complete(Store, Store.Start(study, By("w"))!.Lease, 1);
        Store.Enqueue(study, new Dictionary<string, Option>());
        Store.Cancel(study, 2);
        long before = Store.Read(study, 0).Revision;
        foreach (var (number, message) in new[]
        {
            (0, "trial 0 of study 'study' is run by w and cannot be cancelled; only a trial that waits can. Ask that worker to stop: it gives the trial back."),
            (1, "trial 1 of study 'study' has finished already (Complete) and cannot be cancelled."),
            (2, "trial 2 of study 'study' has finished already (Cancelled) and cannot be cancelled."),
            (3, "study 'study' has no trial 3 to cancel."),
            (-1, "study 'study' has no trial -1 to cancel."),
        })
        {
            Assert.Equal(message, Assert.Throws<StudyException>(() => Store.Cancel(study, number)).Message);
        }

        Assert.Equal($"the store has no study {study + 1}.", Assert.Throws<StudyException>(() => Store.Cancel(study + 1, 0)).Message);
        Assert.Equal(before, Store.Read(study, 0).Revision);
        Complete(Store, running, 1);
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
