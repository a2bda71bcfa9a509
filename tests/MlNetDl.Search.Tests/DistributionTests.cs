using CsCheck;
using MlNetDl.Configuration;
using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Tests;

public sealed class DistributionTests
{
    public static TheoryData<Distribution> Each => new()
    {
        new Uniform(-5, 10),
        new Uniform(3, 3),
        new Uniform(0, 0.5, 0.1),
        new Uniform(-1, 1, 1.0 / 3),
        new Uniform(1e-7, 1e9, 12.5),
        new LogUniform(1e-6, 1),
        new LogUniform(2, 2),
        new Integer(0, 10),
        new Integer(-7, 8, 5),
        new Integer(8, 256, Log: true),
        new Integer(1, 1, Log: true),
        new Integer(-(1L << 53), 1L << 53),
        Choice.Of("sgd", "adam"),
        Choice.Of(1),
        Choice.Of<object?>(null, true, 2, 2.5, "2", new[] { 1, 2 }),
    };

    [Theory, MemberData(nameof(Each))]
    public void Shares_of_a_distribution_are_its_numbers(Distribution distribution) => Gen.Double[0, 1].Sample(unit =>
    {
        double number = distribution.FromUnit(unit);
        Assert.True(distribution.Contains(number), $"{distribution} gave {number} at {unit}");
        Assert.InRange(distribution.ToUnit(number), 0, 1);
        Assert.Equal(number, distribution.FromUnit(distribution.ToUnit(number)), Math.Abs(number) * 1e-12 + 1e-12);
        Assert.True(distribution.TryNumber(Option.Of(distribution.ToValue(number)), out double again));
        Assert.Equal(number, again);
    }, iter: 200, threads: 1);

    [Theory, MemberData(nameof(Each))]
    public void A_form_gives_the_distribution_back(Distribution distribution) =>
        Assert.Equal(distribution, ParameterForm.FromJson(ParameterForm.Of(distribution).ToJson()).ToDistribution("x"));

    [Fact]
    public void Uniform_shares_give_each_whole_number_its_part()
    {
        var counts = new int[4];
        for (int i = 0; i < 4000; i++)
        {
            counts[(int)new Integer(2, 11, 3).FromUnit((i + 0.5) / 4000) / 3]++;
        }

        Assert.Equal([1000, 1000, 1000, 1000], counts);
    }

    [Fact]
    public void A_logarithmic_whole_number_has_the_share_of_its_logarithm()
    {
        // n stands for (n − ½, n + ½): its share is log((n + ½) / (n − ½)) of the whole.
        var whole = new Integer(1, 8, Log: true);
        double all = Math.Log(8.5 / 0.5);
        foreach (int n in Enumerable.Range(1, 8))
        {
            double count = Enumerable.Range(0, 100_000).Count(i => whole.FromUnit((i + 0.5) / 100_000) == n);
            Assert.Equal(Math.Log((n + 0.5) / (n - 0.5)) / all, count / 100_000, 4);
        }
    }

