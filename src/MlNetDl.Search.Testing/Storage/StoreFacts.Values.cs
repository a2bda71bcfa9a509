using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Storage;
using MlNetDl.Metrics;

namespace MlNetDl.Testing;

/// <content>What is written and read: reports, numbers, and reading on.</content>
internal sealed partial class StoreFacts
{
    public void What_was_written_is_read_at_full_precision()
    {
        double[] values =
        [
            0.1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue,
            -1.0 / 3, 1e-300,
        ];
        long study = Store.Open("study", [.. values.Select(_ => Goal.Minimize)], null).Id;
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
        Expect.Sequence(values, trial.Values);
        Expect.Sequence(values, trial.Constraints);
        Expect.Sequence(values.Select((v, i) => new Report(i * 1_000_000_000_000, v)), trial.Reports);
        Expect.Sequence([KeyValuePair.Create("x", 1.0 / 3), KeyValuePair.Create("c", 1.0)], trial.Numbers);
        Expect.Sequence([Range, Choice.Of("é\"", "b")], trial.Distributions.Values);
        Expect.Equal((TrialState.Complete, 1, "w", null), (trial.State, trial.Attempt, trial.Worker, trial.Error));
        Expect.Equal(TimeSpan.FromMilliseconds(1234), trial.Finished - trial.Started);
        Expect.Equal(Clock.Wall, trial.Finished);
    }

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
        double[] read =
        [
            trial.Numbers["x"], trial.Numbers["y"], trial.Reports[0].Value, trial.Reports[1].Value, trial.Values[0], trial.Constraints[0],
            .. Store.Metrics(study, 0).Select(m => m.Value),
        ];
        Expect.Sequence([true, false, true, false, true, true, true, false], read.Select(double.IsNegative));
    }

    public void Reading_on_gives_what_changed_and_adds_up_to_the_whole()
    {
        long study = Study();
        var grown = new History("study", [Goal.Minimize]);
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
        Expect.Empty(changes.Parameters);
        Expect.Sequence([0, 1, 4, 5], changes.Trials.Select(t => t.Number));
        Expect.Sequence([(0, 2L), (1, 2), (4, 2), (5, 2)], changes.Reports.Select(r => (r.Number, r.Step)));
        grown.Apply(changes);
        Expect.Empty(Store.Read(study, changes.Revision).Trials);
        made = Reopen(Store);
        var whole = Whole(study);
        Expect.Sequence([4, 1, 5, 0], whole.Finished.Select(t => t.Number));
        Expect.Sequence([2, 3], whole.Running.Select(t => t.Number));
        Expect.Sequence(["x0", "x1"], whole.Parameters.Keys);
        Same(whole, grown);
    }

    public void A_step_is_reported_once()
    {
        long study = Study();
        var lease = Store.Start(study, By("w"))!.Lease;
        Store.Report(lease, 3, StudyStore.ObjectiveKey, 1);
        Store.Report(lease, 3, "loss", 2);
        var e = Expect.Throws<StudyException>(() => Store.Report(lease, 3, StudyStore.ObjectiveKey, 5));
        Expect.Equal("trial 0 has reported 'objective' at step 3 already, as 1, and now reports 5; each step is reported once.", e.Message);
        Store.Report(lease, 2, StudyStore.ObjectiveKey, 4);
        Expect.Sequence([new(2, 4), new(3, 1)], Whole(study).Trials[0].Reports);
        Expect.Sequence([new(1, 2, "objective", 4), new(1, 3, "loss", 2), new(1, 3, "objective", 1)], Store.Metrics(study, 0));
    }

    public void The_same_report_again_changes_nothing()
    {
        long study = Study();
        var lease = Store.Start(study, By("w"))!.Lease;
        double[] values = [0.1, double.NaN, double.PositiveInfinity, -0.0];
        Report(values.Length);
        long before = Store.Read(study, 0).Revision;
        Report(values.Length);
        Expect.Equal(before, Store.Read(study, 0).Revision);
        Expect.Contains(
            "already, as -0, and now reports 0;",
            Expect.Throws<StudyException>(() => Store.Report(lease, 3, "loss", 0.0)).Message);
        Expect.Contains(
            "already, as 0.1, and now reports NaN;",
            Expect.Throws<StudyException>(() => Store.Report(lease, 0, "loss", double.NaN)).Message);
        Expect.Throws<StudyException>(() => Store.Report(lease, 0, StudyStore.ObjectiveKey, Math.BitIncrement(0.1)));

        // What a checkpoint carried over is the new attempt's own.
        Store.SetCheckpoint(lease, "1", step: 1);
        Store.Release(lease);
        made = Reopen(Store);
        lease = Store.Start(study, By("w"))!.Lease;
        Report(2);
        Expect.Sequence([new(0, 0.1), new(1, double.NaN)], Whole(study).Trials[0].Reports);
        Expect.Equal(4, Store.Metrics(study, 0).Count);
        Expect.Throws<StudyException>(() => Store.Report(lease, 0, StudyStore.ObjectiveKey, 0.2));

        void Report(int steps)
        {
            for (int step = 0; step < steps; step++)
            {
                Store.Report(lease, step, StudyStore.ObjectiveKey, values[step]);
                Store.Report(lease, step, "loss", values[step]);
            }
        }
    }
}
