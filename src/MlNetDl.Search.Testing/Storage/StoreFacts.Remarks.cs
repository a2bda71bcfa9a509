using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Storage;
using MlNetDl.Metrics;

namespace MlNetDl.Testing;

/// <content>Attributes and notes.</content>
internal sealed partial class StoreFacts
{
    public void Attributes_and_notes_are_kept_with_their_trial_in_whatever_state()
    {
        long study = Study();
        var grown = new History("study", [Goal.Minimize]);
        var lease = Store.Start(study, By("w"))!.Lease;
        Store.Enqueue(study, new Dictionary<string, Option> { ["x"] = Option.Of(1) });
        Store.Report(lease, 1, StudyStore.ObjectiveKey, 3);
        Store.SetAttribute(lease, "weights", Option.Of(1.5e6));
        Store.SetAttribute(lease, "commit", Option.Of("é\"1"));
        grown.Apply(Store.Read(study, grown.Revision));
        Expect.Sequence(["commit", "weights"], grown.Trials[0].Attributes.Keys);
        Complete(Store, lease, 5);
        Complete(Store, Store.Start(study, By("w"))!.Lease, 4);
        grown.Apply(Store.Read(study, grown.Revision));
        Store.SetAttribute(study, 0, "commit", Option.Of("b"));
        Store.SetAttribute(study, 1, "empty", Option.Of<string?>(null));
        Store.AddNote(study, 0, "line 1\nline 2");
        Clock.Pass(Minute);
        Store.AddNote(study, 0, "second");
        grown.Apply(Store.Read(study, grown.Revision));
        made = Reopen(Store);
        Same(Whole(study), grown);
        var trial = grown.Trials[0];
        Expect.Equal((TrialState.Complete, 5.0), (trial.State, trial.Value));
        Expect.Sequence([new(1, 3)], trial.Reports);
        Expect.Sequence([KeyValuePair.Create("commit", Option.Of("b")), KeyValuePair.Create("weights", Option.Of(1_500_000))], trial.Attributes);
        Expect.Sequence([new(Clock.Wall - Minute, "line 1\nline 2"), new(Clock.Wall, "second")], trial.Notes);
        Expect.Sequence([0, 1], grown.Finished.Select(t => t.Number));
        Expect.Equal("null", grown.Finished[1].Attributes["empty"].Json);
        Expect.Empty(grown.Finished[1].Notes);
    }

    public void How_a_trial_came_to_its_parameters_is_kept_as_it_was_said_first()
    {
        long study = Study();
        var grown = new History("study", [Goal.Minimize]);
        var first = Store.Start(study, By("a"))!.Lease;
        var silent = Store.Start(study, By("b"))!.Lease;
        Store.Suggest(first, [new("x", Range, 3)], "own: é \"1\"");
        Store.Suggest(silent, [new("x", Range, 3)]);
        grown.Apply(Store.Read(study, grown.Revision));
        Store.Suggest(first, [new("y", Range, 4)], "later");
        Store.Release(first);
        Complete(Store, Store.Start(study, By("c"))!.Lease, 1);
        grown.Apply(Store.Read(study, grown.Revision));
        made = Reopen(Store);
        Same(Whole(study), grown);
        Expect.Sequence(["own: é \"1\"", null], grown.Trials.Select(t => t.Proposal));
    }

    public void An_attribute_stays_when_another_worker_goes_on_with_the_trial()
    {
        long study = Study();
        var first = Store.Start(study, By("a"))!.Lease;
        Store.SetAttribute(first, "machine", Option.Of("a"));
        Store.SetAttribute(first, "seed", Option.Of(7));
        Store.Release(first);
        var second = Store.Start(study, By("b"))!.Lease;
        Store.SetAttribute(second, "machine", Option.Of("b"));
        Expect.Throws<LeaseLostException>(() => Store.SetAttribute(first, "machine", Option.Of("late")));
        var trial = Whole(study).Trials[0];
        Expect.Sequence(["\"b\"", "7"], trial.Attributes.Values.Select(v => v.Json));
    }
}
