using System.Globalization;
using Microsoft.Data.Sqlite;
using MlNetDl.Experiments.Search;
using MlNetDl.Experiments.Search.Storage;

namespace MlNetDl.Experiments.Tests.Search.Storage;

/// <summary>Several processes on one study, some of which die or hang.</summary>
public sealed class SqliteProcessesTests : IDisposable
{
    private const int Trials = 60, Steps = 5, Kills = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly TemporaryFolder folder = new();
    private int kills;

    private string Store => folder["study.db"];

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Workers_killed_at_any_moment_lose_nothing_and_leave_no_trace()
    {
        await Task.WhenAll(Enumerable.Range(0, 3).Select(worker => Task.Factory.StartNew(() => KillAgainAndAgain(worker), TaskCreationOptions.LongRunning)));
        Assert.True(kills >= Kills, $"the study was finished after {kills} kills.");
        using var study = Study.Open(Store, "torture");
        Assert.Equal(Enumerable.Range(0, Trials), study.Trials.Select(t => t.Number));
        Assert.All(study.Trials, t => Assert.Equal(TrialState.Complete, t.State));
        Assert.Equal(Enumerable.Range(0, Trials), study.History.Finished.Select(t => t.Number).Order());
        foreach (var trial in study.Trials)
        {
            double value = trial.Numbers["x"] * trial.Numbers["y"];
            Assert.Equal(Enumerable.Range(0, Steps).Select(s => new Report(s, value + s)), trial.Reports);
            var metrics = study.Store.Metrics(study.Id, trial.Number);
            Assert.Equal(metrics.Count, metrics.DistinctBy(m => (m.Attempt, m.Step, m.Key)).Count());
            Assert.All(metrics.Where(m => m.Key == "attempt"), m => Assert.Equal(m.Attempt, m.Value));
            Assert.Equal(value + (trial.Attempt / 1024.0), trial.Value);
        }

        var told = Directory.GetFiles(folder.Path, "*.log").SelectMany(File.ReadAllLines).Select(line => line.Split(' ')).ToList();
        Assert.NotEmpty(told);
        Assert.Equal(told.Count, told.DistinctBy(t => t[1]).Count());
        Assert.All(told, t => Assert.Equal(double.Parse(t[2], CultureInfo.InvariantCulture), study.Trials[int.Parse(t[1], CultureInfo.InvariantCulture)].Value));
        Assert.Equal("ok", Ask("PRAGMA integrity_check"));
        Assert.Null(Ask("PRAGMA foreign_key_check"));
        Assert.Contains(study.Store.Events(study.Id), e => e.Kind == "lost");
    }

    [Fact]
    public void A_worker_that_pauses_past_its_lease_is_refused()
    {
        using var late = StudyHost.Once(Store, "late", lease: 100);
        Assert.Equal("open", late.Line());
        Assert.Equal("asked 0 1", late.Line());
        late.Say(1);
        Assert.Equal("reported 0", late.Line());
        Thread.Sleep(150);
        using var quick = StudyHost.Once(Store, "quick", lease: 60_000);
        Assert.Equal("open", quick.Line());
        Assert.Equal("asked 0 2", quick.Line());
        late.Say(2);
        Assert.Null(late.Line());
        Assert.True(late.EndsWithin(Patience));
        Assert.Equal((1, "LeaseLostException: attempt 1 of trial 0 is no longer this worker's: its lease ran out and the trial was taken over, or it was given back. Nothing was written."), late.Result);
        quick.Say(3);
        Assert.Equal("reported 0", quick.Line());
        quick.SayNoMore();
        Assert.Equal("told", quick.Line());
        using var study = Study.Open(Store, "torture");
        Assert.Equal((3, 2, "quick"), (study.Trials.Single().Value, study.Trials[0].Attempt, study.Trials[0].Worker));
        Assert.Equal([new(1, 0, StudyStore.ObjectiveKey, 1), new(2, 0, StudyStore.ObjectiveKey, 3)], study.Store.Metrics(study.Id, 0));
    }

    /// <summary>Starts a worker, kills it at a random moment, and again; when that was enough, lets it work to the end.</summary>
    private void KillAgainAndAgain(int worker)
    {
        var random = new Random(worker);
        for (int life = 0; ; life++)
        {
            string name = $"w{worker}-{life}";
            using var host = StudyHost.Work(Store, name, folder[$"{name}.log"], Trials, Steps, milliseconds: 40, lease: 1_000);

            // One in five dies while it starts, the others at work.
            bool starting = random.Next(5) == 0;
            if (!starting)
            {
                host.Line();
            }

            var time = TimeSpan.FromMilliseconds(random.Next(starting ? 300 : 600));
            if (host.EndsWithin(Volatile.Read(ref kills) < Kills ? time : Patience))
            {
                Assert.Equal((0, ""), host.Result);
                return;
            }

            Interlocked.Increment(ref kills);
        }
    }

    private object? Ask(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Store};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
