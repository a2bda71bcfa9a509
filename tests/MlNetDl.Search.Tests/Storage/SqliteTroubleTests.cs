using Microsoft.Data.Sqlite;
using MlNetDl.Search;
using MlNetDl.Search.Samplers;
using MlNetDl.Search.Storage;
using MlNetDl.Search.Storage.Sql;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests.Storage;

/// <summary>Files that cannot be used: one message that names the file and says what to do, and nothing lost.</summary>
public sealed partial class SqliteTroubleTests : IDisposable
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);
    private readonly TemporaryFolder folder = new();

    private string Store => folder["study.db"];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_store_that_another_connection_holds_is_waited_for_and_then_refused()
    {
        Make(trials: 3);
        using var store = new SqliteStore(Store, busyTimeout: Short);
        using var study = Study.Open(store, "study");
        using (var other = Connect())
        using (Command(other, "BEGIN EXCLUSIVE"))
        {
            // An error of the store ends the search; it fails no trial.
            var e = Assert.Throws<StudyStoreException>(() => study.Optimize(Value, trials: 5));
            Assert.StartsWith(
                $"study store '{Store}' is locked: another connection has kept it from being used for 0.05 s. End the "
                    + "program that holds it, or try again",
                e.Message,
                StringComparison.Ordinal);
            Assert.Equal(3, study.Trials.Count);
        }

        study.Optimize(Value, trials: 5);
        AllComplete(study, 5);
    }

    [Fact]
    public void A_store_that_another_connection_keeps_to_itself_is_not_opened()
    {
        Make(trials: 3);
        using (var other = Connect())
        using (Command(other, "PRAGMA locking_mode = EXCLUSIVE"))
        using (Command(other, "UPDATE study SET revision = revision"))
        {
            Refused("is locked: ", () => new SqliteStore(Store, busyTimeout: Short).Dispose());
        }

        Kept(3);
    }

    [Fact]
    public void A_store_that_cannot_be_written_says_so_and_can_be_read()
    {
        Make(trials: 3);
        using (var store = new SqliteStore(Store))
        {
            store.Session.Run("PRAGMA query_only = ON");
            using var study = Study.Open(store, "study");
            AllComplete(study, 3);
            Refused("cannot be written. Give this user the right to write the file and its folder", () => study.Optimize(Value, trials: 5));
        }

        Kept(3);
    }

    [Fact]
    public void A_store_where_nothing_may_be_written_can_be_read_all_the_same()
    {
        Make(trials: 3);
        ReadOnly(() =>
        {
            using var study = Study.Open(Store, "study");
            AllComplete(study, 3);
            Refused("cannot be written. Give this user the right to write the file and its folder", () => study.Optimize(Value, trials: 5));
            AllComplete(study, 3);
        });
        Kept(3);
    }

    [Fact]
    public void An_older_store_where_nothing_may_be_written_says_that_it_must_be_brought_up_to_date()
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Fixtures", "study-v1.db"), Store);
        ReadOnly(() => Refused(
            $"has version 1 of the tables and must be brought to version {SqlTables.Versions.Count} before it can be read, which failed: "
                + $"study store '{Store}' cannot be written. Give this user the right to write the file and its folder, or copy them",
            () => new SqliteStore(Store).Dispose()));
        using var store = new SqliteStore(Store);
        Assert.Equal(2, store.Studies().Count);
    }

    [Fact]
    public void What_lies_beside_a_store_that_was_not_closed_is_read_with_it_also_where_nothing_may_be_written()
    {
        using (var writer = new SqliteStore(Store))
        {
            using var study = Study.Open(writer, "study");
            study.Optimize(Value, trials: 3);
            foreach (string file in (string[])[Store, $"{Store}-wal"])
            {
                File.Copy(file, file.Replace("study.db", "copy.db", StringComparison.Ordinal));
            }
        }

        string copy = folder["copy.db"];
        Directory.CreateDirectory($"{copy}-shm");
        using (var whole = Study.Open(copy, "study"))
        {
            AllComplete(whole, 3);
            Assert.True(File.Exists($"{copy}-wal"));
        }
    }

    [Fact]
    public void A_full_device_ends_the_search_and_it_goes_on_when_there_is_space()
    {
        Make(trials: 3);
        var clock = new TestClock { Wall = DateTimeOffset.UtcNow };
        using (var store = new SqliteStore(Store, clock))
        {
            // Fewer pages than there are means: not one more.
            store.Session.Run("PRAGMA max_page_count = 1");
            using var study = Study.Open(store, "study");
            Refused(
                "has no space left on its device. Free some space and go on: what was recorded before is kept",
                () => study.Optimize(Value, trials: 10_000));
            int complete = study.Trials.Count(t => t.State == TrialState.Complete);
            Assert.True(complete > 3);
            Assert.True(study.Trials.Count <= complete + 1);
            store.Session.Run("PRAGMA max_page_count = 1000000");
            clock.Pass(TimeSpan.FromMinutes(2));
            study.Optimize(Value, trials: complete + 20);
            AllComplete(study, complete + 20);
        }
    }

    [Fact]
    public void A_folder_is_no_store_and_a_file_no_folder()
    {
        var e = Assert.Throws<StudyStoreException>(() => new SqliteStore(folder.Path));
        Assert.Equal($"study store '{folder.Path}' is a folder; name a file, such as '{folder["study.db"]}'.", e.Message);
        File.WriteAllText(folder["file"], "");
        string below = Path.Combine(folder["file"], "study.db");
        e = Assert.Throws<StudyStoreException>(() => new SqliteStore(below));
        Assert.StartsWith($"study store '{below}' cannot be made, because its folder cannot: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_folders_are_made()
    {
        string path = Path.Combine(folder.Path, "runs", "branin", "study.db");
        using (var study = Study.Open(path, "branin", Goal.Maximize, new RandomSampler { Seed = 3 }))
        {
            study.Optimize(Value, trials: 2);
        }

        using var again = Study.Open(path, "branin", new StudyOptions { Goals = [Goal.Maximize] });
        AllComplete(again, 2);
        again.Dispose();
        Assert.Equal(["study.db"], Directory.GetFiles(Path.GetDirectoryName(path)!).Select(f => Path.GetFileName(f)));
    }

    [Fact]
    public void A_clock_that_goes_back_changes_no_order_and_gives_no_negative_times()
    {
        var clock = new TestClock();
        using (var store = new SqliteStore(Store, clock))
        {
            using var study = Study.Open(store, "study");
            study.Optimize(
                trial =>
                {
                    clock.Wall -= TimeSpan.FromHours(1);
                    return Value(trial);
                },
                trials: 5);
            Assert.Equal([0, 1, 2, 3, 4], study.History.Finished.Select(t => t.Number));
        }

        using var reopened = Study.Open(Store, "study");
        AllComplete(reopened, 5);
        Assert.Equal([0, 1, 2, 3, 4], reopened.History.Finished.Select(t => t.Number));
        Assert.All(reopened.Trials, t => Assert.Equal(t.Started, t.Finished));
    }

    [Fact]
    public void A_store_that_was_closed_says_so()
    {
        var store = new SqliteStore(Store);
        store.Dispose();
        store.Dispose();
        Assert.Throws<ObjectDisposedException>(() => store.Studies());
    }

    private static double Value(Trial trial)
    {
        double x = trial.Uniform("x", -5, 5);
        trial.Report(0, x);
        return x * x;
    }

    private static void AllComplete(Study study, int trials)
    {
        Assert.Equal(Enumerable.Range(0, trials), study.Trials.Select(t => t.Number));
        Assert.All(study.Trials, t => Assert.Equal((TrialState.Complete, t.Numbers["x"] * t.Numbers["x"]), (t.State, t.Value)));
    }

    private void Make(int trials)
    {
        using var study = Study.Open(Store, "study");
        study.Optimize(Value, trials: trials);
    }

    /// <summary>Does something while nothing may be written in the store's folder.</summary>
    private void ReadOnly(Action work)
    {
        // The administrator may write anywhere: for them folders stand where SQLite would make its files.
        string[] places = [$"{Store}-wal", $"{Store}-shm"];
        foreach (string place in places)
        {
            Directory.CreateDirectory(place);
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Store, UnixFileMode.UserRead);
            File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        try
        {
            work();
        }
        finally
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                File.SetUnixFileMode(Store, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            foreach (string place in places)
            {
                Directory.Delete(place);
            }
        }
    }

    private void Kept(int trials)
    {
        using var study = Study.Open(Store, "study");
        AllComplete(study, trials);
    }

    private void Refused(string problem, Action work)
    {
        var e = Assert.Throws<StudyStoreException>(work);
        Assert.StartsWith($"study store '{Store}' {problem}", e.Message, StringComparison.Ordinal);
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={Store};Pooling=False");
        connection.Open();
        return connection;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
        return command;
    }
}
