using MlNetDl.Search;

namespace MlNetDl.Cli.Tests.Sweeps;

/// <content>Processes that are killed.</content>
public sealed partial class SweepTests
{
    [Fact]
    public void A_sweep_of_one_worker_is_the_same_twice_and_when_it_was_killed()
    {
        folder.Run(Load(), "whole");
        SweepProcesses.RunWithKills(folder, "torn", new Random(7), 1500, 3500);
        Assert.Equal(folder.TrialTexts("whole"), folder.TrialTexts("torn"));
    }

    [Fact]
    public void A_worker_that_is_killed_is_replaced_and_its_trial_goes_on()
    {
        var killed = new HashSet<int>();
        var view = new WatchingView();
        view.OnWorking = workers =>
        {
            if (workers[0].Trial is { } trial && killed.Count < 2 && killed.Add(trial))
            {
                foreach (var worker in SweepProcesses.Workers(folder["run"]))
                {
                    worker.Kill();
                }
            }
        };
        folder.Run(Load("training.epochs=12", "search.pruner=none", "search.maxTrials=4"), view: view);
        Assert.Equal(2, killed.Count);
        var trials = folder.Trials();
        Assert.Equal(4, trials.Count);
        Assert.All(trials, t => Assert.Equal(TrialState.Complete, t.State));
        Assert.All(trials, t => Assert.Equal(Enumerable.Range(1, 12).Select(i => (long)i), t.Reports.Select(r => r.Step)));
        Assert.Contains(view.Messages, m => m.Contains("was lost", StringComparison.Ordinal));
    }
}
