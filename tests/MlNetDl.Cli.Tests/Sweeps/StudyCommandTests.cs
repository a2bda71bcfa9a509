using System.Text.Json.Nodes;

namespace MlNetDl.Cli.Tests.Sweeps;

/// <summary><c>mldl study</c> on a sweep that was run.</summary>
public sealed class StudyCommandTests(StudyCommandTests.Ran ran) : IClassFixture<StudyCommandTests.Ran>
{
    private const string Yaml = SweepTestFolder.Digits + """
        search:
          space:
            training.optimizer.learningRate: { logUniform: [1e-3, 1e-1] }
            network.hidden[0]: { integer: [4, 32] }
            training.batchSize: { choice: [32, 64] }
          objective: { maximize: validation.accuracy }
          maxTrials: 4
          final: { repeat: 2 }
        """;

    private string Run => ran.Folder["run"];

    [Fact]
    public void Status_counts_and_names_the_best()
    {
        var status = Tool.Json("study", "status", Run);
        Assert.Equal((4, 0, 0, 4), ((int)status["complete"]!, (int)status["pruned"]!, (int)status["failed"]!, (int)status["maxTrials"]!));
        Assert.Equal((true, 0, 0), ((bool)status["isDone"]!, (int)status["runners"]!, (int)status["workers"]!));
        Assert.Equal((2, 2), ((int)status["final"]!["ended"]!, (int)status["final"]!["trainings"]!));
        var best = status["best"]![0]!;
        using var study = ran.Folder.OpenStudy();
        Assert.Equal((study.Best!.Number, study.Best.Value), ((int)best["number"]!, (double)best["values"]!["validation.accuracy"]!));
        var text = Tool.Run("study", "status", Run).Output;
        Assert.Contains("digits: 4 of 4 trials, done", text, StringComparison.Ordinal);
        Assert.Contains("final round of trial", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Trials_and_figures_are_exported()
    {
        var file = ran.Folder["trials.csv"];
        Assert.Equal(4, (int)Tool.Json("study", "export", Run, file)["rows"]!);
        Assert.Equal(File.ReadAllText(file), Tool.Run("study", "export", Run).Output);
        var lines = File.ReadAllLines(file);
        Assert.Equal(5, lines.Length);
        Assert.StartsWith("number,state,validation.accuracy,param.network.hidden[0],", lines[0], StringComparison.Ordinal);
        Assert.Equal(4, Tool.Json("study", "export", Run)["rows"]!.AsArray().Count);
        Tool.Json("study", "export", Run, ran.Folder["trials.json"]);
        Assert.Equal("trials", (string)JsonNode.Parse(File.ReadAllText(ran.Folder["trials.json"]))!["name"]!);

        // Four trials of two epochs.
        var epochs = Tool.Run("study", "export", Run, "--metrics").Output.TrimEnd().Split('\n');
        Assert.Equal(9, epochs.Length);
        var heads = epochs[0].Split(',').ToList();
        using var study = ran.Folder.OpenStudy();
        var last = epochs.Single(e => e.StartsWith("3,1,", StringComparison.Ordinal)).Split(',');
        Assert.Equal(study.Trials[3].Value.ToString("R", System.Globalization.CultureInfo.InvariantCulture), last[heads.IndexOf("validation.accuracy")]);
    }

    [Fact]
    public void A_report_is_written_anew()
    {
        File.Delete(Path.Combine(Run, "study.html"));
        var (code, output, _) = Tool.Run("study", "report", Run);
        Assert.Equal(0, code);
        Assert.True(File.Exists(output.Trim()), output);
    }

    [Fact]
    public void Runs_are_compared_by_the_seeds_of_their_final_rounds_and_trials_without_a_conclusion()
    {
        var same = Tool.Json("study", "compare", Run, Run);
        Assert.Equal("test.accuracy", (string)same["figure"]!);
        Assert.Equal((2, 0.0, 1.0), (same["valuesA"]!.AsArray().Count, (double)same["difference"]!, (double)same["pValue"]!));
        var trials = Tool.Json("study", "compare", Run, "0", "1");
        using var study = ran.Folder.OpenStudy();
        Assert.Equal(study.Trials[0].Value - study.Trials[1].Value, (double)trials["difference"]!, 12);
        Assert.Null(trials["pValue"]);
        Assert.Contains("Nothing can be concluded from one seed", (string)trials["text"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "did you mean 'status'?", "stats", "RUN")]
    [InlineData(2, "known are: compare, enqueue", "frobnicate", "RUN")]
    [InlineData(2, "there is no folder 'nowhere'", "status", "nowhere")]
    [InlineData(2, "holds no run", "status", "EMPTY")]
    [InlineData(2, "is a single training", "status", "SINGLE")]
    [InlineData(2, "'two' is no number of trials", "extend", "RUN", "two")]
    [InlineData(2, "'0' is no number of trials", "extend", "RUN", "0")]
    [InlineData(2, "are too many", "extend", "RUN", "2147483647")]
    [InlineData(2, "the number of further trials is missing", "extend", "RUN")]
    [InlineData(2, "'7' is more than 'extend' takes", "extend", "RUN", "5", "7")]
    [InlineData(2, "'x' is more than 'status' takes", "status", "RUN", "x")]
    [InlineData(2, "nothing is given to enqueue", "enqueue", "RUN")]
    [InlineData(2, "'fast' is no key=value", "enqueue", "RUN", "fast")]
    [InlineData(2, "is given twice", "enqueue", "RUN", "training.batchSize=32", "training.batchSize=64")]
    [InlineData(2, "the space of study 'digits' has no parameter 'training.batchsize'", "enqueue", "RUN", "training.batchsize=32")]
    [InlineData(2, "the value 33 is not within", "enqueue", "RUN", "training.batchSize=33")]
    [InlineData(2, "the value 1.5 is not within", "enqueue", "RUN", "network.hidden[0]=1.5")]
    [InlineData(2, "'training.batchSize=[3'", "enqueue", "RUN", "training.batchSize=[3")]
    [InlineData(2, "neither in .csv nor in .json", "export", "RUN", "trials.xls")]
    [InlineData(2, "--metrics goes with 'export'", "status", "RUN", "--metrics")]
    [InlineData(2, "one is missing to compare with", "compare", "RUN")]
    [InlineData(2, "there is no folder 'nowhere'", "compare", "RUN", "nowhere")]
    [InlineData(2, "'x' is no number of a trial", "compare", "RUN", "0", "x")]
    [InlineData(2, "has no trial 99", "compare", "RUN", "0", "99")]
    public void Bad_input_is_answered(int code, string expected, params string[] call)
    {
        string[] args = [.. call.Select(a => a switch
        {
            "RUN" => Run,
            "EMPTY" => Directory.CreateDirectory(ran.Folder["empty"]).FullName,
            "SINGLE" => ran.Single(),
            _ => a,
        })];
        var before = File.ReadAllText(Path.Combine(Run, "config.resolved.yaml"));
        Assert.Contains(expected, Tool.Fails(code, ["study", .. args]), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Path.Combine(Run, "config.resolved.yaml")));
        Assert.True(File.Exists(Path.Combine(Run, "result.json")));
    }

    [Fact]
    public void A_sweep_of_which_nothing_was_run_is_looked_at_and_stays_as_it_is()
    {
        var fresh = Directory.CreateDirectory(ran.Folder["fresh"]).FullName;
        File.Copy(Path.Combine(Run, "config.resolved.yaml"), Path.Combine(fresh, "config.resolved.yaml"), overwrite: true);
        var status = Tool.Json("study", "status", fresh);
        Assert.Equal((0, false), ((int)status["complete"]!, (bool)status["isDone"]!));
        Assert.Contains("nothing runs", Tool.Run("study", "stop", fresh).Output, StringComparison.Ordinal);
        Assert.Contains("no trial has failed", Tool.Run("study", "retry-failed", fresh).Output, StringComparison.Ordinal);
        Assert.All(new[] { "export", "report" }, action =>
            Assert.Contains("has no trials yet", Tool.Fails(1, "study", action, fresh), StringComparison.Ordinal));
        Assert.Equal(["config.resolved.yaml"], Directory.EnumerateFileSystemEntries(fresh).Select(Path.GetFileName));
    }

    /// <summary>A small sweep, run once.</summary>
    public sealed class Ran : IDisposable
    {
        public Ran() => Folder.Run(Folder.Load(Yaml));

        internal SweepTestFolder Folder { get; } = new();

        public string Single()
        {
            var path = Directory.CreateDirectory(Folder["single"]).FullName;
            File.WriteAllText(Path.Combine(path, "config.resolved.yaml"), Tool.Digits);
            return path;
        }

        public void Dispose() => Folder.Dispose();
    }
}
