using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Search.Tests;

public sealed class OptionsRecordTests
{
    public enum Activation
    {
        Relu,
        Tanh,
        Swish,
    }

    public sealed record OptimizerOptions
    {
        [LogRange(1e-5, 1e-1)]
        public double LearningRate { get; init; } = 1e-3;

        [Choice("sgd", "adam")]
        public string Type { get; init; } = "adam";

        [Range(0, 0.99), When(nameof(Type), "sgd")]
        public double? Momentum { get; init; }
    }

    public sealed record Options
    {
        public int Epochs { get; init; } = 7;

        [Range(16, 64, Step = 16)]
        public int BatchSize { get; init; } = 32;

        [Choice]
        public Activation Activation { get; init; }

        [Choice]
        public bool Bias { get; init; }

        [LogRange(8, 128)]
        public long Width { get; init; } = 64;

        public OptimizerOptions Optimizer { get; init; } = new();
    }

    [Fact]
    public void Attributes_describe_a_space()
    {
        var space = SearchSpace.Of<Options>();
        Assert.Equal(
            [
                ("batchSize", new Integer(16, 64, 16)),
                ("activation", Choice.Of("relu", "tanh", "swish")),
                ("bias", Choice.Of(false, true)),
                ("width", new Integer(8, 128, Log: true)),
                ("optimizer.learningRate", new LogUniform(1e-5, 1e-1)),
                ("optimizer.type", Choice.Of("sgd", "adam")),
                ("optimizer.momentum", new Uniform(0, 0.99)),
            ],
            space.Parameters.Select(p => (p.Name, p.Distribution)));
        Assert.Equal([new Condition("optimizer.type", [Option.Of("sgd")])], space.Find("optimizer.momentum")!.When);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_trial_fills_the_record(bool declared)
    {
        using var study = Study.InMemory(
            "fill", sampler: new RandomSampler { Seed = 3 }, space: declared ? SearchSpace.Of<Options>() : null);
        var seen = new List<Options>();
        study.Optimize(trial =>
        {
            var options = trial.Fill<Options>();
            seen.Add(options);
            return options.Optimizer.LearningRate;
        }, trials: 60);
        Assert.All(study.Trials, t => Assert.Equal(TrialState.Complete, t.State));
        foreach (var (options, trial) in seen.Zip(study.Trials))
        {
            Assert.Equal(7, options.Epochs);
            Assert.Equal(trial.Numbers["batchSize"], options.BatchSize);
            Assert.Equal(trial.Numbers["width"], options.Width);
            Assert.Equal((Activation)trial.Numbers["activation"], options.Activation);
            Assert.Equal(trial.Numbers["bias"] == 1, options.Bias);
            Assert.Equal(trial.Numbers["optimizer.learningRate"], options.Optimizer.LearningRate);
            Assert.Equal(options.Optimizer.Type == "sgd" ? trial.Numbers["optimizer.momentum"] : null, options.Optimizer.Momentum);
            Assert.Equal(options.Optimizer.Type == "sgd", trial.Numbers.ContainsKey("optimizer.momentum"));
        }

        Assert.Equal(4, seen.Select(o => o.BatchSize).Distinct().Count());
        Assert.Equal(3, seen.Select(o => o.Activation).Distinct().Count());
    }

    public sealed record RangeOnText
    {
        [Range(0, 1)]
        public string Name { get; init; } = "";
    }

    public sealed record HalfBound
    {
        [Range(0.5, 2)]
        public int Depth { get; init; }
    }

    public sealed record LogZero
    {
        [LogRange(0, 1)]
        public double Rate { get; init; }
    }

    public sealed record UnknownProperty
    {
        [Range(0, 1), When("Colour", "red")]
        public double Rate { get; init; }
    }

    public sealed record TwoConditions
    {
        [Choice("a", "b", "c")]
        public string Kind { get; init; } = "a";

        [Range(0, 1), When(nameof(Kind), "a"), When(nameof(Kind), "b")]
        public double Rate { get; init; }
    }

    public sealed record NestedCondition
    {
        [Choice("sgd", "adam")]
        public string Kind { get; init; } = "adam";

        [When(nameof(Kind), "sgd")]
        public OptimizerOptions Sgd { get; init; } = new();
    }

    public sealed record Punctuated
    {
        [Choice("l1+l2", "é", "<'\"&`>", "none")]
        public string Penalty { get; init; } = "none";
    }

    public sealed record RealStep
    {
        [Range(0, 1, Step = 2)]
        public double Rate { get; init; }
    }

    public sealed record TwoRanges
    {
        [Range(0, 1), LogRange(1, 2)]
        public double Rate { get; init; }
    }

    public sealed record ReadOnlyProperty
    {
        [Range(0, 1)]
        public double Rate { get; }
    }

    public sealed record ConditionAlone
    {
        [Choice("a", "b")]
        public string Kind { get; init; } = "a";

        [When(nameof(Kind), "a")]
        public double Rate { get; init; }
    }

    public sealed record NoOptions
    {
        [Choice]
        public string Name { get; init; } = "";
    }

    [Fact]
    public void A_condition_on_a_nested_record_holds_for_all_in_it()
    {
        var space = SearchSpace.Of<NestedCondition>();
        Condition sgd = new("kind", [Option.Of("sgd")]);
        Assert.Equal([sgd], space.Find("sgd.learningRate")!.When);
        Assert.Equal([sgd, new("sgd.type", [Option.Of("sgd")])], space.Find("sgd.momentum")!.When);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Options_of_any_characters_survive_a_store(bool declared)
    {
        using var folder = new TemporaryFolder();
        using var study = Study.Open(
            folder["study.db"],
            "text",
            sampler: new RandomSampler { Seed = 1 },
            space: declared ? SearchSpace.Of<Punctuated>() : null);
        study.Enqueue(new Dictionary<string, object?> { ["penalty"] = "l1+l2" });
        var seen = new List<string>();
        study.Optimize(trial =>
        {
            seen.Add(trial.Fill<Punctuated>().Penalty);
            return 0;
        }, trials: 60);
        Assert.Equal("l1+l2", seen[0]);
        Assert.Equal(["<'\"&`>", "l1+l2", "none", "é"], seen.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(seen, Study.Load(study.Store, "text").Trials.Select(t => t.ValueOf("penalty")));
    }

    [Fact]
    public void Attributes_that_do_not_fit_are_refused()
    {
        Refuses<RangeOnText>("parameter 'name': a range fits numbers but the property is of type String; use [Choice]");
        Refuses<HalfBound>("parameter 'depth' is a whole number but its range has the bound 0.5");
        Refuses<LogZero>("above zero");
        Refuses<UnknownProperty>("depends on 'colour'");
        Refuses<TwoConditions>("parameter 'rate' has 2 conditions on 'kind'; give one, with all values that will do.");
        Refuses<NoOptions>("at least one option");
        Refuses<RealStep>("parameter 'rate': the step 2 is greater than the range [0, 1]");
        Refuses<TwoRanges>("parameter 'rate' has [Range] and [LogRange]; give it one.");
        Refuses<ReadOnlyProperty>("parameter 'rate' is searched but its property cannot be set");
        Refuses<ConditionAlone>("parameter 'rate' has [When] but nothing to search");

        static void Refuses<T>(string message) where T : class => Assert.Contains(
            message, Assert.Throws<ArgumentException>(() => SearchSpace.Of<T>()).Message, StringComparison.Ordinal);
    }
}
