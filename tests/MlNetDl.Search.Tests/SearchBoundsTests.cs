using MlNetDl.Configuration;
using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Search.Tests;

/// <summary>The range declared beside a property is the range of its search.</summary>
public sealed class SearchBoundsTests
{
    public sealed record Declared
    {
        [Range, AtLeast(0), Below(1)]
        public double Dropout { get; init; }

        [Range, Above(-1), AtMost(1)]
        public double? Shift { get; init; }

        [Range, AtLeast(0), Below(1)]
        public float Momentum { get; init; }

        [Range, Above(0), AtMost(0.1)]
        public float Decay { get; init; }

        [Range(Step = 8), AtLeast(8), AtMost(64)]
        public int BatchSize { get; init; }

        [Range, Above(0), Below(10)]
        public long Layers { get; init; }

        [Range, AtLeast(0.5), AtMost(3.5)]
        public int Depth { get; init; }

        [LogRange, AtLeast(1e-5), Below(1)]
        public double LearningRate { get; init; }

        [LogRange, AtLeast(1), AtMost(1024)]
        public int Width { get; init; }

        [Range(0.1, 0.5), AtLeast(0), Below(1)]
        public double Narrower { get; init; }

        [Choice(0.1, 0.5, null), AtLeast(0), Below(1)]
        public double? OneOf { get; init; }
    }

    public sealed record NoEnds
    {
        [Range]
        public double Rate { get; init; }
    }

    public sealed record NoUpper
    {
        [Range, AtLeast(1)]
        public int Rate { get; init; }
    }

    public sealed record NoLower
    {
        [LogRange, Below(0.5)]
        public double Rate { get; init; }
    }

    public sealed record FromZero
    {
        [LogRange, Above(0), AtMost(1)]
        public double Rate { get; init; }
    }

    public sealed record TooFar
    {
        [Range(0, 1), AtLeast(0), Below(1)]
        public double Rate { get; init; }
    }

    public sealed record TooLow
    {
        [LogRange(0.001, 0.5), AtLeast(0.01)]
        public double Rate { get; init; }
    }

    public sealed record OtherChoice
    {
        [Choice(1, 2, 4), AtLeast(2)]
        public int Rate { get; init; }
    }

    private static double BelowOne => Math.BitDecrement(1.0);

    [Fact]
    public void A_search_without_numbers_goes_as_far_as_its_property()
    {
        Assert.Equal(
            [
                ("dropout", new Uniform(0, BelowOne)),
                ("shift", new Uniform(-BelowOne, 1)),
                ("momentum", new Uniform(0, MathF.BitDecrement(1))),
                ("decay", new Uniform(float.Epsilon, MathF.BitDecrement(0.1f))),
                ("batchSize", new Integer(8, 64, 8)),
                ("layers", new Integer(1, 9)),
                ("depth", new Integer(1, 3)),
                ("learningRate", new LogUniform(1e-5, BelowOne)),
                ("width", new Integer(1, 1024, Log: true)),
                ("narrower", new Uniform(0.1, 0.5)),
                ("oneOf", new Choice([Option.Of(0.1), Option.Of(0.5), Option.Of<object?>(null)])),
            ],
            SearchSpace.Of<Declared>().Parameters.Select(p => (p.Name, p.Distribution)));
    }

    [Fact]
    public void What_a_search_proposes_is_allowed_at_both_ends()
    {
        // Each record passes its own check.
        foreach (var unit in (double[])[0, 0.5, 1])
        {
            using var study = Study.InMemory("ends", sampler: new AtUnit(unit));
            study.Optimize(trial =>
            {
                var options = trial.Fill<Declared>();
                RecordCheck.Require(options, "options");
                return options.Dropout;
            }, trials: 1);
            Assert.Equal(TrialState.Complete, study.Trials.Single().State);
        }
    }

    [Fact]
    public void A_search_that_leaves_the_declared_range_or_has_no_end_is_refused()
    {
        Refuses<TooFar>("parameter 'rate': [Range(0, 1)] leaves the property's declared range, 0 or more and below 1: 1 is not in it. "
            + "Narrow what is searched, or widen the declared range.");
        Refuses<TooLow>("parameter 'rate': [LogRange(0.001, 0.5)] leaves the property's declared range, 0.01 or more: 0.001 is not in it. "
            + "Narrow what is searched, or widen the declared range.");
        Refuses<OtherChoice>("parameter 'rate': [Choice] with 1 leaves the property's declared range, 2 or more: 1 is not in it. "
            + "Narrow what is searched, or widen the declared range.");
        Refuses<NoEnds>("parameter 'rate': [Range] without numbers searches the property's declared range, but none is declared beside it. "
            + "Write [Range(from, to)] with numbers, or complete the declared range.");
        Refuses<NoUpper>("parameter 'rate': [Range] without numbers searches the property's declared range, but that "
            + "is 1 or more, without an upper end. Write [Range(1, to)] with numbers, or complete the declared range.");
        Refuses<NoLower>("parameter 'rate': [LogRange] without numbers searches the property's declared "
            + "range, but that is below 0.5, without a lower end. Write [LogRange(from, 0.5)] with "
            + "numbers, or complete the declared range.");
        Refuses<FromZero>("parameter 'rate': [LogRange] without numbers searches the property's declared range, but "
            + "that is above 0 and 1 or less, and a logarithmic range starts at a number above 0. Write "
            + "[LogRange(from, 1)] with numbers, or complete the declared range.");

        static void Refuses<T>(string message)
            where T : class => Assert.Equal(message, Assert.Throws<ArgumentException>(() => SearchSpace.Of<T>()).Message);
    }

    /// <summary>Proposes the same share of every range.</summary>
    private sealed record AtUnit(double Unit) : Sampler
    {
        public override double Sample(History history, TrialRecord trial, string name, Distribution distribution) =>
            distribution.FromUnit(Unit);
    }
}
