using System.Text.Json.Nodes;
using MlNetDl.Experiments;
using MlNetDl.Metrics;
using MlNetDl.Search;
using MlNetDl.Search.Samplers;
using MlNetDl.Training;

namespace MlNetDl.Cli.Tests.Sweeps;

/// <summary>The final round's attempts and times, and what the study is told of checkpoints.</summary>
public sealed class FinalRoundTests : IDisposable
{
    private const string Yaml = SweepTestFolder.Digits + """
        search:
          space: { training.optimizer.learningRate: { logUniform: [1e-3, 1e-1] } }
          objective: { maximize: validation.accuracy }
          maxTrials: 1
        """;

    private readonly SweepTestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_final_training_that_takes_too_long_fails_with_the_reason_and_is_tried_anew()
    {
        Run();
        string[] final = ["search.final={repeat: 1, train: part}"];
        var e = Assert.Throws<StudyException>(() => Run([.. final, "search.final.timeout=0.001"]));
        Assert.Contains("the final training best, seed 1 took longer than search.final.timeout", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["run/result.json"]));

        // The time of a trial, which may see less data, does not count.
        var result = Run([.. final, "search.trialTimeout=0.001", "search.final.timeout=10m"]);
        Assert.Single(result.Search!.Final!.Best);
        // Each attempt has its folder; the second took over what the first had done, and nothing is left of that.
        Assert.Equal(["attempt-1", "attempt-2"], Attempts("trial-0/training-part/seed-1"));
        Assert.Equal(["attempt-2"], folder.Files("run/final", "model.zip").Select(f => Path.GetFileName(Path.GetDirectoryName(f))));
        Assert.Empty(folder.Files("run/final", "checkpoint*"));
        var tried = JsonNode.Parse(File.ReadAllText(folder["run/final/trial-0/training-part/seed-1/attempt-2/params.json"]))!;
        Assert.Equal((double)result.Search.Best[0].Parameters["training.optimizer.learningRate"]!, (double)tried["training.optimizer.learningRate"]!);
    }

    [Fact]
    public void A_round_whose_figure_needs_labels_is_refused_before_the_search_where_there_are_none()
    {
        File.WriteAllText(folder["rows.csv"], "a,b\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i},{i % 7}\n")));
        var experiment = folder.Load($$"""
            name: strange
            task: anomalyDetection
            data: { csv: '{{folder["rows.csv"]}}' }
            network: { type: autoencoder, latent: 1, encoder: { type: mlp, hidden: [4] }, decoder: { type: mlp, hidden: [4] } }
            training: { epochs: 1, validationFraction: 0.2 }
            search:
              space: { training.optimizer.learningRate: { logUniform: [1e-3, 1e-1] } }
              objective: { minimize: validation.loss }
              maxTrials: 1
              final: { repeat: 1 }
            """);
        Assert.Contains("search.final: compares models by test.auc, which needs labels, and the test part has none; name by data.label",
            Assert.Throws<SweepRefusedException>(() => folder.Run(experiment)).Message, StringComparison.Ordinal);
        Assert.Empty(folder.Trials());
    }

    [Fact]
    public void A_round_on_all_data_is_as_long_as_the_trials_were()
    {
        // Without epochs, the folds of a table that shows nothing would choose few; the trials, which had rows to validate with, had 200.
        File.WriteAllLines(folder["rows.csv"], Enumerable.Range(0, 100).Select(i => $"{i},{(i % 2 == 0 ? "yes" : "no")}").Prepend("x,y"));
        folder.Run(folder.Load($$"""
            name: rows
            data: { csv: '{{folder["rows.csv"]}}', label: y }
            network: { type: mlp, hidden: [2] }
            training: { validationFraction: 0.25, threads: 1 }
            search:
              space: { training.optimizer.learningRate: { logUniform: [1e-3, 1e-2] } }
              objective: { minimize: validation.loss }
              maxTrials: 1
              final: { repeat: 1, train: all }
            """));
        Assert.Equal(200, folder.Trials()[0].Reports.Count);
        var result = Assert.Single(folder.Files("run/final/trial-0/all-data", "result.json"));
        Assert.Equal(200, RunResult.FromJson(File.ReadAllText(result)).Epochs);
    }

    [Fact]
    public void The_best_folder_has_no_graph_of_another_model()
    {
        Run();
        File.Delete(folder["run/best/model.zip"]);
        File.WriteAllText(folder["run/best/model.decode.onnx"], "old");
        Run();
        Assert.Equal(["model.onnx", "model.zip"], Directory.GetFiles(folder["run/best"]).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Attempts_never_share_a_folder_and_the_later_one_takes_the_checkpoints_of_the_earlier()
    {
        var training = folder["final"];
        Directory.CreateDirectory(training);
        // As versions before attempts had it.
        File.WriteAllText(Path.Combine(training, "checkpoint"), "old");
        var first = AttemptFiles.Begin(training, "{}");
        Assert.Equal("old", File.ReadAllText(Path.Combine(first, "checkpoint")));
        File.WriteAllText(Path.Combine(first, "checkpoint"), "first");
        var second = AttemptFiles.Begin(training, "{}");
        Assert.Equal("first", File.ReadAllText(Path.Combine(second, "checkpoint")));
        Assert.Null(AttemptFiles.Done(training));

        var many = new string[8];
        Parallel.For(0, many.Length, i => many[i] = AttemptFiles.Begin(training, "{}"));
        Assert.Equal(10, many.Append(first).Append(second).Distinct().Count());

        File.WriteAllText(Path.Combine(first, "result.json"), "{}");
        Assert.Equal(first, AttemptFiles.Done(training));
    }

    [Fact]
    public void A_worker_that_was_taken_for_dead_deletes_nothing_of_its_successor()
    {
        Run();
        var experiment = SweepFolder.Open(folder["run"]).Experiment;
        RunFolder.Open(folder["run"], experiment with { Search = experiment.Search! with { Final = new() { Repeat = 1, Train = FinalTraining.Part } } });
        using var sweep = Sweep.Open(folder["run"], "test");
        using var final = FinalRound.Begin(sweep)!;
        var trial = final.Study.Ask();
        var training = folder["run/final/trial-0/training-part/seed-1"];
        var successor = new Successor(training);
        double value = final.Run(trial, new(), [successor]);
        string[] files = [Path.Combine(successor.Folder!, "checkpoint"), Path.Combine(successor.Folder!, "checkpoint.00000000.11111111.tmp")];
        Assert.All(files, f => Assert.True(File.Exists(f), f));

        final.Study.Tell(trial, value);
        final.Tidy(final.Study.Trials[0]);
        // The temporary file is of somebody who writes it.
        Assert.Equal([false, true], files.Select(File.Exists));
        Assert.Equal([files[1]], folder.Files(training, "checkpoint*"));
    }

    [SmallDiskFact]
    public void An_attempt_on_a_full_disk_is_refused_once()
    {
        using var disk = SmallDisk.Mount(folder["small"])!;
        Assert.ThrowsAny<IOException>(() =>
        {
            using var filler = File.Create(folder["small/filler"], bufferSize: 1);
            filler.Write(new byte[4 << 20]);
        });
        Assert.ThrowsAny<IOException>(() => AttemptFiles.Begin(folder["small/seed-1"], new string('x', 10_000)));
        Assert.Single(Directory.EnumerateDirectories(folder["small/seed-1"]));
        Assert.Empty(folder.Files("small/seed-1", "params.json*"));
    }

    // A script takes the place of a worker: it has searched, begins the final round, and hangs.
    [Fact]
    public void A_worker_that_hangs_in_the_final_round_is_ended()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const string script = """echo '{"kind":"ready"}'; echo '{"kind":"searched"}'; read line; echo '{"kind":"progress","trial":3}'; exec sleep 600""";
        var (view, clock) = (new WatchingView(), new Clock());
        var search = new SearchOptions
        {
            Space = [],
            Objective = [new() { Maximize = "validation.accuracy" }],
            TrialTimeout = new(TimeSpan.FromMinutes(1)),
            Final = new() { Timeout = new(TimeSpan.FromMinutes(5)) },
        };
        using var crew = new WorkerCrew(folder.Path, search, new("sh", "-c", script), view, null, clock);
        crew.Start();
        SweepTestFolder.Until(() => crew.HasSearched, crew.Look);
        crew.BeginFinal("final: trial 0, one");
        SweepTestFolder.Until(() => crew.Progress[0].Trial == 3, crew.Look);
        // Longer than a trial may take.
        clock.Forward(TimeSpan.FromMinutes(3));
        crew.Look();
        Assert.Empty(view.Messages);
        clock.Forward(TimeSpan.FromMinutes(3));
        SweepTestFolder.Until(() => view.Messages.Count > 1, crew.Look);
        Assert.Equal("worker 1 hangs in final training 3 and is ended.", view.Messages[0]);
        Assert.Contains("another takes its place", view.Messages[1], StringComparison.Ordinal);
    }

    [Fact]
    public void The_study_is_told_of_a_checkpoint_when_its_file_is_there()
    {
        using var study = Study.InMemory("told", Goal.Maximize, new RandomSampler());
        Assert.Null(After(study, reports => reports.EpochEnded(Epoch(1))).Checkpoint);
        var again = After(study, reports =>
        {
            reports.EpochEnded(Epoch(1));
            reports.CheckpointWritten(1);
            reports.EpochEnded(Epoch(2));
        });
        Assert.Equal("attempt-1", again.Checkpoint);
        // The second epoch has no file yet.
        Assert.Equal([1], again.Record.Reports.Select(r => r.Step));

        static EpochReport Epoch(int number) =>
            new(number, new Dictionary<string, double>(), new Dictionary<string, double> { ["accuracy"] = number }, 1, 0);
    }

    // What the next attempt of the trial sees.
    private static Trial After(Study study, Action<TrialReports> train)
    {
        var trial = study.Ask();
        train(new(trial, "validation.accuracy", "attempt-1"));
        study.Release(trial);
        return study.Ask();
    }

    private RunResult Run(params string[] overrides) => folder.Run(folder.Load(Yaml, overrides));

    private IEnumerable<string?> Attempts(string training) =>
        Directory.EnumerateDirectories(folder[$"run/final/{training}"]).Select(Path.GetFileName).Order();

    // Takes the training over while it runs, and writes its checkpoint.
    private sealed class Successor(string training) : Callback
    {
        public string? Folder { get; private set; }

        public override bool EpochEnded(EpochReport epoch)
        {
            if (Folder is null)
            {
                Folder = AttemptFiles.Begin(training, "{}");
                File.WriteAllText(Path.Combine(Folder, "checkpoint"), "of the successor");
                File.WriteAllText(Path.Combine(Folder, "checkpoint.00000000.11111111.tmp"), "half of the next one");
            }

            return true;
        }
    }

    private sealed class Clock : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref now);

        public void Forward(TimeSpan time) => Interlocked.Add(ref now, time.Ticks);
    }
}
