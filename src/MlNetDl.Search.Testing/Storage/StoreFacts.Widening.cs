using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Storage;
using MlNetDl.Metrics;

namespace MlNetDl.Testing;

/// <content>Spaces that get wider.</content>
internal sealed partial class StoreFacts
{
    private static SearchSpace Narrow => SearchSpace.Of(
        ("x", Range), ("r", new LogUniform(0.1, 1)), ("n", new Integer(2, 9, 2)), ("c", Choice.Of("a", "b")));

    public void A_space_gets_wider_and_old_trials_keep_their_values()
    {
        long study = Study(Narrow);
        var grown = new History("study", [Goal.Minimize], Narrow);
        var done = Store.Start(study, By("w") with { Space = Narrow })!.Lease;
        Store.Suggest(done, [new("x", Range, 5), new("n", new Integer(2, 9, 2), 8), new("c", Choice.Of("a", "b"), 1)]);
        Complete(Store, done, 1);
        var runs = Store.Start(study, By("w") with { Space = Narrow })!.Lease;
        Store.Suggest(runs, [new("c", Choice.Of("a", "b"), 0), new("x", Range, -5)]);
        grown.Apply(Store.Read(study, grown.Revision));
        made = Reopen(Store);

        // The new option stands first: the old ones keep their numbers all the same.
        var wider = SearchSpace.Of(
            ("x", new Uniform(-5, 10)),
            ("r", new LogUniform(0.01, 2)),
            ("n", new Integer(0, 8, 2)),
            ("c", Choice.Of("z", "b", "a")));
        var kept = Store.Open("study", [Goal.Minimize], wider).Space!;
        Expect.Equal(Choice.Of("a", "b", "z"), kept.Find("c")!.Distribution);
        Expect.Equal(kept, Store.Open("study", [Goal.Minimize], wider).Space);
        Expect.Equal(kept, Store.Open("study", [Goal.Minimize], kept).Space);
        Expect.Equal(kept, Store.Studies().Single().Space);
        grown.Apply(Store.Read(study, grown.Revision));
        Same(Whole(study), grown);
        foreach (var history in (History[])[grown, Whole(study)])
        {
            Expect.Sequence(["x", "n", "c"], history.Parameters.Keys);
            Expect.True(history.Parameters.All(p => p.Value == kept.Find(p.Key)!.Distribution), "a parameter has its old distribution.");
            Expect.Sequence([5.0, 8L, "b"], history.Trials[0].Parameters.Values);
            Expect.Sequence(["a", -5.0], history.Trials[1].Parameters.Values);
            Expect.True(ReferenceEquals(history.Trials[1], history.Running.Single()), "the running trial is another one.");
            Expect.Sequence(history.Trials[0].Distributions, history.Common);
            Expect.Sequence(
                [
                    new("x", Range, new Uniform(-5, 10), 2),
                    new("r", new LogUniform(0.1, 1), new LogUniform(0.01, 2), 2),
                    new("n", new Integer(2, 9, 2), new Integer(0, 8, 2), 2),
                    new("c", Choice.Of("a", "b"), Choice.Of("a", "b", "z"), 2),
                ],
                history.Widenings);
        }

        var told = Store.Events(study).Single();
        Expect.Equal((null, "widened"), (told.Number, told.Kind));
        Expect.Contains("space widened: ", told.Text);
        Expect.Contains("parameters.x.uniform was [-5,5] and is [-5,10]", told.Text);
        Expect.Contains("Trials below 2 were searched in the narrower space.", told.Text);

        // A worker with the space of before ends its trial and gets no other one.
        Complete(Store, runs, 2);
        Expect.Throws<SpaceChangedException>(() => Store.Start(study, By("w") with { Space = Narrow }));
        Expect.Throws<SpaceChangedException>(() => Store.Open("study", [Goal.Minimize], Narrow));
        var next = Store.Start(study, By("w") with { Space = kept })!.Lease;
        Expect.Throws<SpaceChangedException>(() => Store.Suggest(next, [new("x", Range, 1)]));
        Store.Suggest(next, [new("x", new Uniform(-5, 10), 9), new("c", Choice.Of("a", "b", "z"), 2)]);
        Expect.Sequence([9.0, "z"], Whole(study).Trials[2].Parameters.Values);
    }

