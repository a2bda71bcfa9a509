using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Storage;
using MlNetDl.Metrics;

namespace MlNetDl.Testing;

/// <content>Trials that wait: their order, and how they are cancelled.</content>
internal sealed partial class StoreFacts
{
    public void Waiting_trials_run_in_order_with_their_fixed_values()
    {
        long study = Study();
        Expect.Equal(0, Store.Enqueue(study, new Dictionary<string, Option> { ["x"] = Option.Of(0.1), ["c"] = Option.Of("a") }));
        Expect.Equal(1, Store.Enqueue(study, new Dictionary<string, Option>()));
        Expect.Equal(TrialState.Waiting, Whole(study).Trials[1].State);
        Expect.Equal("""trial 0 (Waiting) c: a, x: 0.1""", Whole(study).Trials[0].ToString());
        Expect.Equal("trial 1 (Waiting)", Whole(study).Trials[1].ToString());
        made = Reopen(Store);
        Expect.Null(Store.Start(study, By("w", limit: 0)));
        var first = Store.Start(study, By("w"))!;
        Expect.Equal((0, 1), (first.Lease.Number, first.Lease.Attempt));
        Expect.Equal("""c="a" x=0.1""", string.Join(' ', first.Fixed.OrderBy(f => f.Key).Select(f => $"{f.Key}={f.Value.Json}")));
        Expect.Sequence(["c", "x"], Whole(study).Trials[0].Fixed.Keys);
        Expect.Empty(Store.Start(study, By("w"))!.Fixed);
        Expect.Equal(2, Store.Start(study, By("w"))!.Lease.Number);
    }

    public void A_cancelled_trial_leaves_the_queue_and_keeps_its_number()
    {
        long study = Study();
        var grown = new History("study", [Goal.Minimize]);
        for (int i = 0; i < 3; i++)
        {
            Store.Enqueue(study, new Dictionary<string, Option> { ["x"] = Option.Of(i) });
        }

        grown.Apply(Store.Read(study, grown.Revision));
        Store.Cancel(study, 1);
        grown.Apply(Store.Read(study, grown.Revision));
        made = Reopen(Store);
        Expect.Sequence([0, 2, 3], Enumerable.Range(0, 3).Select(_ => Store.Start(study, By("w"))!.Lease.Number));
        grown.Apply(Store.Read(study, grown.Revision));
        var trial = grown.Trials[1];
        Expect.Equal((TrialState.Cancelled, 0, null, null, null), (trial.State, trial.Attempt, trial.Worker, trial.Started, trial.Error));
        Expect.Equal(Clock.Wall, trial.Finished);
        Expect.True(trial.IsFinished, "a cancelled trial is finished.");
        Expect.Empty(grown.Finished);
        Expect.Sequence([0, 2, 3], grown.Running.Select(t => t.Number));
        Expect.Sequence([new(Clock.Wall, 1, "cancelled", "taken out of the queue before it ran.")], Store.Events(study));
        Same(Whole(study), grown);
    }

    public void A_trial_given_back_can_be_cancelled_and_keeps_what_it_has()
    {
        long study = Study();
        var lease = Store.Start(study, By("w"))!.Lease;
        Store.Suggest(lease, [new("x", Range, 3)]);
        Store.Report(lease, 1, StudyStore.ObjectiveKey, 7);
        Store.Release(lease);
        Expect.Null(Whole(study).Trials[0].Started);
        Clock.Pass(Minute);
        Store.Cancel(study, 0);
        made = Reopen(Store);
        var history = Whole(study);
        var trial = history.Trials[0];
        Expect.Equal((TrialState.Cancelled, 1, "w", null), (trial.State, trial.Attempt, trial.Worker, trial.Started));
        Expect.Sequence([new(1, 7)], trial.Reports);
        Expect.Equal(3, trial.Numbers["x"]);
        Expect.Empty(history.Common);
        Expect.Throws<LeaseLostException>(() => Complete(Store, lease, 1));
        Expect.Null(Store.Start(study, By("w", limit: 1)));
    }

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
            (0, "trial 0 of study 'study' is run by w and cannot be cancelled; only a trial that waits can. Ask that "
                + "worker to stop: it gives the trial back."),
            (1, "trial 1 of study 'study' has finished already (Complete) and cannot be cancelled."),
            (2, "trial 2 of study 'study' has finished already (Cancelled) and cannot be cancelled."),
            (3, "study 'study' has no trial 3 to cancel."),
            (-1, "study 'study' has no trial -1 to cancel."),
        })
        {
            Expect.Equal(message, Expect.Throws<StudyException>(() => Store.Cancel(study, number)).Message);
        }

        Expect.Equal($"the store has no study {study + 1}.", Expect.Throws<StudyException>(() => Store.Cancel(study + 1, 0)).Message);
        Expect.Equal(before, Store.Read(study, 0).Revision);
        Complete(Store, running, 1);
    }
}
