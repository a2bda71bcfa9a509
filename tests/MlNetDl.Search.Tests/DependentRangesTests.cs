using MlNetDl.Configuration;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;
using MlNetDl.Search.Storage;

namespace MlNetDl.Search.Tests;

/// <summary>Ranges that depend on an earlier parameter, as spaces declare them.</summary>
public sealed class DependentRangesTests
{
    private static readonly Integer Width = new(16, 256);

    private static SearchSpace Layers => new SearchSpace
    {
        Parameters = [new("first", Width), new("second", Width) { AtMost = "first" }],
    }.Checked();

    [Fact]
    public void A_form_says_the_bounds()
    {
        const string Text = """
            parameters:
              first: { integer: [16, 256] }
              second: { integer: [16, 256], atMost: first }
            """;
        var space = SearchSpace.From(ConfigurationDocument.Parse(Text).Bind<SpaceForm>());
        Assert.Equal(Layers, space);
        Assert.Equal(Layers, SearchSpace.From(Layers.ToForm()));
        Assert.NotEqual(Layers, SearchSpace.Of(("first", Width), ("second", Width)));
    }

    public static TheoryData<string, string> Wrong => new()
    {
        {
            "a: { integer: [1, 9] }, b: { integer: [1, 9], atMost: aa }",
            "parameter 'b' is at most 'aa', but there is no such parameter; did you mean 'a'?"
        },
        { "b: { integer: [1, 9], atMost: a }, a: { integer: [1, 9] }", "parameter 'b' is at most 'a', which does not stand before it" },
        { "a: { integer: [1, 9], atMost: a }", "parameter 'a' is at most 'a', which does not stand before it" },
        { "a: { choice: [1, 9] }, b: { integer: [1, 9], atLeast: a }", "parameter 'b' is at least 'a', which is a choice" },
        { "a: { integer: [1, 9] }, b: { choice: [1, 9], atLeast: a }", "parameter 'b' is at least 'a', but is a choice" },
        {
            "a: { integer: [8, 256] }, b: { integer: [16, 256], atMost: a }",
            """parameter 'b' {"integer":[16,256]} is at most 'a', which may be 8: {"integer":[8,256]}. Then 'b' has no value."""
        },
        {
            "a: { uniform: [0, 0.5] }, b: { uniform: [0, 0.4], atLeast: a }",
            """parameter 'b' {"uniform":[0,0.4]} is at least 'a', which may be 0.5: {"uniform":[0,0.5]}."""
        },
        {
            "c: { choice: [x, y] }, a: { integer: [1, 9], when: { c: [x] } }, b: { integer: [1, 9], atMost: a }",
            "parameter 'b' is at most 'a', which does not exist wherever 'b' does"
        },
        {
            "c: { choice: [x, y] }, a: { integer: [1, 9], when: { c: [x] } }, b: { integer: [1, 9], atMost: a, when: { c: [x, y] } }",
            "parameter 'b' is at most 'a', which does not exist wherever 'b' does"
        },
        {
            "a: { integer: [1, 9] }, c: { integer: [1, 9] }, b: { integer: [1, 9], atLeast: a, atMost: c }",
            "parameter 'b' lies between 'a'"
        },
        {
            "a: { integer: [1, 9] }, c: { integer: [1, 9], atLeast: a }, b: { integer: [1, 9], step: 4, atLeast: a, atMost: c }",
            "parameter 'b' lies between 'a'"
        },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Bounds_that_cannot_be_say_why(string parameters, string message)
    {
        var form = ConfigurationDocument.Parse($"parameters: {{ {parameters} }}").Bind<SpaceForm>();
        Assert.Contains(message, Assert.Throws<ConfigurationException>(() => SearchSpace.From(form)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: { integer: [1, 9] }, c: { integer: [1, 9], atLeast: a }, b: { integer: [1, 9], atLeast: a, atMost: c }")]
    [InlineData("a: { integer: [8, 64] }, b: { integer: [4, 256], atLeast: a }, c: { integer: [8, 512], atMost: b }")]
    [InlineData("a: { integer: [1, 4] }, c: { integer: [5, 9] }, b: { uniform: [0, 10], atLeast: a, atMost: c }")]
    [InlineData("c: { choice: [x, y] }, d: { choice: [x, y], when: { c: [x] } }, "
        + "a: { integer: [1, 9], when: { c: [x] } }, b: { integer: [1, 9], atMost: a, when: { d: [x] } }")]
    public void Bounds_that_always_leave_a_value_are_taken(string parameters)
    {
        var space = SearchSpace.From(ConfigurationDocument.Parse($"parameters: {{ {parameters} }}").Bind<SpaceForm>());
        using var study = Study.InMemory("bounds", sampler: new RandomSampler { Seed = 2 }, space: space);
        study.Optimize(_ => 0, trials: 200);
        Assert.All(study.Trials, t => Assert.All(space.Parameters.Where(p => t.Numbers.ContainsKey(p.Name)), p =>
        {
            Assert.True(p.AtLeast is null || t.Numbers[p.Name] >= t.Numbers[p.AtLeast]);
            Assert.True(p.AtMost is null || t.Numbers[p.Name] <= t.Numbers[p.AtMost]);
        }));
    }

    [Fact]
    public void Changed_bounds_of_a_study_with_trials_are_refused()
    {
        using var store = new MemoryStore();
        Open(Layers);
        foreach (var other in (SearchParameter[])[new("second", Width), new("second", Width) { AtLeast = "first" }])
        {
            var e = Assert.Throws<SpaceChangedException>(() => Open(Layers with { Parameters = [Layers.Parameters[0], other] }));
            Assert.Contains("parameters.second.atMost was \"first\" and is not there", e.Message, StringComparison.Ordinal);
        }

        Open(new SearchSpace { Parameters = [new("first", new Integer(16, 512)), new("second", Width) { AtMost = "first" }] });

        void Open(SearchSpace space)
        {
            using var study = Study.Open(store, "study", new() { Space = space });
            study.Tell(study.Ask(), 0);
        }
    }

    [Fact]
    public void Enqueued_values_that_do_not_go_together_are_refused()
    {
        using var study = Study.InMemory("queue", space: Layers);
        Assert.Contains(
            """parameter 'second': the value 200 is not within {"integer":[16,100]}, what the other enqueued values leave""",
            Assert.Throws<ArgumentException>(() => Enqueue(("first", 100), ("second", 200))).Message,
            StringComparison.Ordinal);
        var narrow = SearchSpace.From(Layers.ToForm() with
        {
            Parameters = new(Layers.ToForm().Parameters) { ["first"] = ParameterForm.Of(new Integer(16, 128)) },
        });
        using var other = Study.InMemory("queue", space: narrow);
        Assert.Contains(
            "the enqueued values leave none for parameter 'first'",
            Assert.Throws<ArgumentException>(() => other.Enqueue(new Dictionary<string, object?> { ["second"] = 200 })).Message,
            StringComparison.Ordinal);
        Assert.Empty(study.Trials);

        void Enqueue(params (string Name, int Value)[] values) => study.Enqueue(values.ToDictionary(v => v.Name, v => (object?)v.Value));
    }

    [Fact]
    public void An_earlier_parameter_leaves_room_for_an_enqueued_one()
    {
        var space = new SearchSpace
        {
            Parameters = [.. Layers.Parameters, new("third", new Integer(16, 256, 8)) { AtMost = "second" }],
        }.Checked();
        foreach (var entry in SearchCatalogs.Samplers.Entries.Where(e => e.Type != typeof(PopulationBasedSampler)))
        {
            var sampler = (Sampler)Activator.CreateInstance(entry.Type)!;
            using var study = Study.InMemory("queue", sampler: sampler, space: space);
            for (int i = 0; i < 30; i++)
            {
                study.Enqueue(new Dictionary<string, object?> { ["third"] = 200 });
                var trial = study.Ask();
                Assert.Equal(200, trial.Record.Numbers["third"]);
                Assert.InRange(trial.Record.Numbers["second"], 200, trial.Record.Numbers["first"]);
                study.Tell(trial, trial.Record.Numbers["first"]);
            }
        }
    }
}