    public void A_worker_that_has_started_trials_is_refused_once_another_one_widens_the_space()
    {
        long study = Study(Narrow);
        var mine = Narrow;
        for (int i = 0; i < 2; i++)
        {
            Complete(Store, Store.Start(study, By("w") with { Space = mine })!.Lease, i);
        }

        var kept = Store.Open("study", [Goal.Minimize], Wider("x", new Uniform(-9, 9))).Space;
        long before = Store.Read(study, 0).Revision;
        var e = Expect.Throws<SpaceChangedException>(() => Store.Start(study, By("w") with { Space = mine }));
        Expect.Contains("parameters.x.uniform was [-9,9] and is [-5,5]", e.Message);
        Expect.Equal(before, Store.Read(study, 0).Revision);
        Expect.Equal(2, Store.Start(study, By("w") with { Space = kept })!.Lease.Number);
    }

    public void A_space_that_lacks_a_value_of_the_old_one_is_refused()
    {
        long study = Study(Narrow);
        Store.Start(study, By("w") with { Space = Narrow });
        SearchSpace[] others =
        [
            Wider("x", new Uniform(-4, 9)),
            Wider("x", new LogUniform(1, 9)),
            Wider("r", new Uniform(0.01, 9)),
            Wider("n", new Integer(2, 9)),
            Wider("n", new Integer(1, 9, 2)),
            Wider("n", new Integer(0, 6, 2)),
            Wider("n", new Integer(2, 9, Log: true)),
            Wider("c", Choice.Of("a", "c", "d")),
            Wider("c", new Uniform(0, 9)),
            Narrow with { Parameters = [.. Narrow.Parameters.Take(3)] },
            Narrow with { Parameters = [.. Narrow.Parameters, new("new", Range)] },
            Narrow with { Parameters = [.. Narrow.Parameters.Reverse()] },
            Narrow with { Parameters = [.. Narrow.Parameters, new("new", Range) { When = [new("c", [Option.Of("a")])] }] },
            Narrow with { Constraints = [new("latency") { AtMost = 1 }] },
        ];
        long before = Store.Read(study, 0).Revision;
        foreach (var other in others)
        {
            var e = Expect.Throws<SpaceChangedException>(() => Store.Open("study", [Goal.Minimize], other));
            Expect.Contains("may get wider ranges and more options, nothing else", e.Message);
        }

        Expect.Equal(before, Store.Read(study, 0).Revision);
        Expect.Equal(Narrow, Store.Studies().Single().Space);
        Expect.Empty(Store.Events(study));
    }

    public void Steps_and_bounds_of_a_space_are_kept_and_may_not_change()
    {
        var space = SpaceOf(0.1, new("low", new Uniform(0, 0.5, 0.1)), "low");
        long study = Study(space);
        var lease = Store.Start(study, By("w") with { Space = space })!.Lease;
        Store.Suggest(lease, [new("low", new Uniform(0, 0.5, 0.1), 0.3), new("high", new Uniform(0, 1, 0.1), 0.7)]);
        made = Reopen(Store);
        Expect.Equal(space, Store.Studies().Single().Space);
        Expect.Equal(new Uniform(0, 1, 0.1), Whole(study).Parameters["high"]);
        Expect.Sequence([0.3, 0.7], Whole(study).Trials[0].Parameters.Values);
        SearchSpace[] others =
        [
            SpaceOf(0.05, space.Parameters[0], "low"), SpaceOf(null, space.Parameters[0], "low"), SpaceOf(0.1, space.Parameters[0], null),
            SpaceOf(0.1, new("low", new Uniform(0, 0.5)), "low"),
        ];
        foreach (var other in others)
        {
            Expect.Throws<SpaceChangedException>(() => Store.Open("study", [Goal.Minimize], other));
        }

        var wider = SpaceOf(0.1, new("low", new Uniform(-0.2, 0.5, 0.1)), "low");
        Expect.Equal(wider, Store.Open("study", [Goal.Minimize], wider).Space);

        static SearchSpace SpaceOf(double? step, SearchParameter low, string? bound) =>
            new SearchSpace { Parameters = [low, new("high", new Uniform(0, 1, step)) { AtLeast = bound }] }.Checked();
    }

