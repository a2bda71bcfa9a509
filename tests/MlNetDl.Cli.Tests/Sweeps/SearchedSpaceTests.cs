using System.Text.Json.Nodes;
using MlNetDl.Configuration;
using MlNetDl.Experiments;
using MlNetDl.Search;
using MlNetDl.Search.Distributions;

namespace MlNetDl.Cli.Tests.Sweeps;

/// <summary>What is searched: its written form, the space that follows, and the experiments of trials.</summary>
public sealed class SearchedSpaceTests
{
    private const string Sweep = """
        name: sweep
        data: { dataset: optdigits }
        network: { type: mlp, hidden: [32] }
        training: { epochs: 1, validationFraction: 0.2 }
        search:
          space:
            training.optimizer.learningRate: { logUniform: [1e-4, 1e-1] }
            training.batchSize: { choice: [32, 64] }
            network:
              choice:
                - { type: leNet5 }
                - { type: mlp, hidden: { list: { integer: [16, 64], log: true }, length: [1, 2] }, dropout: { uniform: [0, 0.5] } }
          objective: { maximize: validation.accuracy }
        """;

    [Fact]
    public void Parameters_of_a_branch_exist_only_there()
    {
        var space = Trials(Sweep).Space;
        Assert.Equal(
            [
                "network", "network[mlp].hidden.length", "network[mlp].hidden[0]", "network[mlp].hidden[1]", "network[mlp].dropout",
                "training.batchSize", "training.optimizer.learningRate",
            ],
            space.Parameters.Select(p => p.Name));
        Assert.Equal(new LogUniform(1e-4, 1e-1), space.Find("training.optimizer.learningRate")!.Distribution);
        Assert.Equal(Choice.Of("leNet5", "mlp"), space.Find("network")!.Distribution);
        Assert.Equal(new Integer(16, 64, Log: true), space.Find("network[mlp].hidden[1]")!.Distribution);
        Assert.Equal([new Condition("network", [Option.Of("mlp")])], space.Find("network[mlp].dropout")!.When);
        // The first item is there in every list; the second in lists of two.
        Assert.Equal([new Condition("network", [Option.Of("mlp")])], space.Find("network[mlp].hidden[0]")!.When);
        Assert.Equal([new Condition("network[mlp].hidden.length", [Option.Of(2)])], space.Find("network[mlp].hidden[1]")!.When);
    }

    [Fact]
    public void A_trial_is_the_experiment_with_its_values()
    {
        var trials = Trials(Sweep);
        var numbers = new Dictionary<string, double>
        {
            ["network"] = 1,
            ["network[mlp].hidden.length"] = 2,
            ["network[mlp].hidden[0]"] = 48,
            ["network[mlp].hidden[1]"] = 17,
            ["network[mlp].dropout"] = 0.25,
            ["training.batchSize"] = 0,
            ["training.optimizer.learningRate"] = 0.01,
        };
        var node = RecordJson.ToNode(trials.Of(numbers));
        Assert.Equal("[48,17]", node["network"]!["hidden"]!.ToJsonString(new() { WriteIndented = false }));
        Assert.Equal(0.25, (double)node["network"]!["dropout"]!);
        Assert.Equal(32, (int)node["training"]!["batchSize"]!);
        Assert.Equal(0.01, (double)node["training"]!["optimizer"]!["learningRate"]!);
        Assert.Null(node["search"]);
        // The other keys are those of the file and its defaults.
        Assert.Equal(0.2, (double)node["training"]!["validationFraction"]!);
    }

    [Fact]
    public void A_component_is_set_before_its_keys_in_whatever_order_they_stand()
    {
        var trials = Trials(Sweep.Replace(
            "training.batchSize: { choice: [32, 64] }", "training.optimizer.type: { choice: [sgd, adam] }", StringComparison.Ordinal));
        var numbers = trials.Space.Parameters.Where(p => p.When.Count == 0).ToDictionary(p => p.Name, p => p.Distribution.FromUnit(0));
        var optimizer = RecordJson.ToNode(trials.Of(numbers))["training"]!["optimizer"]!;
        Assert.Equal("sgd", (string)optimizer["type"]!);
        Assert.Equal(1e-4, (double)optimizer["learningRate"]!, 12);
    }

