using MlNetDl.Search;
using MlNetDl.Search.Analysis;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;
using MlNetDl.Search.Storage;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests;

/// <summary>A study that goes on with a wider range or with more options.</summary>
public sealed class StudyWideningTests : IDisposable
{
    private readonly MemoryStore store = new();

    public static TheoryData<string> Samplers => [.. SearchCatalogs.Samplers.Entries.Select(e => e.Name)];

    private static SearchSpace Narrow => SearchSpace.Of(("x", new Uniform(0, 1)), ("opt", Choice.Of("adam", "sgd")));

    private static SearchSpace Wide => SearchSpace.Of(("x", new Uniform(-3, 4)), ("opt", Choice.Of("lion", "sgd", "adam")));

    public void Dispose() => store.Dispose();

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Every_sampler_goes_on_in_a_wider_space(string sampler)
    {
        var first = Go(Narrow, 30);
        var second = Go(Wide, 70);
        // A grid has no more combinations than these.
        Assert.Equal(sampler == "grid" ? (10, 25) : (30, 70), (first.Count, second.Count));
        Assert.Equal(first, second.Take(first.Count));
        Assert.Contains(second.Skip(first.Count), t => t.X is < 0 or > 1);
        Assert.Contains(second.Skip(first.Count), t => t.Opt == "lion");
        Assert.True(sampler != "grid" || second.Skip(first.Count).Distinct().Count() == 15);
        Assert.All(second, t => Assert.Equal(Value(t.X, t.Opt), t.Value));

        List<(double X, string Opt, double Value)> Go(SearchSpace space, int trials)
        {
            using var study = Study.Open(store, "study", new()
            {
                Sampler = (Sampler)Activator.CreateInstance(SearchCatalogs.Samplers.Find(sampler).Type)!,
                Space = space,
            });
            study.Optimize(t => Value(t.Uniform("x", space == Wide ? -3 : 0, space == Wide ? 4 : 1), Opt(t, space == Wide)), trials);
            return [.. study.Trials.Select(t => ((double)t.ValueOf("x")!, (string)t.ValueOf("opt")!, t.Value))];
        }
    }

    [Fact]
    public void An_objective_gets_its_options_in_its_own_order()
    {
        using (var before = Study.Open(store, "study", new() { Space = Narrow }))
        {
            before.Enqueue(new Dictionary<string, object?> { ["opt"] = "sgd" });
            before.Optimize(t => Value(t.Uniform("x", 0, 1), Opt(t, wide: false)), trials: 1);
        }

        using var study = Study.Open(store, "study", new() { Space = Wide });
        Assert.Equal(Choice.Of("adam", "sgd", "lion"), study.History.Space!.Find("opt")!.Distribution);
        string[] options = ["lion", "sgd", "adam"];
        for (int i = 0; i < 3; i++)
        {
            study.Enqueue(new Dictionary<string, object?> { ["opt"] = options[i] });
            var trial = study.Ask();
            Assert.Equal(options[i], trial.Choice("opt", options));
            Assert.Equal(options[i], trial.Choice("opt", "sgd", "adam", "lion"));
            Assert.Equal(options[i], trial.Suggest("opt", Choice.Of(options)));
            study.Tell(trial, i);
            Assert.Equal(options[i], study.Trials[i + 1].ValueOf("opt"));
        }

        // The declared space has no other option, and a worker with the old space is refused.
        var other = study.Ask();
        Assert.Throws<SpaceChangedException>(() => other.Choice("opt", "lion", "sgd", "adam", "adagrad"));
        Assert.Throws<SpaceChangedException>(() => other.Choice("opt", "lion", "sgd"));
        Assert.Throws<SpaceChangedException>(() => Study.Open(store, "study", new() { Space = Narrow }));
    }

    [Fact]
    public void A_worker_with_the_narrower_space_ends_its_trial_and_then_stops()
    {
        using var old = Study.Open(store, "study", new() { Space = Narrow });
        Study? wide = null;
        var e = Assert.Throws<SpaceChangedException>(() => old.Optimize(
            t =>
            {
                wide ??= t.Number == 2 ? Study.Open(store, "study", new() { Space = Wide }) : null;
                return Value(t.Uniform("x", 0, 1), Opt(t, wide: false));
            },
            trials: 6));
        Assert.Contains("parameters.x.uniform was [-3,4] and is [0,1]", e.Message, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Repeat(TrialState.Complete, 3), wide!.Trials.Select(t => t.State));
        wide.Optimize(t => Value(t.Uniform("x", -3, 4), Opt(t, wide: true)), trials: 6);
        Assert.Equal(6, wide.Trials.Count(t => t.State == TrialState.Complete));
        wide.Dispose();
    }

