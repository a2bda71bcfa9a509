using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using MlNetDl.Search;

namespace MlNetDl.Cli.Tests.Sweeps;

/// <summary>A sweep whose processes are killed at random. A few times here; <c>MLNETDL_TORTURE=50</c> kills that often, in a sweep
/// of 40 trials.</summary>
public sealed class TortureTests : IDisposable
{
    private static readonly int Asked = int.Parse(Environment.GetEnvironmentVariable("MLNETDL_TORTURE") ?? "0", CultureInfo.InvariantCulture);
    private static readonly (int Kills, int Trials) Size = Asked > 0 ? (Asked, 40) : (4, 4);
    private readonly SweepTestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Nothing_is_lost_or_doubled_when_workers_and_runners_are_killed_at_random()
    {
        File.WriteAllText(folder["a.yaml"], $$"""
            name: torture
            data: { dataset: optdigits, take: 1500 }
            network: { type: mlp, hidden: [16] }
            training: { epochs: 16, batchSize: 8, validationFraction: 0.25, threads: 1 }
            search:
              space:
                training.optimizer.learningRate: { logUniform: [1e-3, 1e-1] }
              sampler: random
              objective: { maximize: validation.accuracy }
              maxTrials: {{Size.Trials}}
              maxLost: 1000
              workers: 3
            """);
        int kills = Torture(new(3));
        Assert.True(kills >= Size.Kills, $"The sweep was over after {kills} kills.");

        using var study = folder.OpenStudy();
        Assert.Equal(Enumerable.Range(0, Size.Trials), study.Trials.Select(t => t.Number));
        Assert.All(study.Trials, t => Assert.True(t.State == TrialState.Complete, $"trial {t.Number} is {t.State}: {t.Error}"));
        Assert.All(study.Trials, t => Assert.Equal(Enumerable.Range(1, 16).Select(i => (long)i), t.Reports.Select(r => r.Step)));
        foreach (var trial in study.Trials)
        {
            var metrics = study.Store.Metrics(study.Id, trial.Number);
            Assert.Equal(metrics.Count, metrics.DistinctBy(m => (m.Step, m.Key)).Count());
        }

        Assert.Equal("ok", Integrity());
        // A trial that was resumed has the values of one that never stopped, bit for bit.
        var resumed = study.Trials.Where(t => t.Attempt > 1).Take(2).ToList();
        Assert.NotEmpty(resumed);
        foreach (var trial in resumed)
        {
            var rate = trial.ValueOf<double>("training.optimizer.learningRate").ToString("R", CultureInfo.InvariantCulture);
            var whole = ChildProcess.Dotnet(
                Tool.Dll, "run", folder["a.yaml"], "search=null", $"training.optimizer.learningRate={rate}", "--output", folder[$"whole{trial.Number}"]);
            Assert.True(whole.Code == 0, whole.Error);
            var values = File.ReadAllLines(folder[$"whole{trial.Number}/metrics.jsonl"])
                .Select(l => (double)System.Text.Json.Nodes.JsonNode.Parse(l)!["validation"]!["accuracy"]!);
            Assert.Equal(values, trial.Reports.Select(r => r.Value));
        }
    }

    // Kills now the runner, now one of the workers, until the sweep is over; the last run is left alone.
    private int Torture(Random random)
    {
        int kills = 0;
        while (!File.Exists(folder["run/result.json"]))
        {
            using var runner = Process.Start(new ProcessStartInfo("dotnet", ["exec", Tool.Dll, "run", folder["a.yaml"], "--output", folder["run"]])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var (output, error) = (runner.StandardOutput.ReadToEndAsync(), runner.StandardError.ReadToEndAsync());
            while (kills < Size.Kills && WorkGoesOn(runner) && !runner.WaitForExit(random.Next(300)))
            {
                var workers = SweepProcesses.Workers(folder["run"]);
                var victim = random.Next(6) == 0 || workers.Count == 0 ? runner : workers[random.Next(workers.Count)];
                try
                {
                    victim.Kill();
                    kills++;
                }
                catch (InvalidOperationException)
                {
                    // It has just ended.
                }

                if (ReferenceEquals(victim, runner))
                {
                    break;
                }
            }

            runner.WaitForExit();
            Assert.True(runner.ExitCode is 0 or 137, $"{runner.ExitCode}: {error.Result} {output.Result}");
        }

        return kills;
    }

    // A kill says little while everything only starts, which takes long on a busy machine.
    private bool WorkGoesOn(Process runner)
    {
        while (!runner.WaitForExit(50))
        {
            if (File.Exists(folder["run/study.db"]))
            {
                try
                {
                    using var study = folder.OpenStudy();
                    if (study.Trials.Any(t => t.State == TrialState.Running && t.Reports.Count > 0 && t.Reports.Count < 12))
                    {
                        return true;
                    }
                }
                catch (StudyException)
                {
                    // The file has no study yet.
                }
            }
        }

        return false;
    }

    private string Integrity()
    {
        using var connection = new SqliteConnection($"Data Source={folder["run/study.db"]};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        return (string)command.ExecuteScalar()!;
    }
}
