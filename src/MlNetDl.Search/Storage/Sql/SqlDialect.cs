using System.Data.Common;

namespace MlNetDl.Search.Storage.Sql;

/// <summary>What one database does differently from another. All other SQL of the study store is common to SQLite and PostgreSQL: the
/// contract suite of stores has passed on PostgreSQL 15 through a dialect of these members, which is not part of the library yet.</summary>
internal abstract class SqlDialect
{
    /// <summary>Where the studies are, for messages: a path or an address.</summary>
    public abstract string Place { get; }

    /// <summary>The statement that begins a transaction which writes, alone from its beginning on.</summary>
    public abstract string BeginWrite { get; }

    /// <summary>The statement that begins a transaction which sees the database as it was at its first read.</summary>
    public abstract string BeginRead { get; }

    /// <summary>Type of a primary key that numbers itself.</summary>
    public abstract string Identity { get; }

    /// <summary>Type of a column of doubles; NaN is NULL, infinities and the sign of zero are kept.</summary>
    public abstract string Real { get; }

    /// <summary>The query of the names of all tables.</summary>
    public abstract string ListTables { get; }

    /// <summary>An open connection, set up.</summary>
    public abstract DbConnection Connect();

    /// <summary>What a failure of the database means and what to do about it.</summary>
    public abstract StudyStoreException Explain(DbException failure);
}