    [Theory]
    [InlineData("[{ type: mlp, hidden: [8] }, { type: mlp, hidden: { choice: [[16]] } }, { type: leNet5 }]", "mlp-1, mlp-2, leNet5")]
    [InlineData("[{ type: mlp, dropout: 0.1 }, { type: mlp, dropout: 0.2 }]", "mlp(dropout: 0.1), mlp(dropout: 0.2)")]
    [InlineData("[{ type: mlp, dropout: 0.1 }, { type: mlp, dropout: 0.1, hidden: [8] }]", "mlp-1, mlp-2")]
    public void Options_of_one_type_are_told_apart(string options, string labels)
    {
        var keys = new JsonObject { ["choice"] = Yaml.ParseValue(options) };
        var names = ((Choice)SearchedValueReader.Read(keys, "network").Parameters().First().Distribution).Options;
        Assert.Equal(labels, string.Join(", ", names.Select(n => n.As<string>())));
    }

    [Theory]
    [InlineData("training.epochs: { integer: [5, 1] }", "search.space.training.epochs", "empty")]
    [InlineData("training.optimizer.learningRate: { logUniform: [0, 1] }", "search.space.training.optimizer.learningRate", "above zero")]
    [InlineData("training.optimizer.learnngRate: { uniform: [0, 1] }", "search.space.training.optimizer.learnngRate", "did you mean 'learningRate'")]
    [InlineData("training.validationFraction: { uniform: [0.1, 1.2] }", "search.space.training.validationFraction", "must be 0 to 0.9")]
    [InlineData("training.optimizer: { choice: [adam, agam] }", "search.space.training.optimizer", "did you mean 'adam'")]
    [InlineData("training.epochs: 5", "search.space.training.epochs", "searches nothing")]
    [InlineData("training.epochs: { integer: [1, 5], choice: [1] }", "search.space.training.epochs", "integer and choice")]
    [InlineData("training.epochs: { choice: [] }", "search.space.training.epochs", "list of options")]
    [InlineData("training.epochs: { choice: [1, 1] }", "search.space.training.epochs", "twice")]
    [InlineData("network.hidden: { list: { integer: [1, 9] }, length: [3, 1] }", "search.space.network.hidden", "greatest length")]
    [InlineData("training.epochs: { integer: [1, 9], step: 0.5 }", "search.space.training.epochs", "a whole number as the step")]
    [InlineData("training.validationFraction: { uniform: [0, 0.5], step: 0 }", "search.space.training.validationFraction", "a step above 0 but got 0")]
    [InlineData("training.optimizer.learningRate: { logUniform: [0.1, 1], step: 0.1 }", "search.space.training.optimizer.learningRate", "has no step")]
    [InlineData("training.epochs: { integer: [1, 9], atMost: 5 }", "search.space.training.epochs", "names another searched parameter")]
    [InlineData("training.epochs: { intger: [1, 9] }", "search.space.training.epochs", "did you mean 'integer'")]
    [InlineData("training.epochs: { integer: [1, 9], atmost: a }", "search.space.training.epochs", "did you mean 'atMost'")]
    [InlineData("network.hidden: { list: { integer: [8, 9] }, length: 2 }", "search.space.network.hidden", "got the length 2")]
    [InlineData("training.epochs: { choice: 3 }", "search.space.training.epochs", "but got {\"choice\":3}")]
    [InlineData("seeds: { choice: [[1], [2]] }", "search.space.seeds", "no trial depends on it")]
    [InlineData("search.maxTrials: { integer: [1, 3] }", "search.space.search.maxTrials", "no trial depends on it")]
    [InlineData("training.epochs: { choice: [1, 9], atMost: a }", "search.space.training.epochs", "and no other key")]
    [InlineData("network.hidden: { list: { choice: [8, 9] }, length: [1, 3], descending: true }", "search.space.network.hidden", "list of numbers")]
    [InlineData("network.hidden: { list: { integer: [8, 9] }, length: [1, 3], descending: 1 }", "search.space.network.hidden", "true or false but got 1")]
    [InlineData("network.hidden: { list: { integer: [8, 9] }, length: [1, 3], descending: true, ascending: true }", "search.space.network.hidden", "both")]
    [InlineData("network.hidden: { list: { integer: [8, 9] }, length: [1, 3], step: 8 }", "search.space.network.hidden", "'step' beside the list")]
    [InlineData("training.optimizer.learningRate: auto", "search.space.training.optimizer.learningRate", "without an upper end")]
    [InlineData("training.nothing: auto", "search.space.training.nothing", "no such value")]
    public void What_cannot_be_searched_is_refused_at_its_place(string line, string path, string problem)
    {
        var text = Sweep[..Sweep.IndexOf("    training.optimizer", StringComparison.Ordinal)] + $"    {line}\n"
            + "  objective: { maximize: validation.accuracy }\n";
        var e = Assert.Throws<ConfigurationException>(() => ConfigurationDocument.Parse(text, "sweep.yaml").Bind<Experiment>());
        Assert.Contains($"sweep.yaml(7,", e.Message, StringComparison.Ordinal);
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.Contains(problem, e.Message, StringComparison.Ordinal);
        Assert.Single(e.All);
    }

