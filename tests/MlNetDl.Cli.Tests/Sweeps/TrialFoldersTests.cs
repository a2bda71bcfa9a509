using MlNetDl.Experiments;

namespace MlNetDl.Cli.Tests.Sweeps;

/// <summary>The models of trials that end at the same time.</summary>
public sealed class TrialFoldersTests : IDisposable
{
    private const string Yaml = SweepTestFolder.Digits + """
        search:
          space: { training.optimizer.learningRate: { logUniform: [1e-3, 1e-1] } }
          objective: { maximize: validation.accuracy }
          sampler: random
        """;

    private readonly SweepTestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_better_trial_that_ends_while_another_worker_tidies_keeps_its_model()
    {
        RunFolder.Open(folder["run"], folder.Load(Yaml));
        using Sweep tidier = Sweep.Open(folder["run"], "tidier"), teller = Sweep.Open(folder["run"], "teller");
        var best = End(teller, 0);
        using var end = new CancellationTokenSource();
        var tidying = Task.Run(() =>
        {
            var folders = new TrialFolders(tidier);
            while (!end.IsCancellationRequested)
            {
                folders.Tidy(tidier.Study.Best!);
            }
        });
        try
        {
            for (int value = 1; value <= 50; value++)
            {
                // Until a better trial is told, the model of the best one is there.
                best = End(teller, value, () => Assert.True(File.Exists(best), $"{best} is gone"));
            }
        }
        finally
        {
            await end.CancelAsync();
            await tidying;
        }

        Assert.True(File.Exists(best), $"{best} is gone");
    }

    // Ends a trial and returns the path of its model.
    private static string End(Sweep sweep, double value, Action? beforeTold = null)
    {
        var trial = sweep.Study.Ask();
        var model = Path.Combine(Directory.CreateDirectory(sweep.AttemptFolder(trial.Number, 1)).FullName, SeedRun.Model);
        File.WriteAllText(model, "a model");
        beforeTold?.Invoke();
        sweep.Study.Tell(trial, value);
        return model;
    }
}