    [Fact]
    public void A_space_that_is_defined_by_running_gets_wider_when_the_program_is_started_anew()
    {
        Run(6, t => Value(t.Uniform("x", 0, 1), Opt(t, wide: false)));
        using (var study = Study.Open(store, "study"))
        {
            // A trial that another program left goes on with the values that it has.
            var left = study.Ask();
            double had = left.Uniform("x", 0, 1);
            string opt = Opt(left, wide: false);
            study.Release(left);
            Run(40, t =>
            {
                double x = t.Uniform("x", -3, 4);
                if (t.Number == 6)
                {
                    Assert.Equal((had, opt), (x, Opt(t, wide: true)));
                }

                return Value(x, Opt(t, wide: true));
            });

            // This one still asks for the narrower range.
            var e = Assert.Throws<SpaceChangedException>(() => study.Optimize(t => t.Uniform("x", 0, 1), trials: 41));
            Assert.Contains("""parameter 'x' as {"uniform":[-3,4]} but is now asked for {"uniform":[0,1]}""", e.Message, StringComparison.Ordinal);
        }

        using var all = Study.Open(store, "study");
        Assert.All(all.History.Finished, t => Assert.Equal(Value((double)t.ValueOf("x")!, (string)t.ValueOf("opt")!), t.Value));
        Assert.Contains(all.Trials, t => (string?)t.ValueOf("opt") == "lion");
        Assert.Equal(["opt", "x"], all.History.Common.Keys.Order());
        Assert.Equal(new Uniform(-3, 4), all.History.Common["x"]);
        Assert.Equal([("x", 7), ("opt", 7)], all.History.Widenings.Select(w => (w.Parameter, w.Trials)).OrderByDescending(w => w.Parameter));
    }

    [Fact]
    public void A_range_that_changes_from_trial_to_trial_is_still_refused()
    {
        using var study = Study.Open(store, "study");
        var e = Assert.Throws<SpaceChangedException>(() => study.Optimize(t => t.Uniform("x", 0, 1 + t.Number), trials: 5));
        Assert.Contains("a study with trials keeps its space, or widens it when it is opened again", e.Message, StringComparison.Ordinal);
        Assert.Empty(study.History.Widenings);
        Assert.Single(study.History.Finished);
    }

    [Fact]
    public void Trials_of_the_narrower_space_are_marked()
    {
        Run(3, t => Value(t.Uniform("x", 0, 1), Opt(t, wide: false)));
        Assert.DoesNotContain("narrower", Table().Columns);
        Run(5, t => Value(t.Uniform("x", -3, 4), Opt(t, wide: false)));
        Run(6, t => Value(t.Uniform("x", -3, 4), Opt(t, wide: true)));
        var table = Table();
        Assert.Equal("narrower", table.Columns[^1]);
        Assert.Equal(["x\nopt", "x\nopt", "x\nopt", "opt", "opt", null], table.Rows.Select(r => (string?)r[^1]));
        using var study = Study.Open(store, "study");
        string page = StudyReport.ToHtml(study);
        Assert.Contains("x had 0 to 1 in trials below 3, and has -3 to 4 from then on.", page, StringComparison.Ordinal);
        Assert.Contains("opt had adam, sgd in trials below 5, and has adam, sgd, lion from then on.", page, StringComparison.Ordinal);

        AnalysisTable Table()
        {
            using var reader = Study.Open(store, "study");
            return TrialList.Of(reader.History).ToTable();
        }
    }

    [Fact]
    public void A_reader_follows_and_what_samplers_remember_is_made_anew()
    {
        using var reader = Study.Open(store, "study");
        Run(3, t => Value(t.Uniform("x", 0, 1), Opt(t, wide: false)));
        var before = reader.History;
        Run(5, t => Value(t.Uniform("x", -3, 4), Opt(t, wide: true)));
        var after = reader.History;
        Assert.Equal(new Uniform(0, 1), before.Trials[0].Distributions["x"]);
        Assert.All(after.Trials, t => Assert.Equal(new Uniform(-3, 4), t.Distributions["x"]));
        Assert.Equal(before.Trials.Select(t => t.Numbers["x"]), after.Trials.Take(3).Select(t => t.Numbers["x"]));

        var history = new History("study", [Goal.Minimize]);
        history.Apply(store.Read(reader.Id, 0));
        var mine = history.Cache(this, () => new List<int> { history.Finished.Count });
        using (var study = Study.Open(store, "study"))
        {
            study.Note(0, "seen");
            study.Optimize(t => Value(t.Uniform("x", -3, 9), Opt(t, wide: true)), trials: 6);
        }

        history.Apply(store.Read(reader.Id, history.Revision));
        Assert.NotSame(mine, history.Cache(this, () => new List<int>()));
        Assert.Equal(["seen"], history.Finished[0].Notes.Select(n => n.Text));
    }

    private static string Opt(Trial trial, bool wide) => wide ? trial.Choice("opt", "lion", "sgd", "adam") : trial.Choice("opt", "adam", "sgd");

    private static double Value(double x, string opt) => Math.Pow(x - 2, 2) + opt.Length;

    private void Run(int trials, Func<Trial, double> objective)
    {
        using var study = Study.Open(store, "study", new() { Sampler = new RandomSampler { Seed = 3 } });
        study.Optimize(objective, trials);
    }
}
