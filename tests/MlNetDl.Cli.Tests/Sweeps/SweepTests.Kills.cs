using System.Diagnostics;
using MlNetDl.Experiments;
using MlNetDl.Search;

namespace MlNetDl.Cli.Tests.Sweeps;

/// <content>Processes that are killed.</content>
public sealed partial class SweepTests
{
    [Fact]
    public void A_sweep_of_one_worker_is_the_same_twice_and_when_it_was_killed()
    {
        File.WriteAllText(folder["a.yaml"], Yaml);
        Run(folder["whole"], Load());
        var random = new Random(7);
        for (int kills = 0; !File.Exists(folder["torn/result.json"]); kills++)
        {
            using var process = Process.Start(new ProcessStartInfo(
                "dotnet", ["exec", Tool.Dll, "run", folder["a.yaml"], "--output", folder["torn"]])
            { RedirectStandardOutput = true, RedirectStandardError = true })!;
            _ = process.StandardOutput.ReadToEndAsync();
            _ = process.StandardError.ReadToEndAsync();
            if (kills < 4)
            {
                process.WaitForExit(random.Next(1500, 3500));
                process.Kill();
            }

            process.WaitForExit();
        }

        Assert.Equal(Trials(folder["whole"]).Select(Text), Trials(folder["torn"]).Select(Text));
    }

    [Fact]
    public void A_worker_that_is_killed_is_replaced_and_its_trial_goes_on()
    {
        File.WriteAllText(folder["a.yaml"], Yaml);
        var killed = new HashSet<int>();
        var view = new WatchingView();
        view.OnWorking = workers =>
        {
            if (workers[0].Trial is { } trial && killed.Count < 2 && killed.Add(trial))
            {
                foreach (var worker in WorkerProcesses.Of(folder["run"]))
                {
                    worker.Kill();
                }
            }
        };
        Run(folder["run"], Load("training.epochs=12", "search.pruner=none", "search.maxTrials=4"), view);
        Assert.Equal(2, killed.Count);
        var trials = Trials(folder["run"]);
        Assert.Equal(4, trials.Count);
        Assert.All(trials, t => Assert.Equal(TrialState.Complete, t.State));
        Assert.All(trials, t => Assert.Equal(Enumerable.Range(1, 12).Select(i => (long)i), t.Reports.Select(r => r.Step)));
        Assert.Contains(view.Messages, m => m.Contains("was lost", StringComparison.Ordinal));
    }
}
