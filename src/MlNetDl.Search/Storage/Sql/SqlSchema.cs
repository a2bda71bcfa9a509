using System.Globalization;

namespace MlNetDl.Search.Storage.Sql;

/// <summary>Makes the tables in an empty database, and brings older ones up to date.</summary>
internal static class SqlSchema
{
    /// <summary>Brings a database to the newest version.</summary>
    /// <param name="session">The database.</param>
    /// <param name="versions">Each version's statements.</param>
    /// <exception cref="StudyStoreException">It has a newer version, or belongs to something else.</exception>
    public static void Update(SqlSession session, IReadOnlyList<Func<SqlDialect, string>> versions)
    {
        MakeOrRaise(session, versions);
        session.Version = versions.Count;
    }

    /// <summary>Refuses tables that another program has brought to a newer version meanwhile.</summary>
    /// <param name="session">The database, in a transaction.</param>
    /// <param name="known">The version that the tables had.</param>
    /// <exception cref="StudyStoreException">They have another version now, or none.</exception>
    public static void CheckVersion(SqlSession session, int known)
    {
        int version = VersionOf(session);
        if (version != known)
        {
            throw new StudyStoreException(string.Create(CultureInfo.InvariantCulture,
                $"study store '{session.Dialect.Place}' was brought to version {version} of the tables while this program "
                    + $"had it open, but this program knows versions 1 to {known}. End this program and go on with the newer "
                    + $"one, which takes over the trials that run here; this program writes nothing more."));
        }
    }

    private static void MakeOrRaise(SqlSession session, IReadOnlyList<Func<SqlDialect, string>> versions)
    {
        int found;
        using (session.Read())
        {
            found = Version(session, versions.Count);
            if (found == versions.Count)
            {
                return;
            }
        }

        try
        {
            Raise(session, versions);
        }
        catch (StudyStoreException e) when (found > 0)
        {
            throw new StudyStoreException(string.Create(CultureInfo.InvariantCulture,
                $"study store '{session.Dialect.Place}' has version {found} of the tables and must be brought to version "
                    + $"{versions.Count} before it can be read, which failed: {e.Message}"), e);
        }
    }

    private static void Raise(SqlSession session, IReadOnlyList<Func<SqlDialect, string>> versions)
    {
        // Another process may have done it by the time this one may write.
        using var write = session.Write();
        int version = Version(session, versions.Count);
        if (version == 0)
        {
            session.Run("CREATE TABLE schema_version (version BIGINT NOT NULL)");
            session.Execute($"INSERT INTO schema_version (version) VALUES ({0})");
        }

        for (; version < versions.Count; version++)
        {
            session.Run(versions[version](session.Dialect));
            session.Execute($"UPDATE schema_version SET version = {version + 1}");
        }

        write.Commit();
    }

    private static int Version(SqlSession session, int known)
    {
        var tables = session.Query(
            System.Runtime.CompilerServices.FormattableStringFactory.Create(session.Dialect.ListTables),
            row => row.GetString(0));
        if (!tables.Contains("schema_version"))
        {
            if (tables.Count != 0)
            {
                throw new StudyStoreException($"'{session.Dialect.Place}' is a database of another program: it has "
                    + $"tables ({string.Join(", ", tables.Order(StringComparer.Ordinal).Take(3))}, …) but no table "
                    + "schema_version. Choose another place for the study.");
            }

            return 0;
        }

        int version = VersionOf(session);
        if (version > known)
        {
            throw new StudyStoreException(string.Create(CultureInfo.InvariantCulture,
                $"study store '{session.Dialect.Place}' has version {version} of the tables, but this program knows "
                    + $"versions 1 to {known}. Use a newer program; nothing was changed."));
        }

        return version;
    }

    private static int VersionOf(SqlSession session)
    {
        if (session.Query($"SELECT version FROM schema_version", row => row.Whole(0)) is not [var version])
        {
            throw new StudyStoreException(
                $"study store '{session.Dialect.Place}' does not say which version its tables have. Restore it from a copy.");
        }

        return version;
    }
}
