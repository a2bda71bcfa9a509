using MlNetDl.Search;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Cli.Tests.Sweeps;

/// <content>Several workers, of which some are killed.</content>
public sealed partial class PopulationTests
{
    [Fact]
    public void Several_workers_that_are_killed_lose_no_checkpoint_that_a_trial_goes_on_from()
    {
        var (killed, random) = (new HashSet<int>(), new Random(3));
        var view = new WatchingView();
        view.OnWorking = workers =>
        {
            // One worker in each third of the search.
            if (workers.Max(w => w.Trial) is { } trial && killed.Count < 3 && trial >= 8 * killed.Count && killed.Add(trial)
                && SweepProcesses.Workers(folder["run"]) is { Count: > 0 } processes)
            {
                processes[random.Next(processes.Count)].Kill();
            }
        };
        Run("run", view, "search.workers=3", "search.maxTrials=24", "search.sampler={type: populationBased, populationSize: 4}");
        var trials = folder.Trials();
        // Where trials are short, a third may be over between two looks.
        Assert.InRange(killed.Count, 1, 3);
        Assert.Contains(view.Messages, m => m.Contains("was lost", StringComparison.Ordinal));
        Assert.All(trials, t => Assert.Equal((TrialState.Complete, null), (t.State, t.Error)));
        Assert.Equal(24, trials.Count);
        Assert.Contains(trials, t => PopulationBasedSampler.TryParentOf(t, out _));
        Assert.Equal(16, new PopulationBasedSampler { PopulationSize = 4 }.KeptTrials);
        Assert.Empty(Enumerable.Range(8, 16).Except(With("checkpoint")));
    }
}
