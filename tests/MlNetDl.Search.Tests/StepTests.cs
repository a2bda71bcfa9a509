using MlNetDl.Configuration;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;
using MlNetDl.Search.Storage;

namespace MlNetDl.Search.Tests;

/// <summary>Real ranges with a step.</summary>
public sealed class StepTests
{
    [Theory]
    [InlineData(0, 0.5, 0.1, new[] { 0, 0.1, 0.2, 0.3, 0.4, 0.5 })]
    [InlineData(0, 0.55, 0.1, new[] { 0, 0.1, 0.2, 0.3, 0.4, 0.5 })]
    [InlineData(-0.3, 0.3, 0.15, new[] { -0.3, -0.15, 0, 0.15, 0.3 })]
    [InlineData(1e-7, 4e-7, 1e-7, new[] { 1e-7, 2e-7, 3e-7, 4e-7 })]
    [InlineData(1e300, 3e300, 1e300, new[] { 1e300, 2e300, 3e300 })]
    [InlineData(1000.1, 1000.4, 0.1, new[] { 1000.1, 1000.2, 1000.3, 1000.4 })]
    [InlineData(1e-300, 1, 0.5, new[] { 1e-300, 0.5, 1 })]
    [InlineData(2, 2, 0.5, new[] { 2.0 })]
    public void Values_are_what_is_written(double from, double to, double step, double[] values)
    {
        var range = new Uniform(from, to, step);
        range.Validate("x");
        Assert.Equal(values.Length, range.Count);
        Assert.Equal(values[^1], range.Last);
        Assert.Equal(values, Enumerable.Range(0, values.Length).Select(i => range.At(i)));
        Assert.Equal(values, Enumerable.Range(0, values.Length).Select(i => range.FromUnit((i + 0.5) / values.Length)));
        Assert.All(values, (v, i) => Assert.Equal((i + 0.5) / values.Length, range.ToUnit(v), 12));
        Assert.All(values, v => Assert.True(range.Contains(v)));
    }

    [Fact]
    public void No_value_drifts() => Assert.All(
        Enumerable.Range(0, 100_001),
        k => Assert.Equal(k / 1000.0, new Uniform(0, 100, 0.001).At(k)));

    [Theory]
    [InlineData(0, 1, 1.0 / 3, 4)]
    [InlineData(0, 0.7, 0.1 + 0.2, 3)]
    [InlineData(0, 0.9, 0.1 + 0.2, 4)]
    [InlineData(1000.1, 1000.3999999999999, 0.1, 4)]
    [InlineData(0, 1, 0.3333, 4)]
    [InlineData(0, 1, 0.33334, 3)]
    public void The_end_is_a_value_where_a_step_meets_it_but_for_rounding(double from, double to, double step, int count)
    {
        var range = new Uniform(from, to, step);
        Assert.Equal(count, range.Count);
        Assert.Equal(Math.Abs(range.Last - to) < 1e-9, range.Last == to);
        Assert.True(range.Contains(range.Last));
    }

    [Fact]
    public void A_sum_that_is_rounded_is_the_value_it_was_meant_for()
    {
        var range = new Uniform(0, 0.5, 0.1);
        Assert.False(range.Contains(0.1 + 0.2));
        Assert.True(range.TryNumber(Option.Of(0.1 + 0.2), out double number));
        Assert.Equal(0.3, number);
        Assert.False(range.TryNumber(Option.Of(0.25), out _));
        Assert.False(range.TryNumber(Option.Of(0.6), out _));
    }

    [Fact]
    public void Every_value_has_its_part_of_the_units()
    {
        var range = new Uniform(0, 0.5, 0.1);
        var counts = new Dictionary<double, int>();
        for (int i = 0; i < 6000; i++)
        {
            double value = range.FromUnit((i + 0.5) / 6000);
            counts[value] = counts.GetValueOrDefault(value) + 1;
        }

        Assert.Equal([1000, 1000, 1000, 1000, 1000, 1000], counts.Values);
    }

    [Fact]
    public void Random_values_are_even_over_the_grid()
    {
        using var study = Study.InMemory("even", sampler: new RandomSampler { Seed = 3 });
        study.Optimize(t => t.Uniform("x", 0, 1, step: 0.1), trials: 1100);
        var counts = study.Trials.CountBy(t => t.Numbers["x"]).ToList();
        Assert.Equal(11, counts.Count);

        // 29.6: what chi squared of 10 degrees of freedom exceeds with probability 0.001.
        Assert.InRange(counts.Sum(c => Math.Pow(c.Value - 100, 2) / 100), 0, 29.6);
    }

    [Fact]
    public void A_step_is_kept_in_the_store_and_may_not_change()
    {
        using var store = new MemoryStore();
        Run(0, 0.5, 0.1);
        Assert.Equal(new Uniform(0, 0.5, 0.1), Study.Load(store, "study").History.Parameters["x"]);
        Run(-0.2, 0.7, 0.1);
        foreach (var (from, to, step) in ((double, double, double?)[])[(-0.2, 0.7, 0.05), (-0.2, 0.7, null), (-0.25, 0.75, 0.1), (0, 0.7, 0.1)])
        {
            var e = Assert.Throws<SpaceChangedException>(() => Run(from, to, step));
            Assert.Contains("""{"uniform":[-0.2,0.7],"step":0.1}""", e.Message, StringComparison.Ordinal);
        }

        void Run(double from, double to, double? step)
        {
            using var study = Study.Open(store, "study");
            study.Tell(study.Ask(), 0);
            study.Optimize(t => t.Uniform("x", from, to, step), study.Trials.Count + 1);
        }
    }

    [Fact]
    public void An_attribute_says_the_step()
    {
        Assert.Equal(
            [("rate", new Uniform(0, 0.5, 0.1)), ("size", new Integer(8, 64, 8))],
            SearchSpace.Of<Options>().Parameters.Select(p => (p.Name, p.Distribution)));
        Assert.Contains(
            "parameter 'size' is a whole number but its range has the step 0.5",
            Assert.Throws<ArgumentException>(SearchSpace.Of<HalfStep>).Message,
            StringComparison.Ordinal);
        Assert.Contains("a step above 0 but got 0", Assert.Throws<ArgumentException>(SearchSpace.Of<NoStep>).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_form_says_the_step() => Assert.Equal(
        new Uniform(0, 0.5, 0.1),
        SearchSpace.From(ConfigurationDocument.Parse("parameters: { x: { uniform: [0, 0.5], step: 0.1 } }").Bind<SpaceForm>()).Find("x")!.Distribution);

    [Fact]
    public void A_condition_may_name_a_value()
    {
        var space = new SearchSpace
        {
            Parameters =
            [
                new("x", new Uniform(0, 0.5, 0.1)),
                new("y", new Uniform(0, 1)) { When = [new("x", [Option.Of(0.3)])] },
            ],
        }.Checked();
        Assert.True(space.IsActive(space.Find("y")!, new Dictionary<string, double> { ["x"] = 0.3 }));
        Assert.False(space.IsActive(space.Find("y")!, new Dictionary<string, double> { ["x"] = 0.2 }));
    }

    private sealed record Options
    {
        [Search.Range(0, 0.5, Step = 0.1)]
        public double Rate { get; init; }

        [Search.Range(8, 64, Step = 8)]
        public int Size { get; init; }
    }

    private sealed record HalfStep
    {
        [Search.Range(8, 64, Step = 0.5)]
        public int Size { get; init; }
    }

    private sealed record NoStep
    {
        [Search.Range(0, 1, Step = 0)]
        public float Rate { get; init; }
    }
}
