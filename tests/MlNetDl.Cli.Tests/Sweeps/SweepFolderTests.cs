using System.Diagnostics;
using MlNetDl.Configuration;
using MlNetDl.Experiments;
using MlNetDl.Search;

namespace MlNetDl.Cli.Tests.Sweeps;

/// <summary>Sweeps that are stopped, made longer and added to by their folder.</summary>
public sealed class SweepFolderTests : IDisposable
{
    private const string Yaml = SweepTestFolder.Digits + """
        search:
          space:
            training.optimizer.learningRate: { logUniform: [1e-3, 1e-1] }
            network.hidden[0]: { integer: [4, 32] }
          objective: { maximize: validation.accuracy }
          maxTrials: 2
        """;

    private readonly SweepTestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_search_is_made_longer_and_what_is_enqueued_runs_first()
    {
        Run();
        var sweep = SweepFolder.Open(folder["run"]);
        Assert.Equal(5, sweep.Extend(3));
        Assert.False(File.Exists(folder["run/result.json"]));
        Assert.Equal(5, SweepFolder.Open(folder["run"]).Experiment.Search!.MaxTrials);
        Assert.Equal(2, sweep.Enqueue(new Dictionary<string, object?> { ["network.hidden[0]"] = 9, ["training.optimizer.learningRate"] = 0.02 }));
        Assert.Equal(1, sweep.Status().Waiting);

        var result = folder.Run(sweep.Experiment);
        Assert.Equal(5, result.Search!.Complete);
        using var study = folder.OpenStudy();
        Assert.Equal((9, 0.02), (study.Trials[2].ValueOf<long>("network.hidden[0]"), study.Trials[2].ValueOf<double>("training.optimizer.learningRate")));
    }

    [Fact]
    public void A_failed_trial_is_tried_again_once_with_its_parameters()
    {
        // A trial that takes longer than it may fails.
        Run("search.trialTimeout=0.001", "training.epochs=100000", "search.maxTrials=1");
        var sweep = SweepFolder.Open(folder["run"]);
        var status = sweep.Status();
        Assert.Equal((1, 1), (status.Failed, status.Failures.Count));
        Assert.Contains("search.trialTimeout", status.Failures[0].Reason, StringComparison.Ordinal);

        Assert.Equal([new(0, 1)], sweep.RetryFailed());
        Assert.Empty(sweep.RetryFailed());
        Assert.Equal(2, sweep.Experiment.Search!.MaxTrials);
        Assert.Contains("no trial has failed that was not tried again", Tool.Run("study", "retry-failed", folder["run"]).Output, StringComparison.Ordinal);
        Assert.Throws<StudyException>(() => folder.Run(sweep.Experiment));
        using var study = folder.OpenStudy();
        Assert.Equal(study.Trials[0].Numbers, study.Trials[1].Numbers);
        // The second trial failed too, and has not been tried again.
        Assert.Equal([new(1, 2)], sweep.RetryFailed());
    }

