using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Storage;
using MlNetDl.Metrics;

namespace MlNetDl.Testing;

/// <content>Leases: who may write, and what happens to the trials of the dead.</content>
internal sealed partial class StoreFacts
{
    /// <summary>Every write that needs a lease.</summary>
    private static IReadOnlyList<Action<StudyStore, Lease>> Writes { get; } =
    [
        (store, lease) => store.Renew(lease, Minute),
        (store, lease) => store.Suggest(lease, [new("late", Range, 1)]),
        (store, lease) => store.Report(lease, 99, StudyStore.ObjectiveKey, 1),
        (store, lease) => Complete(store, lease, 99),
        (store, lease) => store.Release(lease),
        (store, lease) => store.SetCheckpoint(lease, "late"),
        (store, lease) => store.AddArtifact(lease, new("late", "late", "", 1)),
        (store, lease) => store.SetAttribute(lease, "late", Option.Of(1)),
    ];

    public void A_worker_that_pauses_past_its_lease_writes_nothing_once_the_trial_is_taken_over()
    {
        long study = Study();
        var late = Store.Start(study, By("late"))!.Lease;
        Store.Report(late, 1, StudyStore.ObjectiveKey, 1);
        Clock.Pass(Minute * 2);
        var taken = Store.Start(study, By("quick"))!;
        Expect.Equal((0, 2), (taken.Lease.Number, taken.Lease.Attempt));
        long before = Store.Read(study, 0).Revision;
        foreach (var write in Writes)
        {
            var e = Expect.Throws<LeaseLostException>(() => write(Store, late));
            Expect.Contains("attempt 1 of trial 0 is no longer this worker's", e.Message);
        }

        Expect.Equal(before, Store.Read(study, 0).Revision);
        Expect.Empty(Store.Artifacts(study, 0));
        Complete(Store, taken.Lease, 5);
        Expect.Throws<LeaseLostException>(() => Complete(Store, late, 99));
        Expect.Equal((5, 2, "quick"), (Whole(study).Trials[0].Value, Whole(study).Trials[0].Attempt, Whole(study).Trials[0].Worker));
    }

    public void A_lease_that_nobody_gave_writes_nothing()
    {
        long study = Study();
        Store.Enqueue(study, new Dictionary<string, Option>());
        long before = Store.Read(study, 0).Revision;
        foreach (var write in Writes)
        {
            var e = Expect.Throws<LeaseLostException>(() => write(Store, new(study, 0, 1, "x")));
            Expect.True(e.Message.StartsWith("attempt 1 of trial 0 is no longer this worker's", StringComparison.Ordinal), e.Message);
            Expect.Equal(
                $"study {study} of the store has no trial 1.",
                Expect.Throws<StudyException>(() => write(Store, new(study, 1, 1, "x"))).Message);
            Expect.Equal(
                $"the store has no study {study + 1}.",
                Expect.Throws<StudyException>(() => write(Store, new(study + 1, 0, 1, "x"))).Message);
        }

        Expect.Equal(before, Store.Read(study, 0).Revision);
    }

    public void A_new_attempt_keeps_number_and_parameters_and_gets_the_checkpoint_but_no_reports_that_it_does_not_include()
    {
        long study = Study();
        var first = Store.Start(study, By("a"))!.Lease;
        Store.Suggest(first, [new("x", Range, 3)]);
        Store.Report(first, 1, StudyStore.ObjectiveKey, 1);
        Store.SetCheckpoint(first, "epoch-1");
        var grown = new History("study", [Goal.Minimize]);
        grown.Apply(Store.Read(study, 0));
        Expect.Equal(1, Store.Start(study, By("b"))!.Lease.Number);
        Clock.Pass(Minute);
        made = Reopen(Store);
        var second = Store.Start(study, By("b"))!;
        Expect.Equal((0, 2, "epoch-1"), (second.Lease.Number, second.Lease.Attempt, second.Checkpoint));
        Expect.True(first.Token != second.Lease.Token, "two attempts have one token.");
        grown.Apply(Store.Read(study, grown.Revision));
        Expect.Empty(grown.Trials[0].Reports);
        Store.Report(second.Lease, 1, StudyStore.ObjectiveKey, 2);
        grown.Apply(Store.Read(study, grown.Revision));
        Expect.Equal(3, grown.Trials[0].Numbers["x"]);
        Expect.Sequence([new(1, 2)], grown.Trials[0].Reports);
        Same(Whole(study), grown);
        Expect.Sequence([(1, 1.0), (2, 2.0)], Store.AllMetrics(study, 0).Select(m => (m.Attempt, m.Value)));
        Expect.Sequence([new(2, 1, StudyStore.ObjectiveKey, 2)], Store.Metrics(study, 0));
        Expect.Equal((0, "lost"), (Store.Events(study)[0].Number, Store.Events(study)[0].Kind));
    }

