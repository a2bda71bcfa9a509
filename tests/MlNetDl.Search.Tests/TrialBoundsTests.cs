using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;
using MlNetDl.Search.Storage;

namespace MlNetDl.Search.Tests;

/// <summary>Bounds that the objective gives as it runs.</summary>
public sealed class TrialBoundsTests
{
    [Fact]
    public void A_parameter_stays_within_what_another_one_leaves()
    {
        foreach (var entry in SearchCatalogs.Samplers.Entries.Where(e => e.Type != typeof(GridSampler) && e.Type != typeof(PopulationBasedSampler)))
        {
            using var study = Study.InMemory("bounds", sampler: (Sampler)Activator.CreateInstance(entry.Type)!);
            study.Optimize(
                t =>
                {
                    int first = t.Integer("first", 16, 256), second = t.Integer("second", 16, 256, atMost: first);
                    double low = t.Uniform("low", 0, 1, step: 0.1), high = t.Uniform("high", 0, 1, step: 0.1, atLeast: low);
                    double rate = t.LogUniform("rate", 1e-4, 1), decay = t.LogUniform("decay", 1e-6, 1, atMost: rate);
                    Assert.InRange(second, 16, first);
                    Assert.InRange(high, low, 1);
                    Assert.InRange(decay, 1e-6, rate);
                    return Math.Abs(first - 100) + Math.Abs(second - 90) + high - low + decay;
                },
                trials: 60);
            Assert.All(study.Trials, t => Assert.Equal(TrialState.Complete, t.State));
            Assert.Equal(new Integer(16, 256), study.History.Parameters["second"]);
            Assert.Equal(new Uniform(0, 1, 0.1), study.History.Parameters["high"]);
        }
    }

    [Theory]
    [InlineData("random")]
    [InlineData("tpe")]
    [InlineData("quasiRandom")]
    public void Values_are_even_over_what_is_left(string name)
    {
        // TPE is random as long as it starts.
        var made = (Sampler)Activator.CreateInstance(SearchCatalogs.Samplers.Find(name).Type)!;
        var sampler = made is TpeSampler tpe ? tpe with { StartUpTrials = 2000 } : made;
        using var study = Study.InMemory("even", sampler: sampler);
        var counts = new int[10];
        study.Optimize(
            t =>
            {
                double most = t.Uniform("most", 0.1, 1), x = t.Uniform("x", 0, 1, atMost: most);
                counts[Math.Min((int)(10 * x / most), 9)]++;
                return 0;
            },
            trials: 1000);

        // 27.9: what chi squared of 9 degrees of freedom exceeds with probability 0.001.
        Assert.InRange(counts.Sum(c => Math.Pow(c - 100, 2) / 100), 0, 27.9);
    }

    [Fact]
    public void Bounds_without_a_value_fail_the_trial()
    {
        using var study = Study.InMemory("empty", sampler: new RandomSampler { Seed = 1 });
        study.Optimize(t => t.Number == 0 ? t.Integer("x", 16, 256, atMost: 8) : t.Integer("x", 16, 256, atMost: 16), trials: 2);
        Assert.Equal(TrialState.Failed, study.Trials[0].State);
        Assert.Contains("""parameter 'x': no value of {"integer":[16,256]} is at most 8""", study.Trials[0].Error, StringComparison.Ordinal);
        Assert.Equal(16, study.Trials[1].Value);
        var trial = study.Ask();
        Assert.Contains(
            "expected a number as its bound but got NaN",
            Assert.Throws<ArgumentException>(() => trial.Uniform("y", 0, 1, atLeast: double.NaN)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "is a choice",
            Assert.Throws<ArgumentException>(() => trial.Suggest("z", Choice.Of(1, 2), atMost: 1)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_later_attempt_has_the_values_of_the_first()
    {
        using var store = new MemoryStore();
        using var study = Study.Open(store, "again", new() { Sampler = new RandomSampler { Seed = 4 } });
        var first = study.Ask();
        double low = first.Uniform("low", 0, 1), high = first.Uniform("high", 0, 1, atLeast: low);
        study.Release(first);
        var again = study.Ask();
        Assert.Equal((0, 2), (again.Number, again.Record.Attempt));
        Assert.Equal(low, again.Uniform("low", 0, 1));
        Assert.Equal(high, again.Uniform("high", 0, 1, atLeast: low));
        Assert.Contains(
            "and is now asked for at most",
            Assert.Throws<StudyException>(() => again.Uniform("high", 0, 1, atMost: high / 2)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Bounds_beyond_those_of_a_declared_space_are_checked()
    {
        using var study = Study.InMemory("declared", sampler: new RandomSampler { Seed = 1 }, space: SearchSpace.Of(("x", new Uniform(0, 1))));
        var trial = study.Ask();
        double x = trial.Record.Numbers["x"];
        Assert.Equal(x, trial.Uniform("x", 0, 1, atMost: x, atLeast: x));
        Assert.Contains(
            "a declared space declares them",
            Assert.Throws<StudyException>(() => trial.Uniform("x", 0, 1, atMost: x / 2)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_enqueued_value_that_the_bounds_exclude_fails_its_trial()
    {
        using var study = Study.InMemory("queue", sampler: new RandomSampler { Seed = 1 });
        study.Enqueue(new Dictionary<string, object?> { ["first"] = 20, ["second"] = 30 });
        study.Optimize(t => t.Integer("second", 16, 256, atMost: t.Integer("first", 16, 256)), trials: 2);
        Assert.Contains(
            """parameter 'second' was enqueued as 30, which is not within {"integer":[16,20]}, what other parameters leave of {"integer":[16,256]}""",
            study.Trials[0].Error,
            StringComparison.Ordinal);
    }
}
