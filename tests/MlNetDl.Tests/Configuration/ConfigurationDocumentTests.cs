using System.Text.Json.Nodes;
using MlNetDl.Configuration;
using MlNetDl.Metrics;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using MlNetDl.Training.Schedules;

namespace MlNetDl.Tests.Configuration;

public sealed class ConfigurationDocumentTests
{
    [Theory]
    [InlineData("1", "1")]
    [InlineData("-1.5e3", "-1500")]
    [InlineData(".5", "0.5")]
    [InlineData("true", "true")]
    [InlineData("null", "null")]
    [InlineData("~", "null")]
    [InlineData("yes", "\"yes\"")]
    [InlineData("007", "\"007\"")]
    [InlineData("0x10", "\"0x10\"")]
    [InlineData(".inf", "\".inf\"")]
    [InlineData("'1'", "\"1\"")]
    [InlineData("[1, a, {b: 2}]", "[1,\"a\",{\"b\":2}]")]
    public void Scalars_are_read_as_yaml_1_2_does_without_surprises(string yaml, string json) =>
        Assert.Equal(json, Yaml.ParseValue(yaml)?.ToJsonString() ?? "null");

    [Fact]
    public void Errors_name_file_line_and_column()
    {
        var document = ConfigurationDocument.Parse("epochs: 3\noptimizer:\n  type: adam\n  learningrate: 1\n", "mine.yaml");
        Assert.Equal(
            "mine.yaml(4,3): optimizer.learningrate: unknown key 'learningrate'; did you mean 'learningRate'?",
            Assert.Throws<ConfigurationException>(() => document.Bind<TrainingOptions>()).Message);
        Assert.StartsWith(
            "mine.yaml(2,1): key 'epochs' stands here a second time",
            Assert.Throws<ConfigurationException>(
                () => ConfigurationDocument.Parse("epochs: 3\nepochs: 4\n", "mine.yaml")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_bounded() => Assert.Contains(
        "nest deeper than 100 levels",
        Assert.Throws<ConfigurationException>(() => ConfigurationDocument.Parse(new string('[', 5000))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Overrides_set_values_at_any_depth_and_drop_what_belonged_to_another_type()
    {
        var document = ConfigurationDocument.Parse("optimizer: { type: adam, beta1: 0.8 }\nschedule: cosine\n");
        document.Override("epochs=7");
        document.Override("schedule.floor=0.2");
        document.Override("optimizer.type=sgd");
        document.Override("optimizer.momentum=0.5");
        document.Override("earlyStopping.patience=2");
        Assert.Equal(new TrainingOptions
        {
            Epochs = 7,
            Schedule = new MlNetDl.Training.Schedules.Cosine { Floor = 0.2 },
            Optimizer = new Sgd { Momentum = 0.5 },
            EarlyStopping = new() { Patience = 2 },
        }, document.Bind<TrainingOptions>());
        Assert.Contains(
            "has no keys",
            Assert.Throws<ConfigurationException>(() => document.Override("epochs.x=1")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Overrides_reach_items_of_lists_by_their_index()
    {
        var document = ConfigurationDocument.Parse("stages: [fit, { type: fit, epochs: 5 }]\nmetrics: [f1]\n");
        document.Override("stages[0].epochs=2");
        document.Override("stages[1].optimizer.type=sgd");
        document.Override("metrics[0]=accuracy");
        Assert.Equal(
            new TrainingOptions
            {
                Stages = [new Fit { Epochs = 2 }, new Fit { Epochs = 5, Optimizer = new Sgd() }],
                Metrics = [new Accuracy()],
            },
            document.Bind<TrainingOptions>());
        Assert.Equal(
            "the override 'stages[2].epochs=1': stages has no item 2: it has 2 items, counted from 0.", Problem("stages[2].epochs=1"));
        Assert.Equal(
            "the override 'stages[-1].epochs=1': stages has no item -1: it has 2 items, counted from 0.", Problem("stages[-1].epochs=1"));
        Assert.Equal("the override 'metrics[last]=f1': metrics has no item last: it has 1 item, counted from 0.", Problem("metrics[last]=f1"));
        Assert.Equal("the override 'epochs[-1]=1': epochs is no list, so it has no item -1.", Problem("epochs[-1]=1"));
        Assert.Equal(
            "the override 'stages.1.epochs=1': stages is a list; name one of its items, such as stages[0].",
            Problem("stages.1.epochs=1"));
        Assert.Equal("the override 'stages[1][0]=1': stages[1] is no list, so it has no item 0.", Problem("stages[1][0]=1"));
        Assert.Equal("the override 'epochs[0]=1': epochs is no list, so it has no item 0.", Problem("epochs[0]=1"));

        string Problem(string assignment) => Assert.Throws<ConfigurationException>(() => document.Override(assignment)).Message;
    }

    [Theory]
    [InlineData(".nan")]
    [InlineData(".NaN")]
    [InlineData(".inf")]
    [InlineData("-.inf")]
    [InlineData("+.INF")]
    [InlineData("1e999")]
    [InlineData("-Infinity")]
    public void What_is_no_finite_number_is_called_so(string value)
    {
        foreach (var (key, expected) in new[] { ("clipNorm", "a number"), ("epochs", "a whole number"), ("optimizer.learningRate", "a number") })
        {
            var document = ConfigurationDocument.Parse("epochs: 3", "mine.yaml");
            document.Override($"{key}={value}");
            Assert.Equal(
                $"the override '{key}={value}': {key}: expected {expected} but got {value}, which is no finite number.",
                Assert.Throws<ConfigurationException>(() => document.Bind<TrainingOptions>()).Message);
        }
    }

    [Fact]
    public void Errors_name_whoever_set_a_value_last()
    {
        var document = ConfigurationDocument.Parse(
            "batchSize: no\noptimizer: { type: adam, beta1: x }\nschedule: { type: step, gamma: x }\n", "mine.yaml");
        Assert.StartsWith("mine.yaml(1,1): batchSize: expected a whole number", Problem(), StringComparison.Ordinal);
        document.Override("batchSize=3");
        Assert.StartsWith("mine.yaml(2,26): optimizer.beta1: expected a number", Problem(), StringComparison.Ordinal);
        document.Override("optimizer.beta2=y");
        document.Override("optimizer.beta1=0.9");
        Assert.StartsWith("the override 'optimizer.beta2=y': optimizer.beta2: expected a number", Problem(), StringComparison.Ordinal);
        document.Override("optimizer=sgdd");
        Assert.StartsWith(
            "the override 'optimizer=sgdd': optimizer.type: there is no optimizer 'sgdd'",
            Problem(),
            StringComparison.Ordinal);
        document.Override("optimizer.type=sgd");
        Assert.StartsWith("mine.yaml(3,25): schedule.gamma: expected a number", Problem(), StringComparison.Ordinal);
        document.Override("schedule.type=cosine");
        document.Override("batchSize=0");
        Assert.StartsWith("the override 'batchSize=0': batchSize must be 1 or more but is 0.", Problem(), StringComparison.Ordinal);

        string Problem() => Assert.Throws<ConfigurationException>(() => document.Bind<TrainingOptions>()).Message;
    }

    [Fact]
    public void An_override_below_what_the_file_does_not_say_changes_the_default()
    {
        var document = ConfigurationDocument.Parse("epochs: 2", "mine.yaml");
        document.Override("optimizer.learningRate=0.5");
        document.Override("schedule.warmUp=0.1");
        document.Override("earlyStopping.patience=3");
        Assert.Equal(
            new TrainingOptions
            {
                Epochs = 2,
                Optimizer = new Adam { LearningRate = 0.5 },
                Schedule = new Constant { WarmUp = 0.1 },
                EarlyStopping = new() { Patience = 3 },
            },
            document.Bind<TrainingOptions>());
        document.Override("optimizer.type=sgd");
        document.Override("optimizer.momentum=0");
        Assert.Equal(new Sgd { Momentum = 0 }, document.Bind<TrainingOptions>().Optimizer);

        Assert.Throws<ConfigurationException>(() =>
            ConfigurationDocument.Parse("optimizer: { $default: true, learningRate: 1 }").Bind<TrainingOptions>());

        // Of what has no default the type must be said.
        document.Override("loss.labelSmoothing=0.1");
        var e = Assert.Throws<ConfigurationException>(() => document.Bind<TrainingOptions>());
        Assert.StartsWith("the override 'loss.labelSmoothing=0.1': loss: the key 'type' is missing", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_resolved_record_as_yaml_reads_back_equal()
    {
        var options = new TrainingOptions
        {
            ClipNorm = 1,
            ClassWeights = ClassWeights.Of(("benign", 1), ("a b", 2.5)),
            Monitor = "a: 'b' # c",
        };
        Assert.Equal(options, ConfigurationDocument.Parse(ConfigurationDocument.ToYaml(options)).Bind<TrainingOptions>());
    }

    [Fact]
    public void Differences_name_path_and_both_values()
    {
        var differences = ConfigurationDiff.Between(
            JsonNode.Parse("""{ "a": { "b": 1, "c": 2 }, "d": 3 }"""),
            JsonNode.Parse("""{ "a": { "b": 1, "c": 4 }, "e": [5] }"""));
        Assert.Equal([new("a.c", "2", "4"), new("d", "3", null), new("e", null, "[5]")], differences);
    }
}
