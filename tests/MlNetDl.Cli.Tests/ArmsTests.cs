using System.Text.Json.Nodes;
using MlNetDl.Tests.Docs;

namespace MlNetDl.Cli.Tests;

/// <summary>Experiments of several arms, from YAML to the ledger.</summary>
public sealed class ArmsTests : IDisposable
{
    private const string Arms = """
        name: arms
        data: { dataset: optdigits, take: 800 }
        network: { type: mlp, hidden: [32] }
        training: { epochs: 2, batchSize: 64, optimizer: { type: adam, learningRate: 0.005 }, threads: 1 }
        seeds: [1, 2]
        arms:
          dense: {}
          pruned: { set: { training.stages: [ fit, { type: magnitudePruning, amount: 0.8, fineTune: { epochs: 1 } } ] } }
          narrow: { set: { network.hidden: [8] } }
          narrowAnew: { networkOf: narrow }
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_stands_beside_set_is_told_where_it_belongs()
    {
        const string head = "name: a\ndata: { dataset: optdigits }\nnetwork: { type: mlp, hidden: [4] }\narms:\n";
        Assert.Contains("arms.b.network.hidden: unknown key 'network.hidden'; did you mean 'networkOf'? "
            + "Settings of the experiment stand below set: { set: {", Tool.Fails(2, "run", Yaml(head + "  a: {}\n  b: { network.hidden: [8] }")),
            StringComparison.Ordinal);
        Assert.Contains("arms.a: has no value; expected keys and values, or {} for all defaults.",
            Tool.Fails(2, "run", Yaml(head + "  a:\n  b: { set: { network.hidden: [8] } }")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_of_the_documentation_runs()
    {
        var text = ReadmeCode.Blocks("yaml").Single(b => b.Contains("name: widths", StringComparison.Ordinal));
        var result = Tool.Json("run", Yaml(text), "--output", folder["docs"], "data.take=200", "training.epochs=1");
        Assert.Equal(["base", "wide", "slow"], result["arms"]!.AsObject().Select(a => a.Key));
    }

    [Fact]
    public void Arms_are_trained_with_the_same_seeds_and_set_beside_each_other()
    {
        var (code, output, error) = Tool.Run("run", Yaml(Arms), "--output", folder["run"]);
        Assert.True(code == 0, error);
        Assert.Contains("pruned", output, StringComparison.Ordinal);
        var result = JsonNode.Parse(File.ReadAllText(folder["run/result.json"]))!["arms"]!;
        Assert.Equal(["dense", "pruned", "narrow", "narrowAnew"], result.AsObject().Select(a => a.Key));
        var (dense, pruned, narrow) = (Ledger("dense"), Ledger("pruned"), Ledger("narrow"));
        const int weights = (64 * 32) + (32 * 10), biases = 42;
        Assert.Equal(weights + biases, (long)dense["size"]!["parameters"]!);
        Assert.Equal(weights + biases - (long)Math.Round(weights * 0.8), (long)pruned["size"]!["nonZeros"]!);
        Assert.Equal((long)dense["size"]!["macs"]!, (long)pruned["size"]!["macs"]!);
        Assert.Equal((64 * 8) + (8 * 10), (long)narrow["size"]!["macs"]!);
        // Shrunk in the package and the .zip, not in the .onnx.
        Assert.Equal((long)dense["size"]!["onnxBytes"]!, (long)pruned["size"]!["onnxBytes"]!);
        Assert.True((long)pruned["size"]!["zippedBytes"]! < 0.6 * (long)dense["size"]!["zippedBytes"]!);
        Assert.Equal(2, ((JsonArray)result["dense"]!["values"]!).Count);
        Assert.Null(dense["comparison"]);
        Assert.Contains("pruned", (string)pruned["comparison"]!, StringComparison.Ordinal);
        // The same tree, seeds and epochs: the same training.
        Assert.Equal($"{result["narrow"]!["values"]}", $"{result["narrowAnew"]!["values"]}");
        Assert.Equal(3, (int)result["pruned"]!["epochs"]!);
        Assert.Equal(5, File.ReadAllLines(folder["run/ledger.csv"]).Length);
        Assert.Contains("narrowAnew", File.ReadAllText(folder["run/ledger.html"]), StringComparison.Ordinal);
        Assert.Null(dense["agreement"]);
        Assert.Equal(("dense", 1797), ((string)pruned["agreement"]!["with"]!, (int)pruned["agreement"]!["rows"]!));
        Assert.StartsWith("model,parameters,nonZeros,onnxBytes,zippedBytes,macs,", File.ReadAllText(folder["run/ledger.csv"]), StringComparison.Ordinal);

        JsonNode Ledger(string arm) => result[arm]!["ledger"]!;
    }

    [Fact]
    public void A_run_that_lost_its_end_trains_only_what_is_missing()
    {
        Tool.Json("run", Yaml(Arms), "--output", folder["run"]);
        var before = File.ReadAllText(folder["run/dense/seed-1/result.json"]);
        File.Delete(folder["run/result.json"]);
        Directory.Delete(folder["run/narrowAnew"], recursive: true);
        var again = Tool.Json("run", Yaml(Arms), "--output", folder["run"]);
        Assert.Equal(before, File.ReadAllText(folder["run/dense/seed-1/result.json"]));
        Assert.Equal(4, again["arms"]!.AsObject().Count);
    }

    [Fact]
    public void An_arm_may_be_added_and_compared_with_another_than_the_first()
    {
        Tool.Json("run", Yaml(Arms), "--output", folder["run"]);
        var before = File.ReadAllText(folder["run/narrow/seed-1/result.json"]);
        var longer = Arms.Replace("{ networkOf: narrow }", "{ networkOf: narrow, compareWith: narrow }", StringComparison.Ordinal)
            + "\n  none: { set: { network.hidden: [] }, compareWith: pruned }";
        var arms = Tool.Json("run", Yaml(longer), "--output", folder["run"])["arms"]!;
        Assert.Equal(before, File.ReadAllText(folder["run/narrow/seed-1/result.json"]));
        Assert.Contains("between narrowAnew and narrow", (string)arms["narrowAnew"]!["ledger"]!["comparison"]!, StringComparison.Ordinal);
        Assert.Equal((1797, "narrow"), Agreement("narrowAnew"));
        Assert.Equal("pruned", Agreement("none").With);
        Assert.Equal("dense", Agreement("narrow").With);
        // Another setting of an arm that is trained is another experiment.
        var other = Yaml(longer.Replace("network.hidden: [8]", "network.hidden: [9]", StringComparison.Ordinal));
        Assert.Contains("arms.narrow.set", Tool.Fails(2, "run", other, "--output", folder["run"]), StringComparison.Ordinal);

        (int Same, string With) Agreement(string arm) =>
            ((int)arms[arm]!["ledger"]!["agreement"]!["same"]!, (string)arms[arm]!["ledger"]!["agreement"]!["with"]!);
    }

    [Fact]
    public void A_name_in_braces_is_the_model_of_that_arm_with_the_same_seed()
    {
        var taught = Arms.Replace("narrowAnew: { networkOf: narrow }",
            "taught: { set: { training.stages: [ fit, { type: distilled, teacher: \"{dense}\" } ] } }", StringComparison.Ordinal);
        Tool.Json("run", Yaml(taught), "--output", folder["run"]);
        Assert.All(new[] { 1, 2 }, seed =>
        {
            var options = Models.ModelFile.Read(folder[$"run/taught/seed-{seed}/model.zip"]).Manifest.Training!.Options!.Value.GetRawText();
            Assert.Contains($"dense/seed-{seed}/model.zip", options.Replace('\\', '/'), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void An_arm_that_diverges_leaves_the_others()
    {
        var bad = Arms.Replace("  pruned:", "  wild: { set: { training.optimizer: { type: sgd, learningRate: 1e30 } } }\n"
            + "  wildAnew: { networkOf: wild }\n  pruned:", StringComparison.Ordinal);
        var error = Tool.Fails(1, "run", Yaml(bad), "--output", folder["run"]);
        Assert.Contains("wild: seed 1: ", error, StringComparison.Ordinal);
        Assert.Contains("wildAnew: needs the arm wild", error, StringComparison.Ordinal);
        Assert.Equal(
            ["dense", "pruned", "narrow", "narrowAnew"], File.ReadAllLines(folder["run/ledger.csv"]).Skip(1).Select(line => line.Split(',')[0]));
        Assert.False(File.Exists(folder["run/result.json"]));
    }

    // Also of an arm that was added to a run without teachers.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Another_teacher_at_the_same_place_is_no_repeat(bool isAdded)
    {
        Tool.Json("run", Yaml(Arms), "--output", folder["run"]);
        File.Copy(folder["run/dense/seed-1/model.zip"], folder["teacher.zip"]);
        var taught = Arms.Replace("narrowAnew: { networkOf: narrow }",
            $"taught: {{ set: {{ training.stages: [ fit, {{ type: distilled, teacher: '{folder["teacher.zip"]}' }} ] }} }}", StringComparison.Ordinal);
        if (isAdded)
        {
            var without = Arms.Replace("  narrowAnew: { networkOf: narrow }", "", StringComparison.Ordinal);
            Tool.Json("run", Yaml(without), "--output", folder["taught"]);
        }

        Tool.Json("run", Yaml(taught), "--output", folder["taught"]);
        File.Delete(folder["taught/result.json"]);
        File.Copy(folder["run/dense/seed-2/model.zip"], folder["teacher.zip"], overwrite: true);
        Assert.Contains("arms.taught.training.stages[1]", Tool.Fails(2, "run", Yaml(taught), "--output", folder["taught"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("narrowAnew: { networkOf: narrow, set: { training: { epochs: 9 } } }", "is given by networkOf: narrow")]
    [InlineData("narrowAnew: { set: { training: { seed: 7 } } }", "cannot differ between arms")]
    [InlineData("narrowAnew: { networkOf: other }\n  other: { networkOf: narrowAnew }", "is 'other', which is no arm before it")]
    [InlineData("narrowAnew: { set: { training.stages: [ { type: distilled, teacher: \"{dense}\" } ] } }", "takes part in the training of the stage before")]
    [InlineData("narrowAnew: { set: { training.stages: [ fit, blockPruning ] } }", "0 residual branches")]
    [InlineData("narrowAnew: { set: { training.stages: [ fit, { type: magnitudePruning, keep: [nope] } ] } }", "names 'nope'")]
    [InlineData("narrowAnew: { set: { training.stages: [ fit, { type: distilled, teacher: nowhere.zip } ] } }", "nowhere.zip")]
    [InlineData("narrowAnew: { set: { training.stages: [ fit, int8, foldNorms ] } }", "has foldNorms behind int8")]
    [InlineData("narrowAnew: { set: { training.stages: [ int8 ] } }", "arms.narrowAnew.training.stages has no 'fit'")]
    [InlineData("narrowAnew: { continueFrom: dense, set: { training.stages: [ { type: distilled, teacher: \"{dense}\" } ] } }", "takes part in the training")]
    [InlineData(
        "i: { set: { training.stages: [ fit, int8 ] } }\n  j: { continueFrom: i, set: { training.stages: [ foldNorms ] } }",
        "arms.j.continueFrom is 'i', whose model has no float weights behind int8, but foldNorms needs them")]
    [InlineData(
        "i: { continueFrom: dense, set: { training.stages: [ halfPrecision ] } }\n  j: { continueFrom: i, set: { training.stages: [ int8 ] } }",
        "no float weights behind halfPrecision, but int8 needs them")]
    [InlineData(
        "i: { set: { training.stages: [ fit, weightClustering ] } }\n  "
            + "j: { continueFrom: i, set: { training.stages: [ { type: magnitudePruning, schedule: agp, fineTune: { epochs: 2 } } ] } }",
        "arms.j.training.stages has weightClustering before a magnitudePruning")]
    [InlineData(
        "i: { set: { network: { type: earlyExit, network: { type: mlp, hidden: [32, 32] }, exits: [ { after: hidden1 } ] }, "
            + "training.validationFraction: 0.2, training.stages: [ fit, exitThreshold ] } }\n  j: { continueFrom: i, set: { training.stages: [ fit ] } }",
        "arms.j.training.stages has a 'fit' behind exitThreshold")]
    [InlineData("i: { continueFrom: dense, set: { training.stages: [] } }", "arms.i.continueFrom needs stages to go on with")]
    [InlineData("i: { continueFrom: dense, set: { training: { epochs: 3, stages: [] } } }", "arms.i.continueFrom needs stages to go on with")]
    [InlineData("i: { continueFrom: dense, set: { training: {} } }", "arms.i.continueFrom needs stages to go on with")]
    [InlineData("i: { continueFrom: dense, set: { training.stages: [ fit, gatePenalty ] } }", "needs a network with gates")]
    [InlineData("result.json: {}", "is no name of a folder beside the run's files")]
    [InlineData("narrowAnew: { compareWith: narow }", "arms.narrowAnew.compareWith")]
    [InlineData("narrowAnew: { compareWith: narrowAnew }", "is no arm before it")]
    [InlineData("narrowAnew: { networkOf: narow }", "did you mean 'narrow'?")]
    [InlineData("narrowAnew: { networkOf: narrow, set: { network: leNet5 } }", "is given by networkOf: narrow")]
    [InlineData("narrowAnew: { set: { name: other } }", "cannot differ between arms")]
    [InlineData("narrowAnew: { set: { training.epoch: 3 } }", "did you mean 'epochs'?")]
    [InlineData("narrowAnew: { set: { task: binary } }", "cannot differ between arms")]
    [InlineData("narrowAnew: { set: { training.seed: 7 } }", "cannot differ between arms")]
    [InlineData("narrowAnew: { set: { data.take: 10 } }", "cannot differ between arms")]
    [InlineData("narrowAnew: { set: { training.stages: [ fit, { type: magnitudePruning, keep: [ \"{nothing}\" ] } ] } }", "'{nothing}'")]
    public void What_an_arm_cannot_be_is_refused_before_anything_is_trained(string arm, string words)
    {
        var yaml = Yaml(Arms.Replace("narrowAnew: { networkOf: narrow }", arm, StringComparison.Ordinal));
        Assert.Contains(words, Tool.Fails(2, "run", yaml, "--output", folder["run"]), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["run/dense"]));
    }

    [Fact]
    public void An_arm_continues_from_integers_that_keep_their_float_weights()
    {
        var arms = Tool.Json("run", Yaml("""
            name: arms
            data: { dataset: optdigits, take: 200 }
            network: { type: mlp, hidden: [8] }
            training: { epochs: 1, threads: 1 }
            arms:
              i: { set: { training.stages: [ fit, { type: int8, rows: 50, keepWeights: true } ] } }
              j: { continueFrom: i, set: { training.stages: [ dynamicInt8 ] } }
            """), "--output", folder["run"])["arms"]!;
        Assert.Equal(["i", "j"], arms.AsObject().Select(a => a.Key));
    }

    /// <summary>What an arm before it, or the arm whose network that has, did to the network is not known before it is trained.</summary>
    [Fact]
    public void An_arm_goes_on_with_the_gates_that_the_arm_before_gave()
    {
        var arms = Tool.Json("run", Yaml("""
            name: arms
            data: { dataset: optdigits, take: 100 }
            network: { type: cifarResNet, depth: 8 }
            training: { epochs: 1, threads: 1 }
            arms:
              gated: { set: { training.stages: [ fit, { type: channelGates, fineTune: { epochs: 1 } } ] } }
              anew: { networkOf: gated }
              priced: { continueFrom: gated, set: { training.stages: [ fit, gatePenalty ] } }
              pricedAnew: { continueFrom: anew, set: { training.stages: [ fit, gatePenalty ] } }
            """), "--output", folder["run"])["arms"]!;
        Assert.Equal(["gated", "anew", "priced", "pricedAnew"], arms.AsObject().Select(a => a.Key));
    }

    private string Yaml(string text)
    {
        File.WriteAllText(folder["a.yaml"], text);
        return folder["a.yaml"];
    }
}
