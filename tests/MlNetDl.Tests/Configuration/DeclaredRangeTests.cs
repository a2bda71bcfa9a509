using System.Reflection;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Training;
using MlNetDl.Training.Losses;
using MlNetDl.Training.Optimizers;
using MlNetDl.Training.Schedules;

namespace MlNetDl.Tests.Configuration;

/// <summary>A range stands once, beside its property; checks, schema and lists of keys follow from it.</summary>
public sealed class DeclaredRangeTests
{
    [Theory]
    [InlineData(nameof(Bounded.One), "1 or more", new[] { 1.0, 7 }, new[] { 0.99, double.NaN, double.PositiveInfinity })]
    [InlineData(nameof(Bounded.Two), "above 0", new[] { 1e-300 }, new[] { 0.0, -1, double.NaN })]
    [InlineData(nameof(Bounded.Three), "0 or more and below 1", new[] { 0.0, 0.999 }, new[] { 1.0, -1e-9 })]
    [InlineData(nameof(Bounded.Four), "0 to 0.9", new[] { 0.0, 0.9 }, new[] { 0.91 })]
    [InlineData(nameof(Bounded.Five), "above 0 and 1 or less", new[] { 1.0 }, new[] { 0.0, 1.1 })]
    [InlineData(nameof(Bounded.Six), "below 3", new[] { -100.0 }, new[] { 3.0 })]
    public void It_is_said_in_words_and_contains_what_it_says(string property, string words, double[] within, double[] outside)
    {
        var range = DeclaredRange.Of(typeof(Bounded).GetProperty(property)!)!;
        Assert.Equal(words, range.ToString());
        Assert.All(within, v => Assert.True(range.Contains(v), $"{v}"));
        Assert.All(outside, v => Assert.False(range.Contains(v), $"{v}"));
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once_with_paths()
    {
        var options = new TrainingOptions
        {
            Epochs = 0,
            Optimizer = new Adam { Beta1 = 1 },
            Loss = new CrossEntropy { LabelSmoothing = 2, ClassWeights = [1, -1] },
            Stages = [new Fit(), new Fit { Epochs = -1 }],
            Augmentations = [new MlNetDl.Training.Augmentation.RandomCrop { Padding = 0 }],
        };
        var e = Assert.Throws<ArgumentException>(() => RecordCheck.Require(options, "training"));
        Assert.Equal(
            [
                "training.epochs must be 1 or more but is 0.",
                "training.optimizer.beta1 must be 0 or more and below 1 but is 1.",
                "training.stages[1].epochs must be 1 or more but is -1.",
                "training.loss.labelSmoothing must be 0 or more and below 1 but is 2.",
                "training.loss.classWeights must be 0 or more but is -1.",
                "training.augmentations[0].padding must be 1 or more but is 0.",
            ],
            e.Message.Split('\n'));
    }

    [Fact]
    public void A_file_tells_all_its_mistakes_with_their_places()
    {
        var document = ConfigurationDocument.Parse("""
            epochs: 0
            batchsize: 3
            optimizer: { type: adam, beta1: y }
            loss: { type: crossEntropy, labelSmoothing: 2 }
            stages: [ fit, { type: fit, epochs: -1 }, nosuch ]
            """, "mine.yaml");
        document.Override("clipNorm=-1");
        var lines = Assert.Throws<ConfigurationException>(() => document.Bind<TrainingOptions>()).Message.Split('\n');
        Assert.Collection(
            lines,
            l => Assert.StartsWith(
                "mine.yaml(2,1): batchsize: unknown key 'batchsize'; did you mean 'batchSize'?",
                l,
                StringComparison.Ordinal),
            l => Assert.StartsWith("mine.yaml(3,26): optimizer.beta1: expected a number", l, StringComparison.Ordinal),
            l => Assert.StartsWith("mine.yaml(5,43): stages[2].type: there is no stage 'nosuch'", l, StringComparison.Ordinal),
            l => Assert.Equal("mine.yaml(1,1): epochs must be 1 or more but is 0.", l),
            l => Assert.Equal("mine.yaml(4,29): loss.labelSmoothing must be 0 or more and below 1 but is 2.", l),
            l => Assert.Equal("mine.yaml(5,29): stages[1].epochs must be 1 or more but is -1.", l),
            l => Assert.Equal("the override 'clipNorm=-1': clipNorm must be above 0 but is -1.", l));
    }

    [Fact]
    public void A_part_that_cannot_be_made_hides_no_problem_of_its_neighbours()
    {
        var document = ConfigurationDocument.Parse("""
            network:
              type: custom
              layers:
                - { type: dropuot, p: 0.5 }
                - { type: conv2d, out: 0 }
                - [ relu, { type: dropout, p: 2 }, { type: linear, out: 3, bais: false } ]
                - { type: conv2d, out: 3, kernel: 1, groups: 2 }
            alias: { type: resNet34, depth: 50 }
            training:
              optimizer: { type: adam, learningRate: -1, beta3: 0 }
              stages: [ fti, { type: fit, epochs: 0 } ]
            """, "mine.yaml");
        var lines = Assert.Throws<ConfigurationException>(() => document.Bind<NetworkAndTraining>()).Message.Split('\n');
        Assert.Collection(
            lines.Select(l => l["mine.yaml".Length..]),
            l => Assert.Equal("(4,9): network.layers[0].type: there is no layer 'dropuot'; did you mean 'dropout'?", l),
            l => Assert.StartsWith("(5,7): network.layers[1]: the key 'kernel' is missing", l, StringComparison.Ordinal),
            l => Assert.StartsWith("(6,64): network.layers[2][2].bais: unknown key 'bais'", l, StringComparison.Ordinal),
            l => Assert.StartsWith("(8,26): alias.depth: 'resNet34' means depth 34, but 50 is given", l, StringComparison.Ordinal),
            l => Assert.StartsWith("(10,46): training.optimizer.beta3: unknown key 'beta3'", l, StringComparison.Ordinal),
            l => Assert.StartsWith("(11,13): training.stages[0].type: there is no stage 'fti'", l, StringComparison.Ordinal),
            l => Assert.Equal("(5,23): network.layers[1].out must be 1 or more but is 0.", l),
            l => Assert.Equal("(6,32): network.layers[2][1].p must be 0 or more and below 1 but is 2.", l),
            l => Assert.Equal("(7,23): network.layers[3].out must be a multiple of the 2 groups but is 3.", l),
            l => Assert.Equal("(10,28): training.optimizer.learningRate must be above 0 but is -1.", l),
            l => Assert.Equal("(11,31): training.stages[1].epochs must be 1 or more but is 0.", l));
    }

    [Fact]
    public void A_tree_that_no_stack_holds_is_one_problem()
    {
        Layer deep = new ReLU();
        for (int i = 0; i < 20_000; i++)
        {
            deep = new Sequential(deep);
        }

        var network = new MlNetDl.Networks.CustomNetwork { Layers = deep };
        Assert.Contains("nest deeper than", Assert.Single(RecordCheck.Problems(network, "network")).Text, StringComparison.Ordinal);
        var ml = new Microsoft.ML.MLContext(1);
        Assert.Throws<ArgumentException>(
            () => Microsoft.ML.NeuralNetworkCatalog.NeuralNetwork(ml.MulticlassClassification.Trainers, network));
    }

    [Fact]
    public void Null_where_a_value_must_be_is_a_problem() => Assert.Equal(
        ["training.optimizer must not be null.", "training.classWeights must not be null."],
        RecordCheck.Problems(new TrainingOptions { ClassWeights = null!, Optimizer = null! }, "training").Select(p => p.ToString()));

    [Fact]
    public void Values_of_dictionaries_are_looked_at() => Assert.Equal(
        "map.late.warmUp must be 0 or more and below 1 but is 7.",
        Assert.Single(RecordCheck.Problems(
            new Dictionary<string, Schedule> { ["early"] = new Constant(), ["late"] = new Constant { WarmUp = 7 } }, "map")).ToString());

    [Fact]
    public void What_was_left_out_invents_no_problem_and_hides_none()
    {
        const string Text = """
            layers: { type: nosuch }
            """;
        var alone = Assert.Throws<ConfigurationException>(() => ConfigurationDocument.Parse(Text, "n.yaml")
            .Bind<MlNetDl.Networks.CustomNetwork>());
        Assert.Single(alone.All);
        var document = ConfigurationDocument.Parse("stages: [ { type: fit, epochs: 0, nosuch: 1 } ]", "mine.yaml");
        var all = Assert.Throws<ConfigurationException>(() => document.Bind<TrainingOptions>()).All;
        Assert.Equal(1, all.Count(p => p.Message.Contains("unknown key 'nosuch'", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_schema_and_the_list_of_keys_say_it()
    {
        var schema = Schema.For<TrainingOptions>();
        Assert.Equal("1", schema["properties"]!["epochs"]!["minimum"]!.ToJsonString());
        Assert.Equal("0.9", schema["properties"]!["validationFraction"]!["maximum"]!.ToJsonString());
        Assert.Equal("0", schema["properties"]!["clipNorm"]!["exclusiveMinimum"]!.ToJsonString());
        var momentum = ComponentKey.Of(Catalogs.Optimizers.Find("sgd")).Single(k => k.Name == "momentum");
        Assert.Equal("a number, 0 or more and below 1", momentum.Type);
    }

    [Fact]
    public void A_default_keeps_to_its_own_range()
    {
        var wrong = new List<string>();
        foreach (var entry in Catalogs.All.SelectMany(c => c.Entries)
            .DistinctBy(e => e.Type)
            .Where(e => e.Type.GetConstructor([]) is not null
                && !e.Type.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute), inherit: true)))
        {
            wrong.AddRange(RecordCheck.Problems(Activator.CreateInstance(entry.Type), entry.Name).Select(p => p.ToString()));
        }

        Assert.Empty(wrong);
        Assert.Empty(RecordCheck.Problems(new TrainingOptions()));
    }

    [Fact]
    public void No_range_stands_beside_what_is_no_number()
    {
        var bounded = new[] { typeof(TrainingOptions).Assembly, typeof(DeclaredRange).Assembly }.SelectMany(a => a.GetTypes())
            .SelectMany(t => t.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(p => DeclaredRange.Of(p) is not null).ToList();
        Assert.True(bounded.Count > 30, $"{bounded.Count}");
        Assert.All(bounded, p => Assert.Contains(
            Number(p.PropertyType), new[] { typeof(int), typeof(long), typeof(double), typeof(float) }));

        static Type Number(Type type) => Nullable.GetUnderlyingType(type) ?? (type.IsGenericType ? type.GetGenericArguments()[0] : type);
    }

    private sealed record NetworkAndTraining
    {
        public MlNetDl.Networks.NetworkSpec? Network { get; init; }

        public MlNetDl.Networks.NetworkSpec? Alias { get; init; }

        public TrainingOptions Training { get; init; } = new();
    }

    private sealed record Bounded
    {
        [AtLeast(1)]
        public double One { get; init; }

        [Above(0)]
        public double Two { get; init; }

        [AtLeast(0), Below(1)]
        public double Three { get; init; }

        [AtLeast(0), AtMost(0.9)]
        public double Four { get; init; }

        [Above(0), AtMost(1)]
        public double Five { get; init; }

        [Below(3)]
        public double Six { get; init; }
    }
}