    [Fact]
    public void What_is_no_distribution_is_refused()
    {
        Refuses(new Uniform(2, 1), "parameter 'x': the range [2, 1] is empty");
        Refuses(new Uniform(double.NaN, 1), "finite");
        Refuses(new Uniform(double.NegativeInfinity, 1), "finite");
        Refuses(new Uniform(0, 1, 0), "a step above 0 but got 0");
        Refuses(new Uniform(0, 1, -0.1), "a step above 0 but got -0.1");
        Refuses(new Uniform(0, 1, double.NaN), "a step above 0 but got NaN");
        Refuses(new Uniform(0, 1, double.PositiveInfinity), "a step above 0 but got Infinity");
        Refuses(new Uniform(0, 1, 1.5), "the step 1.5 is greater than the range [0, 1]");
        Refuses(new Uniform(1e9, 1e9 + 1, 1e-9), "the step 1E-09 is too small for the range");
        Refuses(new Uniform(0, 1e300, 1e-300), "the step 1E-300 is too small for the range");
        Refuses(new LogUniform(0, 1), "a logarithmic range lies above zero but [0, 1] does not");
        Refuses(new LogUniform(-1, 1), "above zero");
        Refuses(new LogUniform(1, 0.5), "empty");
        Refuses(new Integer(3, 2), "the range [3, 2] is empty");
        Refuses(new Integer(0, 8, Log: true), "above zero");
        Refuses(new Integer(1, 8, 2, Log: true), "a logarithmic range has no step");
        Refuses(new Integer(1, 8, 0), "a step of 1 or more but got 0");
        Refuses(new Integer(0, long.MaxValue), "within ±2^53");
        Refuses(Choice.Of<int>(), "at least one option");
        Refuses(Choice.Of("relu", "tanh", "relu"), "the option \"relu\" stands in the choice 2 times");
        Refuses(Choice.Of<object>(1, 1L), "the option 1 stands in the choice 2 times");

        static void Refuses(Distribution distribution, string message) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => distribution.Validate("x")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.10", "0.1")]
    [InlineData("1e-1", "0.1")]
    [InlineData("1.0", "1")]
    [InlineData("-0.0", "0")]
    [InlineData("1E+15", "1000000000000000")]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("0.12345678901234567890123", "0.12345678901234567890123")]
    [InlineData("1e400", "1e400")]
    [InlineData("1e-400", "1e-400")]
    [InlineData("123456789012345678901234567890123", "123456789012345678901234567890123")]
    [InlineData("1.2345678901234567890123e-30", "1.2345678901234567890123e-30")]
    [InlineData("""{ "b": [ 1.50, null ], "a": "\u00e9" }""", """{"b":[1.5,null],"a":"é"}""")]
    public void An_option_has_one_spelling(string json, string spelled) => Assert.Equal(spelled, new Option(json).Json);

    [Fact]
    public void Equal_values_of_other_types_are_one_option()
    {
        Assert.Equal(Option.Of(0.1), Option.Of(0.10m));
        Assert.Equal(Option.Of(0.1), Option.Of(0.1f));
        Assert.Equal(Option.Of(1), Option.Of(1.0));
        Assert.Equal(Option.Of(0.0), Option.Of(-0.0));
        Assert.Equal(Option.Of(1_000_000_000_000_000_000L), Option.Of(1e18));
        Assert.All(
            new object[] { 1, 2L, -0.0, 1e-7, 1.0 / 3, double.MaxValue, "a \"b\" é \n <", true },
            v => Assert.Equal(new Option(Option.Of(v).Json), Option.Of(v)));
    }

    [Theory]
    [InlineData("""{ "normal": [0, 1] }""", "normal")]
    [InlineData("""{ }""", "expected one of uniform, logUniform, integer and choice but got none")]
    [InlineData("""{ "uniform": [0, 1], "integer": [0, 1] }""", "several")]
    [InlineData("""{ "uniform": [0] }""", "a range of two numbers, [from, to], but got 1")]
    [InlineData("""{ "uniform": [1, 0] }""", "empty")]
    [InlineData("""{ "logUniform": [0, 1] }""", "above zero")]
    [InlineData("""{ "uniform": [1, 2], "log": true }""", "write logUniform")]
    [InlineData("""{ "uniform": [1, 2], "step": 0 }""", "a step above 0 but got 0")]
    [InlineData("""{ "logUniform": [1, 2], "step": 0.1 }""", "a logarithmic range has no step")]
    [InlineData("""{ "choice": [1, 2], "step": 1 }""", "step belongs to uniform and integer")]
    [InlineData("""{ "integer": [1, 8], "step": 1.5 }""", "a whole number as the step of whole numbers but got 1.5")]
    [InlineData("""{ "integer": [1, 8], "step": 1e300 }""", "a whole number as the step of whole numbers but got 1E+300")]
    [InlineData("""{ "choice": ["a", "a"] }""", "stands in the choice 2 times")]
    public void Forms_that_are_none_say_why(string json, string message) => Assert.Contains(
        message,
        Assert.Throws<ConfigurationException>(() => ParameterForm.FromJson(json).ToDistribution("x")).Message,
        StringComparison.Ordinal);