    public void What_a_checkpoint_includes_is_carried_over_into_the_attempt_that_goes_on_from_it()
    {
        long study = Study();
        var grown = new History("study", [Goal.Minimize]);
        var lease = Store.Start(study, By("a"))!.Lease;
        Report(1, 2, 3, 4);
        Store.SetCheckpoint(lease, "2", step: 2);
        Report(5);
        GoOn();
        Expect.Sequence([new(1, 1), new(2, 1)], grown.Trials[0].Reports);
        Expect.Throws<StudyException>(() => Store.Report(lease, 2, StudyStore.ObjectiveKey, 7));
        Report(3, 4, 5);
        Store.SetCheckpoint(lease, "4", step: 4);
        GoOn();
        Expect.Sequence([new(1, 1), new(2, 1), new(3, 2), new(4, 2)], grown.Trials[0].Reports);

        // Lost and given back without a checkpoint of its own: the one before still holds.
        GoOn();
        Store.Release(lease);
        GoOn();
        Report(5);
        Complete(Store, lease, 1);
        grown.Apply(Store.Read(study, grown.Revision));
        Report[] reports = [new(1, 1), new(2, 1), new(3, 2), new(4, 2), new(5, 5)];
        Expect.Sequence(reports, grown.Trials[0].Reports);
        made = Reopen(Store);
        Same(Whole(study), grown);
        var expected = reports.SelectMany(r =>
            new StoredMetric[] { new(5, r.Step, "loss", r.Value), new(5, r.Step, StudyStore.ObjectiveKey, r.Value) });
        Expect.Sequence(expected, Store.Metrics(study, 0));

        // Nothing is forgotten: what was logged after a checkpoint stays with the attempt that logged it.
        var before = Store.AllMetrics(study, 0).Where(m => m.Key == "loss" && m.Attempt < 5);
        Expect.Sequence([(1, 3L), (1, 4), (1, 5), (2, 5)], before.Select(m => (m.Attempt, m.Step)));

        void Report(params long[] steps)
        {
            foreach (long step in steps)
            {
                Store.Report(lease, step, StudyStore.ObjectiveKey, lease.Attempt);
                Store.Report(lease, step, "loss", lease.Attempt);
                grown.Apply(Store.Read(study, grown.Revision));
            }
        }

        void GoOn()
        {
            Clock.Pass(Minute);
            lease = Store.Start(study, By("a", maxLost: 9))!.Lease;
            Expect.Equal(0, lease.Number);
            grown.Apply(Store.Read(study, grown.Revision));
        }
    }

    public void A_trial_without_a_checkpoint_starts_anew()
    {
        long study = Study();
        var lease = Store.Start(study, By("a"))!.Lease;
        Store.Report(lease, 1, StudyStore.ObjectiveKey, 1);
        Store.SetCheckpoint(lease, "1", step: 1);
        Store.SetCheckpoint(lease, null, step: 1);
        Store.Release(lease);
        var again = Store.Start(study, By("a"))!;
        Expect.Null(again.Checkpoint);
        Expect.Empty(Whole(study).Trials[0].Reports);
        Expect.Empty(Store.Metrics(study, 0));
        Expect.Equal(1, Store.AllMetrics(study, 0).Count);
    }

    public void A_trial_that_loses_every_worker_fails_and_the_study_goes_on()
    {
        long study = Study();
        for (int attempt = 1; attempt <= 2; attempt++)
        {
            Expect.Equal(
                (0, attempt),
                (Store.Start(study, By($"w{attempt}", maxLost: 2))!.Lease is var lease
                    ? (lease.Number, lease.Attempt)
                    : default));
            Clock.Pass(Minute);
        }

        Expect.Equal(1, Store.Start(study, By("w3", maxLost: 2))!.Lease.Number);
        made = Reopen(Store);
        var trial = Whole(study).Trials[0];
        Expect.Equal((TrialState.Failed, 2, true), (trial.State, trial.Attempt, trial.IsLost));
        Expect.Equal("its worker died or hung 2 times, the last was w2; the trial is not run again.", trial.Error);
    }

    public void A_trial_whose_last_worker_ended_it_is_not_lost()
    {
        long study = Study();
        Store.Start(study, By("dies"));
        Clock.Pass(Minute);
        var lease = Store.Start(study, By("lives"))!.Lease;
        Store.Finish(lease, new(TrialState.Failed, [], [], "the loss is not finite"));
        made = Reopen(Store);
        Expect.True(Whole(study).Trials[0] is { State: TrialState.Failed, Attempt: 2, IsLost: false }, "it counts as lost.");
    }

