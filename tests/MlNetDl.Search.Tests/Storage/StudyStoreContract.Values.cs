using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Storage;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests.Storage;

/// <content>What is written and read: reports, numbers, and reading on.</content>
public abstract partial class StudyStoreContract
{
    [Fact]
    public void What_was_written_is_read_at_full_precision()
    {
        double[] values = [0.1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, -1.0 / 3, 1e-300];
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
}
