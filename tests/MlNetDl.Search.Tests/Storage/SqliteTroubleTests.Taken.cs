using Microsoft.Data.Sqlite;
using MlNetDl.Files;
using MlNetDl.Search;
using MlNetDl.Search.Storage;
using MlNetDl.Search.Storage.Sql;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests.Storage;

/// <content>Files that others take away, replace or bring to a newer version while a worker has them open.</content>
public sealed partial class SqliteTroubleTests
{
    private const string GoOn = "while this program had it open, so nothing more can be recorded in it. Put the file back, or restore a copy";

    [Fact]
    public void A_store_that_is_deleted_under_a_worker_stops_it_at_its_next_write()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // An open file cannot be deleted or moved.
        }

        int ran = 0;
        using var study = Study.Open(Store, "study");
        Refused($"was deleted or moved {GoOn}", () => study.Optimize(
            trial =>
            {
                ran++;
                double value = Value(trial);
                if (trial.Number == 2)
                {
                    File.Delete(Store);
                }

                return value;
            },
            trials: 10));
        Assert.Equal(3, ran);
        Assert.False(File.Exists(Store));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_store_that_is_moved_or_replaced_takes_no_write_and_what_was_recorded_is_in_the_moved_file(bool replaced)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // An open file cannot be deleted or moved.
        }

        string moved = folder["moved.db"], problem = replaced ? "replaced by another file" : "deleted or moved";
        using (var study = Study.Open(Store, "study"))
        {
            study.Optimize(Value, trials: 3);
            File.Move(Store, moved);
            if (replaced)
            {
                File.WriteAllText(Store, "another file");
            }

            Refused($"was {problem} {GoOn}", () => study.Ask());
            Refused($"was {problem} {GoOn}", () => study.Enqueue(new Dictionary<string, object?>()));
            Assert.Equal(3, study.Trials.Count);
            File.Move(moved, Store, overwrite: true);

            // The file is back in its place.
            study.Optimize(Value, trials: 5);
        }

        Kept(5);
    }

    [Fact]
    public void A_store_that_is_deleted_during_a_write_does_not_say_that_it_kept_it()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // An open file cannot be deleted or moved.
        }

        using var store = new SqliteStore(Store);
        long study = store.Open("study", [Goal.Minimize], null).Id;
        Refused($"was deleted or moved {GoOn}", () =>
        {
            using var write = store.Session.Write();
            store.Session.Execute($"INSERT INTO event (study, number, \"at\", kind, text) VALUES ({study}, {0}, {0}, {"note"}, {"text"})");
            File.Delete(Store);
            write.Commit();
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tables_of_a_newer_version_stop_a_worker_that_had_the_store_open(bool reads)
    {
        int newer = SqlTables.Versions.Count + 1;
        using var study = Study.Open(Store, "study");
        Refused(
            $"was brought to version {newer} of the tables while this program had it open, but this program knows versions 1 to "
                + $"{newer - 1}. End this program and go on with the newer one",
            () => study.Optimize(
                trial =>
                {
                    double value = Value(trial);
                    if (trial.Number == 2)
                    {
                        using var session = new SqlSession(new SqliteDialect(Store, Short), typeof(SqliteStore));
                        SqlSchema.Update(session, [.. SqlTables.Versions, _ => "ALTER TABLE study ADD COLUMN novelty TEXT"]);
                        Assert.Equal(0, reads ? study.Trials.Count : 0);
                    }

                    return value;
                },
                trials: 10));

        // Nothing was written: the trial still runs, for a newer program to take over.
        using var newest = new SqlSession(new SqliteDialect(Store, Short), typeof(SqliteStore));
        Assert.Equal(
            ["Complete", "Complete", "Running"],
            newest.Query($"SELECT state FROM trial ORDER BY number", row => row.GetString(0)));
    }

    [Fact]
    public void A_file_system_without_locks_is_told_at_once_and_nothing_is_made()
    {
        const string Problem = "lies on a file system without working locks, as some network folders are, so two processes could write "
            + "at once and damage it. Keep the study on a local disk";
        Refused(Problem, () => new SqlStore(Dialect(locksWork: false)).Dispose());
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        foreach (bool? works in (bool?[])[true, null])
        {
            new SqlStore(Dialect(works)).Dispose();
        }

        // SQLite's own locks may fail where those of .NET do not: https://sqlite.org/rescode.html.
        foreach (int extended in (int[])[2058, 2314, 3594, 3850, 5130])
        {
            var failure = new SqliteException("disk I/O error", extended & 255, extended);
            Refused(Problem, () => throw Dialect(true).Explain(failure));
        }

        Refused("cannot be read or written: its device failed", () => throw Dialect(true).Explain(new SqliteException("", 10, 266)));

        SqliteDialect Dialect(bool? locksWork) => new(Store, Short, file => file == Store ? locksWork : true);
    }

    [Fact]
    public void Whether_locks_work_is_tried_with_two_handles_and_leaves_nothing()
    {
        Assert.True(TemporaryFile.LocksWorkBeside(Store));
        Assert.Null(TemporaryFile.LocksWorkBeside(Path.Combine(folder["none"], "study.db")));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_file_has_one_identity_and_its_replacement_another()
    {
        File.WriteAllText(folder["a"], "");
        File.WriteAllText(folder["b"], "");
        var a = FileIdentity.Of(folder["a"])!.Value;
        Assert.Null(FileIdentity.Of(folder["none"]));
        Assert.Null(FileIdentity.Of(Path.Combine(folder["a"], "none")));
        File.AppendAllText(folder["a"], "more");
        Assert.False(FileIdentity.Of(folder["a"])!.Value.DiffersFrom(a));
        if (!OperatingSystem.IsWindows())
        {
            Assert.True(FileIdentity.Of(folder["b"])!.Value.DiffersFrom(a));
            File.Move(folder["b"], folder["a"], overwrite: true);
            Assert.True(FileIdentity.Of(folder["a"])!.Value.DiffersFrom(a));
        }
    }
}