    public void A_new_option_may_bring_its_own_parameters()
    {
        var branched = Narrow with { Parameters = [.. Narrow.Parameters, new("b.depth", Range) { When = [new("c", [Option.Of("b")])] }] };
        long study = Study(branched);
        Store.Start(study, By("w") with { Space = branched });
        SearchParameter depth = new("b.depth", Range) { When = [new("c", [Option.Of("z"), Option.Of("b")])] };
        SearchParameter own = new("z.width", Range) { When = [new("c", [Option.Of("z")])] };
        SearchParameter below = new("z.width.more", Range) { When = [new("z.width", [Option.Of(1)])] };
        var wider = Wider("c", Choice.Of("a", "b", "z"));
        var grown = wider with { Parameters = [.. wider.Parameters, depth, own, below] };
        Expect.Equal(grown, Store.Open("study", [Goal.Minimize], grown).Space);
        Expect.Sequence(["c"], Whole(study).Widenings.Select(w => w.Parameter));

        // Another old option would demand the parameter of trials that do not have it.
        SearchParameter all = depth with { When = [new("c", [Option.Of("a"), Option.Of("b"), Option.Of("z")])] };
        var demanding = wider with { Parameters = [.. wider.Parameters, all, own, below] };
        Expect.Throws<SpaceChangedException>(() => Store.Open("study", [Goal.Minimize], demanding));
    }

    public void A_trial_may_ask_for_a_wider_parameter_and_never_for_a_narrower_one()
    {
        long study = Study();
        var grown = new History("study", [Goal.Minimize]);
        var first = Store.Start(study, By("w"))!.Lease;
        Store.Suggest(first, [new("x", Range, 1), new("c", Choice.Of("a", "b"), 1)]);
        Complete(Store, first, 1);
        grown.Apply(Store.Read(study, grown.Revision));
        var second = Store.Start(study, By("w"))!.Lease;
        Store.Suggest(second, [new("x", new Uniform(-5, 10), 9)]);
        Expect.Throws<SpaceChangedException>(() => Store.Suggest(second, [new("c", Choice.Of("c", "a", "b"), 0)]));
        Store.Suggest(second, [new("c", Choice.Of("a", "b", "c"), 2)]);
        var third = Store.Start(study, By("w"))!.Lease;
        Expect.Throws<SpaceChangedException>(() => Store.Suggest(third, [new("x", Range, 1)]));
        Store.Suggest(third, [new("x", new Uniform(-5, 10), 1)]);
        grown.Apply(Store.Read(study, grown.Revision));
        made = Reopen(Store);
        Same(Whole(study), grown);
        Expect.Sequence([1.0, "b"], grown.Trials[0].Parameters.Values);
        Expect.Sequence([9.0, "c"], grown.Trials[1].Parameters.Values);
        Expect.Sequence([("x", 1), ("c", 1)], grown.Widenings.Select(w => (w.Parameter, w.Trials)));
        Expect.Sequence(
            [
                (1, """space widened: x was {"uniform":[-5,5]} and is {"uniform":[-5,10]}. Trials below 1 were searched in the narrower space."""),
                (1, """space widened: c was {"choice":["a","b"]} and is {"choice":["a","b","c"]}. Trials below 1 were searched in the narrower space."""),
            ],
            Store.Events(study).Where(e => e.Kind == "widened").Select(e => (e.Number!.Value, e.Text)));
    }

    private static SearchSpace Wider(string name, Distribution distribution) => Narrow with
    {
        Parameters = [.. Narrow.Parameters.Select(p => p.Name == name ? p with { Distribution = distribution } : p)],
    };
}