    public static TheoryData<string> NotFinite => [.. Unusable.Keys];

    private static Dictionary<string, Action<Trial>> Unusable { get; } = new()
    {
        ["NaN"] = t => t.Choice("x", 0.1, double.NaN),
        ["float"] = t => t.Choice("x", 0.1f, float.PositiveInfinity),
        ["object"] = t => t.Choice<object?>("x", null, double.NegativeInfinity),
        ["list"] = t => t.Choice<double[]>("x", [1, 2], [1, double.NaN]),
        ["record"] = t => t.Choice("x", new Numbers(1), new Numbers(double.NaN)),
        ["json"] = t => t.Suggest("x", new Choice([new Option("1"), new Option("[1e999]")])),
        ["no JSON"] = t => t.Choice<Type>("x", typeof(int), typeof(long)),
        ["uniform"] = t => t.Uniform("x", 0, double.PositiveInfinity),
        ["logUniform"] = t => t.LogUniform("x", double.NaN, 1),
        ["chosen attribute"] = t => t.Fill<ChosenNaN>(),
        ["range attribute"] = t => t.Fill<EndlessRange>(),
        ["whole range attribute"] = t => t.Fill<EndlessWholeRange>(),
    };

    [Theory]
    [MemberData(nameof(NotFinite))]
    public void What_is_not_finite_ends_the_search_at_the_first_trial_and_names_the_parameter(string kind)
    {
        using var study = Study.InMemory("study");
        var e = Assert.Throws<ArgumentException>(() => study.Optimize(
            t =>
            {
                Unusable[kind](t);
                return 1;
            },
            trials: 5));
        Assert.StartsWith("parameter 'x': ", e.Message, StringComparison.Ordinal);
        Assert.Equal([TrialState.Waiting], study.Trials.Select(t => t.State));
    }

    [Fact]
    public void A_declared_space_refuses_what_is_not_finite()
    {
        foreach (double bad in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity])
        {
            Assert.Contains("is or holds NaN or an infinity", Assert.Throws<ArgumentException>(() => Choice.Of(1, bad)).Message, StringComparison.Ordinal);
            foreach (var distribution in (Distribution[])[new Uniform(0, bad), new Uniform(bad, 1), new LogUniform(1, bad)])
            {
                Refused("parameter 'x': expected a range of finite numbers", new() { Parameters = [new("x", distribution)] });
            }

            foreach (var constraint in (Constraint[])[new("latency") { AtMost = bad }, new("latency") { AtLeast = bad }])
            {
                Refused("constraint 'latency': expected finite bounds but got atLeast ", new() { Constraints = [constraint] });
            }
        }

        Refused(
            "parameter 'x': the option {\"a\":[1,-1e400]} is or holds a number beyond those of a double",
            new() { Parameters = [new("x", new Choice([new Option("{\"a\": [1, -1e400]}")]))] });
        Assert.StartsWith(
            "parameter 'x': the value NaN has no JSON form: it is or holds NaN",
            Assert.Throws<ArgumentException>(SearchSpace.Of<ChosenNaN>).Message,
            StringComparison.Ordinal);
        new SearchSpace { Parameters = [new("x", Choice.Of<object>("NaN", "Infinity", double.MaxValue))] }.Checked();

        static void Refused(string problem, SearchSpace space) =>
            Assert.StartsWith(problem, Assert.Throws<ArgumentException>(space.Checked).Message, StringComparison.Ordinal);
    }

    private sealed record Numbers(double A);

    private sealed record ChosenNaN
    {
        [Choice(0.1, double.NaN)]
        public double X { get; init; }
    }

    private sealed record EndlessRange
    {
        [Search.Range(0, double.PositiveInfinity)]
        public double X { get; init; }
    }

    private sealed record EndlessWholeRange
    {
        [Search.Range(0, double.PositiveInfinity)]
        public int X { get; init; }
    }
}
