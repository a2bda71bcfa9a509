using MlNetDl.Configuration;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Storage.Sql;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Storage;

/// <summary>Studies in a relational database, which a <see cref="SqlDialect"/> describes. One connection, which threads
/// take in turns; other processes have their own.</summary>
/// <remarks>Studies in an SQLite file: <see cref="SqliteStore"/>.</remarks>
public partial class SqlStore : StudyStore
{
    private readonly SqlSession session;

    /// <summary>Connects to a database; makes the tables in an empty one and brings older ones up to date.</summary>
    /// <param name="dialect">The database.</param>
    /// <param name="clock">The time of leases and records; the system's by default. With another one, leases alone tell
    /// who has died: processes of other programs go by the system's.</param>
    /// <exception cref="StudyStoreException">The database cannot be used, belongs to another program, or is of
    /// a newer version.</exception>
    public SqlStore(SqlDialect dialect, TimeProvider? clock = null)
        : base(clock)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        Process = Clock == TimeProvider.System ? WorkerProcess.Current : null;
        session = new(dialect, typeof(StudyStore));
        try
        {
            SqlSchema.Update(session, SqlTables.Versions);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    internal SqlSession Session => session;

    /// <summary>Which process starts trials here; tests play others.</summary>
    internal WorkerProcess? Process { get; set; }

    /// <inheritdoc/>
    public override StoredStudy Open(string name, IReadOnlyList<Goal> goals, SearchSpace? space)
    {
        using (session.Read())
        {
            // A study that is opened to be read needs no right to write.
            if (Find(name) is { } known && Equals(StudyRules.SpaceToKeep(known.Info, goals, space, known.Trials), known.Info.Space))
            {
                return known.Info;
            }
        }

        using var write = session.Write();
        session.Execute($"""
            INSERT INTO study (name, directions, space, created, revision, trials)
            VALUES ({name}, {string.Join(' ', goals)}, {Form(space)}, {Now()}, {0}, {0}) ON CONFLICT DO NOTHING
            """);
        Lock(Find(name)!.Value.Info.Id);
        var (study, trials) = Find(name)!.Value;
        var kept = StudyRules.SpaceToKeep(study, goals, space, trials);
        if (!Equals(kept, study.Space))
        {
            session.Execute($"UPDATE study SET space = {Form(kept)} WHERE id = {study.Id}");
            if (trials > 0)
            {
                Widen(study.Id, study.Space!, kept!, trials);
            }
        }

        write.Commit();
        return study with { Space = kept };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<StoredStudy> Studies()
    {
        using (session.Read())
        {
            return session.Query($"SELECT id, name, directions, space, created, trials FROM study ORDER BY id", row => Study(row).Info);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            session.Dispose();
        }

        base.Dispose(disposing);
    }

    private static string? Form(SearchSpace? space) => space is null ? null : RecordJson.ToNode(space.ToForm()).ToJsonString();

    private (StoredStudy Info, int Trials)? Find(string name) =>
        session.Query($"SELECT id, name, directions, space, created, trials FROM study WHERE name = {name}", Study)
                is [var study]
            ? study
            : null;

    private static (StoredStudy Info, int Trials) Study(System.Data.Common.DbDataReader row) => (
        new(row.GetInt64(0), row.GetString(1), row.GetString(2).Split(' ').Select(SqlRows.Named<Goal>).ToValueList(),
            row.Text(3) is { } form ? RecordJson.Deserialize<SpaceForm>(form).ToSpace() : null, row.Time(4)!.Value),
        row.Whole(5));
}
