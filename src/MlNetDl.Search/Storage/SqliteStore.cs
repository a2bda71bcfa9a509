using MlNetDl.Search.Storage.Sql;

namespace MlNetDl.Search.Storage;

/// <summary>Studies in an SQLite file: for any number of processes of one machine. The file must lie on a local disk,
/// as network folders do not lock reliably: where locks do not work at all, the file is not opened.</summary>
/// <remarks>Beside the file lie <c>-wal</c> and <c>-shm</c> while it is open; they belong to it. A process that is
/// killed at any moment loses nothing that it has recorded.</remarks>
public sealed class SqliteStore : SqlStore
{
    /// <summary>Opens a file, or makes it and its folder.</summary>
    /// <param name="path">The file.</param>
    /// <param name="clock">The time of leases and records; the system's by default.</param>
    /// <param name="busyTimeout">How long to wait while another process writes; above 0, and 30 s by default: writes
    /// take milliseconds, so who waits longer waits for a process that hangs. Times below 1 s count as 1 s.</param>
    /// <remarks>A file that cannot be written, such as one in a folder of results, is opened to be read: writes then
    /// fail and say so.</remarks>
    /// <exception cref="StudyStoreException">The file cannot be opened or made, is no study store, is damaged, is of
    /// a newer version, or lies where locks do not work.</exception>
    public SqliteStore(string path, TimeProvider? clock = null, TimeSpan? busyTimeout = null)
        : base(Open(path, busyTimeout ?? TimeSpan.FromSeconds(30)), clock)
    {
    }

    private static SqliteDialect Open(string path, TimeSpan busyTimeout)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(busyTimeout, TimeSpan.Zero);
        path = Path.GetFullPath(path);
        if (Directory.Exists(path))
        {
            throw new StudyStoreException($"study store '{path}' is a folder; name a file, such as '{Path.Combine(path, "study.db")}'.");
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StudyStoreException($"study store '{path}' cannot be made, because its folder cannot: {e.Message}", e);
        }

        return new(path, busyTimeout);
    }
}
