using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using MlNetDl.Files;

namespace MlNetDl.Search.Storage.Sql;

/// <summary>All that is SQLite's own.</summary>
/// <param name="path">The file, as a full path.</param>
/// <param name="busyTimeout">How long to wait for others.</param>
/// <param name="locksWork">Whether locks work in a file's folder; <see langword="null"/> where that is not to be known.
/// By default it is tried.</param>
internal sealed class SqliteDialect(string path, TimeSpan busyTimeout, Func<string, bool?>? locksWork = null) : SqlDialect
{
    private const string NoLocks = "lies on a file system without working locks, as some network folders are, so two processes "
        + "could write at once and damage it. Keep the study on a local disk, or in a database with a server by an SqlDialect; "
        + "nothing was written.";

    // SQLite's result codes, https://sqlite.org/rescode.html.
    private const int Perm = 3,
        Busy = 5,
        Locked = 6,
        ReadOnly = 8,
        InputOutput = 10,
        Corrupt = 11,
        Full = 13,
        CantOpen = 14,
        NoDatabase = 26,
        ReadLock = 2314,
        Unlock = 2058,
        CheckLock = 3594,
        Lock = 3850,
        SharedLock = 5130;

    private FileIdentity? opened;

    public override string Place => path;

    // The lock is taken at once: a transaction that reads first and writes then could fail half way.
    public override string BeginWrite => "BEGIN IMMEDIATE";

    public override string BeginRead => "BEGIN";

    public override string Identity => "INTEGER PRIMARY KEY";

    // No type: a column of type REAL keeps whole numbers as integers and so loses the sign of zero.
    public override string Real => "";

    public override string ListTables => "SELECT name FROM sqlite_master WHERE type = 'table'";

    public override DbConnection Connect()
    {
        if ((locksWork ?? TemporaryFile.LocksWorkBeside)(path) == false)
        {
            throw new StudyStoreException($"study store '{path}' {NoLocks}");
        }

        try
        {
            var connection = Connect(path, SqliteOpenMode.ReadWriteCreate);

            // Windows lets nobody delete or replace an open file.
            opened = OperatingSystem.IsWindows() ? null : FileIdentity.Of(path);
            return connection;
        }
        catch (SqliteException e) when (e.SqliteErrorCode is ReadOnly or CantOpen or Perm && IsAtRest())
        {
            // Where even the files that readers and writers share may not be written, no other process writes either.
            // So the file is read as it lies.
            return Connect($"{new Uri(path).AbsoluteUri}?immutable=1", SqliteOpenMode.ReadOnly);
        }
    }

    // SQLite goes on writing to a file that has no name any more.
    public override void CheckPlace()
    {
        if (opened is { } before && !(FileIdentity.Of(path) is { } now && !now.DiffersFrom(before)))
        {
            throw new StudyStoreException($"study store '{path}' was {(File.Exists(path) ? "replaced by another file" : "deleted or moved")} "
                + "while this program had it open, so nothing more can be recorded in it. Put the file back, or restore a copy, and "
                + "start the program again.");
        }
    }

    public override StudyStoreException Explain(DbException failure) =>
        new($"study store '{path}' {Problem(failure)} ({failure.Message.TrimEnd('.')})", failure);

    private string Problem(DbException failure) => (failure as SqliteException)?.SqliteErrorCode switch
    {
        Busy or Locked => string.Create(CultureInfo.InvariantCulture,
            $"is locked: another connection has kept it from being used for {busyTimeout.TotalSeconds} s. End the "
                + $"program that holds it, or try again; nothing was written."),
        ReadOnly or Perm => "cannot be written. Give this user the right to write the file and its folder, or copy "
            + "them; nothing was written.",
        CantOpen => "cannot be opened. Check that its folder exists and that this user may read and write both; nothing was written.",
        Full => "has no space left on its device. Free some space and go on: what was recorded before is kept, this write is not.",
        Corrupt => "is damaged. Restore a copy, or save what can be read with the command line program of SQLite and its command .recover.",
        NoDatabase => "is no SQLite database, or a damaged one. Restore a copy, or choose another place for the "
            + "study; nothing was written.",
        InputOutput when failure is SqliteException { SqliteExtendedErrorCode: ReadLock or Unlock or CheckLock or Lock or SharedLock } =>
            NoLocks,
        InputOutput => "cannot be read or written: its device failed. Check the device; what was recorded before is "
            + "kept, this write is not.",
        _ => "failed.",
    };

    /// <summary>Whether the file is there and whole. Late commits, and those under way, would lie in files beside it,
    /// and reading it without them would show an older study.</summary>
    private bool IsAtRest() => File.Exists(path) && !File.Exists($"{path}-wal");

    private SqliteConnection Connect(string source, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = source,
            Mode = mode,
            // A pool would keep the file open after the store is disposed of.
            Pooling = false,
            // SQLite itself waits for locks, in steps of milliseconds; the client's own waiting, in steps of 150 ms,
            // only serves the change to WAL below.
            DefaultTimeout = Math.Max(1, (int)Math.Ceiling(busyTimeout.TotalSeconds)),
        }.ToString());
        try
        {
            connection.Open();
            Set(connection, string.Create(CultureInfo.InvariantCulture, $"busy_timeout = {(long)busyTimeout.TotalMilliseconds}"));
            if (mode != SqliteOpenMode.ReadOnly)
            {
                // Readers and the writer do not wait for each other, and a commit is one append.
                Set(connection, "journal_mode = WAL");

                // A kill of the process loses nothing, because the operating system has all commits. A power cut may
                // undo the last commits, whole ones and in order, and never corrupts; the trials concerned run again.
                // FULL would prevent that for one flush of the disk a commit, some 8 a trial.
                Set(connection, "synchronous = NORMAL");
            }

            Set(connection, "foreign_keys = ON");
            connection.DefaultTimeout = 1;
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Set(SqliteConnection connection, string pragma)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA {pragma}";
        command.ExecuteNonQuery();
    }
}