    [Fact]
    public async Task A_stop_ends_runner_and_workers_with_checkpoints_and_resuming_goes_on()
    {
        File.WriteAllText(folder["a.yaml"], Yaml);
        using var runner = Process.Start(ChildProcess.Start(
            Tool.Dll, "run", folder["a.yaml"], "--output", folder["run"], "training.epochs=4000", "search.maxTrials=3"))!;
        var said = runner.StandardOutput.ReadToEndAsync();
        SweepTestFolder.Until(() => File.Exists(folder["run/study.db"]));
        using var worker = Process.Start(ChildProcess.Start(Tool.Dll, "worker", folder["run"], "--name", "by hand"))!;
        SweepTestFolder.Until(
            () => SweepFolder.Open(folder["run"]).Status() is { Running: var running } && running.Count == 2 && running.All(r => r.Reports > 1));
        var sweep = SweepFolder.Open(folder["run"]);
        var status = sweep.Status();
        Assert.Equal((1, 2), (status.Runners, status.Workers));
        Assert.Contains(status.Running, r => r.Worker == "by hand");
        Assert.Contains("runs with 2 workers", Tool.Run("study", "status", folder["run"]).Output, StringComparison.Ordinal);
        Assert.Contains("stop it first", Tool.Fails(1, "study", "extend", folder["run"], "1"), StringComparison.Ordinal);

        Assert.Contains("stopped. 'mldl study resume", Tool.Run("study", "stop", folder["run"]).Output, StringComparison.Ordinal);
        await runner.WaitForExitAsync();
        await worker.WaitForExitAsync();
        Assert.Equal((130, 0), (runner.ExitCode, worker.ExitCode));
        Assert.Contains("stopping: the workers write checkpoints", await said, StringComparison.Ordinal);
        var after = sweep.Status();
        Assert.Equal((0, 0, 0, 2), (after.Runners, after.Workers, after.Running.Count, after.Waiting));
        Assert.Equal(2, folder.Files("run/trials", "checkpoint*").Count());
        Assert.False(sweep.Stop());
        Assert.False(File.Exists(folder["run/workers/stop"]));

        // Who begins after a request is not meant by it. Both trials go on from their checkpoints.
        sweep.RequestStop();
        using var resumed = new Stopper(trial => trial.Attempt == 2 && trial.Reports.Count > 1);
        Assert.ThrowsAny<OperationCanceledException>(() => folder.Run(sweep.Experiment, "run", resumed, resumed.Token));
        Assert.True(resumed.Token.IsCancellationRequested);
    }

    [Fact]
    public void The_file_of_a_dead_process_is_nobody()
    {
        Run();
        var left = folder["run/workers/runner@here@1@x.present"];
        File.WriteAllText(left, "");
        Assert.Equal(0, SweepFolder.Open(folder["run"]).Status().Runners);
        Assert.False(File.Exists(left));
        using (SweepPresence.Enter(folder["run"], SweepPresence.Runner, CancellationToken.None))
        {
            Assert.Equal(1, SweepFolder.Open(folder["run"]).Status().Runners);
        }

        Assert.Equal(0, SweepFolder.Open(folder["run"]).Status().Runners);
    }

    [Fact]
    public void Sweeps_over_seeds_are_compared_by_them_and_others_refused()
    {
        Run("search.repeat=2", "search.maxTrials=2");
        Run("other", "search.repeat=2", "search.maxTrials=2", "search.sampler={type: random, seed: 5}");
        var (a, b) = (SweepFolder.Open(folder["run"]), SweepFolder.Open(folder["other"]));
        var trials = a.Compare(0, 1);
        using var study = folder.OpenStudy();
        Assert.Equal(study.Trials[0].Reports.Select(r => r.Value), trials.ValuesA);
        Assert.Equal(2, trials.Comparison!.Test.Count);
        Assert.Equal(2, a.Compare(b).ValuesB.Count);

        Run("folds", "search.folds=3", "training.validationFraction=0", "search.maxTrials=2");
        var folds = SweepFolder.Open(folder["folds"]);
        Assert.Equal(3, folds.Compare(0, 1).Comparison!.Test.Count);
        // Seeds and folds are no pairs.
        Assert.Equal((2, 3), (a.Compare(folds).ValuesA.Count, a.Compare(folds).ValuesB.Count));

        Run("loss", "search.objective={minimize: validation.loss}", "search.maxTrials=1");
        var e = Assert.Throws<ConfigurationException>(() => a.Compare(SweepFolder.Open(folder["loss"])));
        Assert.Contains("cannot be compared", e.Message, StringComparison.Ordinal);
    }

    private void Run(params string[] overrides)
    {
        var name = overrides is [var first, ..] && !first.Contains('=', StringComparison.Ordinal) ? first : "run";
        try
        {
            folder.Run(folder.Load(Yaml, [.. overrides.Where(o => o != name)]), name);
        }
        catch (StudyException)
        {
            // All trials of a test of failures fail.
        }
    }

    private sealed class Stopper(Func<TrialRecord, bool> when) : SweepView, IDisposable
    {
        private readonly CancellationTokenSource stop = new();

        public CancellationToken Token => stop.Token;

        public void Dispose() => stop.Dispose();

        public override void Working(IReadOnlyList<WorkerProgress> workers)
        {
            if (workers.Any(w => w.Record is { } trial && when(trial)))
            {
                stop.Cancel();
            }
        }
    }
}