    [Theory]
    [InlineData("training.restoreBestWeights", "[false,true]")]
    [InlineData("training.precision", null)]
    [InlineData("training.validationFraction", null)]
    public void Auto_takes_what_the_property_declares(string path, string? options)
    {
        var distribution = Trials(Sweep.Replace("training.batchSize: { choice: [32, 64] }", $"{path}: auto", StringComparison.Ordinal))
            .Space.Find(path)!.Distribution;
        if (distribution is Choice choice)
        {
            Assert.Equal(options ?? "[\"float32\",\"bFloat16\"]", $"[{string.Join(",", choice.Options.Select(o => o.Json))}]");
        }
        else
        {
            Assert.Equal(new Uniform(0, 0.9), distribution);
        }
    }

    [Theory]
    [InlineData("training.optimizer.learningRate=logUniform(1e-4, 1e-1)", "{\"logUniform\":[0.0001,0.1]}")]
    [InlineData("network.hidden[0]=integer(8, 64, log: true)", "{\"integer\":[8,64],\"log\":true}")]
    [InlineData("training.optimizer=choice(adam, { type: sgd, momentum: 0.9 })", "{\"choice\":[\"adam\",{\"type\":\"sgd\",\"momentum\":0.9}]}")]
    [InlineData("network.dropout=uniform(0, 0.5, step: 0.1)", "{\"uniform\":[0,0.5],\"step\":0.1}")]
    [InlineData("network.hidden[1]=integer(8, 64, atMost: 'network.hidden[0]')", "{\"integer\":[8,64],\"atMost\":\"network.hidden[0]\"}")]
    [InlineData("training.restoreBestWeights=auto()", "\"auto\"")]
    [InlineData("training.optimizer.learningRate=loguniform(1e-4, 1e-1)", "{\"logUniform\":[0.0001,0.1]}")]
    [InlineData("network.hidden={list: {integer: [8, 64]}, length: [1, 2]}", "{\"list\":{\"integer\":[8,64]},\"length\":[1,2]}")]
    public void The_command_line_searches_too(string text, string written)
    {
        var (path, searched) = SearchOverride.Of(text)!.Value;
        Assert.Equal(text[..text.IndexOf('=', StringComparison.Ordinal)], path);
        Assert.Equal(new Option(written), new Option(searched.ToJsonString()));
        Assert.Equal((path, searched.ToJsonString()), SearchOverride.Of("search.space." + text) is var (p, s) ? (p, s.ToJsonString()) : default);
        Assert.Null(SearchOverride.Of("training.epochs=3"));
        Assert.Null(SearchOverride.Of("name=uniform"));
        Assert.Null(SearchOverride.Of("training.optimizer={type: sgd, momentum: 0.9}"));
    }

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("10m", 600)]
    [InlineData("1h30m", 5400)]
    [InlineData("2d", 172_800)]
    [InlineData("30d", 2_592_000)]
    [InlineData("45", 45)]
    [InlineData("1.5h", 5400)]
    public void Durations_are_read_and_written(string text, double seconds)
    {
        var duration = Duration.Parse(text);
        Assert.Equal(seconds, duration.Time.TotalSeconds);
        Assert.Equal(duration, Duration.Parse(duration.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10x")]
    [InlineData("0s")]
    [InlineData("-5m")]
    [InlineData("m")]
    [InlineData("1h30")]
    [InlineData("31d")]
    public void No_duration(string text) => Assert.Throws<FormatException>(() => Duration.Parse(text));

    [Theory]
    [InlineData("test.accuracy", "nothing may be chosen by the test data")]
    [InlineData("acuracy", "no figure")]
    [InlineData("latencyms", "Did you mean 'latencyMs'?")]
    public void Objectives_are_figures_of_training_and_validation(string figure, string problem)
    {
        var text = Sweep.Replace("validation.accuracy", figure, StringComparison.Ordinal);
        var e = Assert.Throws<ConfigurationException>(() => ConfigurationDocument.Parse(text, "sweep.yaml").Bind<Experiment>());
        Assert.Contains(problem, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_figure_is_no_objective_twice()
    {
        var text = Sweep.Replace(
            "{ maximize: validation.accuracy }", "[{ maximize: validation.accuracy }, { minimize: validation.accuracy }]", StringComparison.Ordinal);
        var e = Assert.Throws<ConfigurationException>(() => ConfigurationDocument.Parse(text, "sweep.yaml").Bind<Experiment>());
        Assert.Contains("search.objective[1]", e.Message, StringComparison.Ordinal);
        Assert.Contains("a second time", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validation_figures_need_validation_data()
    {
        var e = Assert.Throws<ConfigurationException>(
            () => ConfigurationDocument.Parse(Sweep.Replace(", validationFraction: 0.2", "", StringComparison.Ordinal)).Bind<Experiment>());
        Assert.Contains("search.objective", e.Message, StringComparison.Ordinal);
        Assert.Contains("set training.validationFraction", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("maximize: train.accuracy", "validation.accuracy >= 0.9", "search.constraints[0] asks for validation.accuracy, but nothing is held out")]
    [InlineData("maximize: train.accuracy", "macs <= 1e9, validation.los <= 1", "search.constraints[1] asks for validation.los, but nothing is held out")]
    [InlineData("maximize: train.auc", "train.auc >= 0.5", "search.constraints[0] asks for 'train.auc', which no trial reports: it is computed")]
    [InlineData("maximize: train.auc", "macs <= 1e9", "search.objective[0].maximize asks for 'train.auc'")]
    [InlineData("maximize: train.acuracy", "macs <= 1e9", "did you mean 'train.accuracy'?")]
    public void Figures_that_no_trial_reports_are_refused(string objective, string constraints, string problem)
    {
        var text = Sweep.Replace(", validationFraction: 0.2", "", StringComparison.Ordinal).Replace(
            "maximize: validation.accuracy", objective, StringComparison.Ordinal);
        var e = Assert.Throws<ConfigurationException>(
            () => ConfigurationDocument.Parse($"task: binary\n{text}\n  constraints: [{constraints}]\n").Bind<Experiment>());
        Assert.Contains(problem, string.Join('\n', e.All.Select(p => p.Message)), StringComparison.Ordinal);
    }

    [Fact]
    public void Figures_of_all_rows_are_those_of_validation() =>
        Assert.NotEmpty(Trials($"task: binary\n{Sweep.Replace("accuracy", "auc", StringComparison.Ordinal)}").Space.Parameters);

    [Fact]
    public void Constraints_become_bounds_of_the_space()
    {
        var trials = Trials(Sweep + "\n  constraints: [macs <= 1e6, macs >= 100, validation.loss <= 0.5]\n");
        Assert.Equal(
            [new Constraint("macs") { AtMost = 1e6, AtLeast = 100 }, new Constraint("validation.loss") { AtMost = 0.5 }],
            trials.Space.Constraints);
    }

    [Fact]
    public void A_sweep_keeps_its_search_when_it_is_written_and_read()
    {
        var sweep = ConfigurationDocument.Parse(Sweep).Bind<Experiment>();
        var again = ConfigurationDocument.Parse(ConfigurationDocument.ToYaml(sweep)).Bind<Experiment>();
        Assert.Equal(RecordJson.Serialize(sweep), RecordJson.Serialize(again));
        Assert.Equal(new TrialExperiments(sweep).Space, new TrialExperiments(again).Space);
    }

    private static TrialExperiments Trials(string yaml) => new(ConfigurationDocument.Parse(yaml).Bind<Experiment>());
}
