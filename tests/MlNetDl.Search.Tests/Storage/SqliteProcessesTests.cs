using System.Globalization;
using Microsoft.Data.Sqlite;
using MlNetDl.Search;
using MlNetDl.Search.Samplers;
using MlNetDl.Search.Storage;

namespace MlNetDl.Search.Tests.Storage;

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
        await Task.WhenAll(Enumerable.Range(0, 3)
            .Select(worker => Task.Factory.StartNew(() => KillAgainAndAgain(worker), TaskCreationOptions.LongRunning)));
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
            Assert.Equal(metrics.Count, metrics.DistinctBy(m => (m.Step, m.Key)).Count());
            Assert.Equal(trial.Reports, metrics.Where(m => m.Key == StudyStore.ObjectiveKey).Select(m => new Report(m.Step, m.Value)));
            Assert.All(metrics, m => Assert.Equal(trial.Attempt, m.Attempt));

            // Every second trial goes on from its checkpoints: what it carried over was logged before.
            Assert.All(
                metrics.Where(m => m.Key == "attempt"),
                m => Assert.InRange(m.Value, trial.Number % 2 == 0 ? 1 : m.Attempt, m.Attempt));
            Assert.Equal(value + (trial.Attempt / 1024.0), trial.Value);
        }

        var told = Directory.GetFiles(folder.Path, "*.log").SelectMany(File.ReadAllLines).Select(line => line.Split(' ')).ToList();
        Assert.NotEmpty(told);
        Assert.Equal(told.Count, told.DistinctBy(t => t[1]).Count());
        Assert.All(told, t => Assert.Equal(
            double.Parse(t[2], CultureInfo.InvariantCulture),
            study.Trials[int.Parse(t[1], CultureInfo.InvariantCulture)].Value));
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

        // Its process is there, so its lease of 100 ms must have run out by the steady clock before another
        // worker takes the trial.
        using var quick = StudyHost.Once(Store, "quick", lease: 60_000);
        Assert.Equal("open", quick.Line());
        Assert.Equal("asked 0 2", quick.Line());
        late.Say(2);
        Assert.Null(late.Line());
        Assert.True(late.EndsWithin(Patience));
        Assert.Equal(
            (1, "LeaseLostException: attempt 1 of trial 0 is no longer this worker's: its lease ran out and the trial "
                + "was taken over or given up, or it was given back. Nothing was written."),
            late.Result);
        quick.Say(3);
        Assert.Equal("reported 0", quick.Line());
        quick.SayNoMore();
        Assert.Equal("told", quick.Line());
        using var study = Study.Open(Store, "torture");
        Assert.Equal((3, 2, "quick"), (study.Trials.Single().Value, study.Trials[0].Attempt, study.Trials[0].Worker));
        Assert.Equal([new(1, 0, StudyStore.ObjectiveKey, 1), new(2, 0, StudyStore.ObjectiveKey, 3)], study.Store.AllMetrics(study.Id, 0));
    }

    [Fact]
    public void A_search_that_was_killed_goes_on_at_once_as_if_it_never_had()
    {
        string[] expected;
        using (var whole = Study.InMemory("search", new StudyOptions { Sampler = new TpeSampler { Seed = 3 } }))
        {
            whole.Optimize(Value, trials: 16);
            expected = [.. whole.Trials.Select(Text)];
        }

        // Killed within its 13th trial, when TPE has long begun to learn.
        using (var host = StudyHost.Search(Store, seed: 3, hang: 12))
        {
            Assert.Equal("open", host.Line());
            Assert.Equal("hangs", host.Line());
            Assert.False(host.EndsWithin(TimeSpan.Zero));
        }

        using var study = Study.Open(Store, "search", new StudyOptions { Sampler = new TpeSampler { Seed = 3 } });
        Assert.Equal(12, study.History.Running.Single().Number);
        study.Optimize(Value, trials: 16);
        Assert.Equal(expected, study.Trials.Select(Text));
        Assert.Equal(2, study.Trials[12].Attempt);
        Assert.Contains(
            "was left by its process, which has ended; the trial is run again.",
            study.Store.Events(study.Id).Single().Text,
            StringComparison.Ordinal);

        static double Value(Trial trial) => Math.Abs(trial.Uniform("x", -5, 10)) + trial.LogUniform("y", 1e-3, 1);

        static string Text(TrialRecord trial) => string.Create(CultureInfo.InvariantCulture,
            $"{trial.Number} {trial.Numbers["x"]:R} {trial.Numbers["y"]:R} {trial.Value:R}");
    }

    /// <summary>Starts a worker, kills it at a random moment, and again; when that was enough, lets it work
    /// to the end.</summary>
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
