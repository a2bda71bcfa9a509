using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MlNetDl.Experiments;

namespace MlNetDl.Cli.Tests.Sweeps;

/// <summary>The events of <c>mldl run --json</c>, as real sweeps print them.</summary>
public sealed partial class SweepEventsTests : IDisposable
{
    private const string Yaml = """
        name: digits
        data: { dataset: optdigits, take: 600 }
        network: { type: mlp, hidden: [16] }
        training: { epochs: 12, batchSize: 64, validationFraction: 0.25 }
        search:
          space:
            training.optimizer.learningRate: { logUniform: [1e-3, 1e-1] }
            network.hidden[0]: { integer: [4, 32] }
          pruner: { type: threshold, lower: 0.3 }
          objective: { maximize: validation.accuracy }
          maxTrials: 4
          maxLost: 1
          final: { repeat: 1, compareWith: default }
        """;

    private readonly SweepTestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Events_and_keys_are_those_that_are_documented()
    {
        File.WriteAllText(folder["a.yaml"], Yaml);
        bool killed = false;
        var whole = Events("whole", ["training.epochs=80"], line =>
        {
            if ((string)line["event"]! == "trialStarted" && !killed)
            {
                killed = true;
                foreach (var worker in SweepProcesses.Workers(folder["whole"]))
                {
                    worker.Kill();
                }
            }
        });
        bool stopped = false;
        var ended = Events("stopped", ["training.epochs=100000"], line =>
        {
            // Trials of the others may end between two looks; this one has values to show.
            if ((string)line["event"]! == "progress" && !stopped && line["workers"]!.AsArray().Any(w => w!["value"] is not null))
            {
                stopped = true;
                SweepFolder.Open(folder["stopped"]).RequestStop();
            }
        });

        // Each trial breaks the constraint, and those of the second generation go on from others. They train so long that they are seen at it.
        var population = Events(
            "population",
            [
                "training.epochs=120", "search.final=null", "search.pruner=none", "search.sampler={type: populationBased, populationSize: 2}",
                "search.space={training.optimizer.learningRate: {logUniform: [0.001, 0.1]}}", "search.constraints=[train.accuracy <= -1]",
            ],
            _ => { });
        Assert.Equal([2, 3], population.Where(e => e["parent"] is not null).Select(e => (int)e["trial"]!).Order().Distinct());

        // A worker that is killed takes its trial with it, as maxLost is 1.
        Assert.Contains(whole, e => (string)e["event"]! == "trialEnded" && (string)e["state"]! == "failed" && e["error"] is not null);
        Assert.Equal("started", (string)whole[0]["event"]!);
        Assert.Equal("result", (string)whole[^1]["event"]!);
        Assert.Equal(4, whole.Count(e => (string)e["event"]! == "trialEnded"));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(folder["whole/result.json"])), whole[^1]["result"]));
        Assert.DoesNotContain(ended, e => (string)e["event"]! == "result");

        // A worker has one name in all events.
        Assert.All(whole.Where(e => e["worker"] is not null), e => Assert.Equal("worker 1", (string)e["worker"]!));

        var documented = Documented();
        var seen = whole.Concat(ended).Concat(population).GroupBy(e => (string)e["event"]!).ToDictionary(g => g.Key, g => g.Select(Keys).ToList());
        Assert.Equal(documented.Keys.Order(), seen.Keys.Order());
        foreach (var (kind, keys) in documented)
        {
            var all = keys.Select(k => k.Name).Append("event").Append("time").ToHashSet();
            Assert.Equal(all.Order(), seen[kind].SelectMany(k => k).Distinct().Order());
            var always = all.Except(keys.Where(k => k.IsOptional).Select(k => k.Name));
            Assert.All(seen[kind], found => Assert.Empty(always.Except(found)));
        }

        var workers = whole.Concat(ended).Where(e => (string)e["event"]! == "progress").SelectMany(e => e["workers"]!.AsArray()).ToList();
        Assert.Equal(["done", "epoch", "epochs", "trial", "value", "worker"], workers.SelectMany(w => Keys(w!)).Distinct().Order());
    }

    [Fact]
    public void Quiet_is_the_result_alone()
    {
        File.WriteAllText(folder["a.yaml"], Yaml);
        string[] call = ["run", folder["a.yaml"], "--output", folder["run"], "training.epochs=1", "search.maxTrials=2", "search.pruner=none", "--quiet"];
        var (code, output, error) = ChildProcess.Dotnet(Tool.Dll, call);
        Assert.True(code == 0, error);
        Assert.Contains("best: trial ", output, StringComparison.Ordinal);
        Assert.Contains("model: ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("trial   0", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Next:", output, StringComparison.Ordinal);

        var (again, line, _) = Tool.Run([.. call, "--json"]);
        Assert.Equal(0, again);
        Assert.Equal("result", (string)JsonNode.Parse(line)!["event"]!);
        Assert.Single(line.TrimEnd().Split('\n'));
    }

    [Fact]
    public void A_single_training_prints_one_document_and_quietly_nothing_else()
    {
        File.WriteAllText(folder["one.yaml"], Tool.Digits);
        var (code, output, error) = Tool.Run("run", folder["one.yaml"], "--output", folder["one"], "training.epochs=1", "--json", "--quiet");
        Assert.Equal((0, ""), (code, error));
        Assert.Equal("digits", (string)JsonNode.Parse(output)!["name"]!);
        var text = Tool.Run("run", folder["one.yaml"], "--output", folder["one"], "training.epochs=1", "--quiet").Output;
        Assert.StartsWith("2,410 weights", text.TrimStart(), StringComparison.Ordinal);
    }

    private List<JsonNode> Events(string run, string[] overrides, Action<JsonNode> watch)
    {
        using var process = Process.Start(ChildProcess.Start(
            Tool.Dll, ["run", folder["a.yaml"], "--output", folder[run], "--json", .. overrides]))!;
        var errors = process.StandardError.ReadToEndAsync();
        var events = new List<JsonNode>();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            events.Add(JsonNode.Parse(line)!);
            watch(events[^1]);
        }

        process.WaitForExit();
        Assert.True(events.Count > 0, errors.Result);
        return events;
    }

    private static IEnumerable<string> Keys(JsonNode line) => line.AsObject().Select(m => m.Key);

    private static Dictionary<string, List<(string Name, bool IsOptional)>> Documented()
    {
        var text = File.ReadAllText(Path.Combine(ChildProcess.Repository, "docs", "command-line.md"));
        var rows = text[text.IndexOf("| event | when | keys |", StringComparison.Ordinal)..].Split("\n\n")[0].Split('\n').Skip(2);
        return rows.Select(row => row.Split('|')).ToDictionary(
            cells => cells[1].Trim(' ', '`'),
            // What stands in round brackets explains a key.
            cells => Key().Matches(Explanation().Replace(cells[3], "")).Select(m => (m.Groups[1].Value, m.Value.StartsWith('['))).ToList());
    }

    [GeneratedRegex(@"\([^)]*\)")]
    private static partial Regex Explanation();

    [GeneratedRegex(@"\[?`(\w+)`")]
    private static partial Regex Key();
}