    public void A_worker_whose_trial_was_given_up_has_lost_its_lease()
    {
        long study = Study();
        var late = Store.Start(study, By("late", maxLost: 1))!.Lease;
        Clock.Pass(Minute);
        Expect.Equal(1, Store.Start(study, By("quick", maxLost: 1))!.Lease.Number);
        foreach (var write in Writes)
        {
            Expect.Throws<LeaseLostException>(() => write(Store, late));
        }

        Expect.Equal(TrialState.Failed, Whole(study).Trials[0].State);
    }

    public void A_checkpoint_that_gets_on_forgives_the_workers_lost_before_it()
    {
        long study = Study();
        for (int attempt = 1; attempt <= 6; attempt++)
        {
            Expect.Equal(
                (0, attempt),
                Store.Start(study, By("a", maxLost: 2))!.Lease is var lease ? (lease.Number, lease.Attempt) : default);
            Store.SetCheckpoint(lease, "further", attempt);
            Clock.Pass(Minute);
        }

        // The same step again is no progress.
        Store.SetCheckpoint(Store.Start(study, By("a", maxLost: 2))!.Lease, "as far", 6);
        Clock.Pass(Minute);
        Expect.Equal(1, Store.Start(study, By("a", maxLost: 2))!.Lease.Number);
        Expect.Equal(TrialState.Failed, Whole(study).Trials[0].State);
    }

    public void A_lease_that_ran_out_holds_until_somebody_takes_it_and_renewing_keeps_it()
    {
        long study = Study();
        var lease = Store.Start(study, By("a"))!.Lease;
        Clock.Pass(Minute * 5);
        Store.Report(lease, 1, StudyStore.ObjectiveKey, 1);
        Store.Renew(lease, Minute);
        Clock.Pass(Minute - TimeSpan.FromSeconds(1));
        Expect.Null(Store.Start(study, By("b", limit: 1)));
        Store.Renew(lease, Minute);
        Clock.Pass(TimeSpan.FromSeconds(30));
        Expect.Null(Store.Start(study, By("b", limit: 1)));
        Complete(Store, lease, 1);
        Expect.Equal(1, Whole(study).Trials[0].Attempt);
    }

    public void A_trial_given_back_is_next_and_does_not_count_as_lost()
    {
        long study = Study();
        for (int attempt = 1; attempt <= 5; attempt++)
        {
            var lease = Store.Start(study, By("a", maxLost: 1))!.Lease;
            Expect.Equal((0, attempt), (lease.Number, lease.Attempt));
            Store.Release(lease);
            Expect.Equal(TrialState.Waiting, Whole(study).Trials[0].State);
            Expect.Throws<LeaseLostException>(() => Complete(Store, lease, 1));
        }
    }

    public void A_lease_lasts_as_long_as_its_own_worker_asked_for()
    {
        long study = Study();
        var slow = Store.Start(study, new("slow", Minute * 10) { Limit = 1 })!.Lease;
        var quick = new StartRequest("quick", TimeSpan.FromSeconds(1)) { Limit = 1 };

        // The wall clock stands still, so that only the steady clock of the one who waits judges.
        Expect.Null(Store.Start(study, quick));
        Clock.Steady += Minute * 9;
        Expect.Null(Store.Start(study, quick));
        Store.Renew(slow, Minute * 20);
        Expect.Null(Store.Start(study, quick));
        Clock.Steady += Minute * 19;
        Expect.Null(Store.Start(study, quick));
        Clock.Steady += Minute * 2;
        Expect.Equal(2, Store.Start(study, quick)!.Lease.Attempt);

        // And a short lease is not made longer by one who asks for long ones.
        Clock.Steady += TimeSpan.FromSeconds(0.5);
        Expect.Null(Store.Start(study, By("patient", limit: 1)));
        Clock.Steady += TimeSpan.FromSeconds(2);
        Expect.Equal(3, Store.Start(study, By("patient", limit: 1))!.Lease.Attempt);
    }

    public void A_clock_set_back_frees_the_trials_of_dead_workers_and_makes_no_negative_time()
    {
        long study = Study();
        var dead = Store.Start(study, By("dead"))!.Lease;
        var alive = Store.Start(study, By("alive"))!.Lease;
        Clock.Wall -= TimeSpan.FromDays(1);
        Expect.Null(Store.Start(study, By("b", limit: 2)));
        for (int i = 0; i < 4; i++)
        {
            Clock.Pass(TimeSpan.FromSeconds(19));
            Store.Renew(alive, Minute);
            Expect.True(i == 3 || Store.Start(study, By("b", limit: 2)) is null, "the lease of the dead had not run out.");
        }

        Expect.Equal(dead.Number, Store.Start(study, By("b", limit: 2))!.Lease.Number);
        Complete(Store, alive, 1);
        var trial = Whole(study).Trials[alive.Number];
        Expect.Equal(trial.Started, trial.Finished);
    }
}
