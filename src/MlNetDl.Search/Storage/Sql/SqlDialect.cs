using System.Data.Common;

namespace MlNetDl.Search.Storage.Sql;

/// <summary>Differences of one database from another. Deriving from this class and giving it to <see cref="SqlStore"/>
/// keeps studies in a further database.</summary>
/// <remarks>
/// <para>All other SQL is what SQLite, PostgreSQL and DuckDB have in common: the types <c>BIGINT</c> and <c>TEXT</c>,
/// names in double quotes, <c>RETURNING</c>, <c>ON CONFLICT</c>, <c>LIMIT</c>, <c>COMMIT</c> and <c>ROLLBACK</c>. For a
/// database without these derive from <see cref="StudyStore"/>.</para>
/// <para>Values are of type <see cref="long"/>, <see cref="double"/> or <see cref="string"/>, or are
/// <see cref="DBNull"/>. The client must give them back with <see cref="DbDataReader.GetInt64"/>,
/// <see cref="DbDataReader.GetDouble"/> and <see cref="DbDataReader.GetString"/>.</para>
/// <para>Every write begins by updating the row of its study, so that writers of one study queue where the
/// database locks rows.</para>
/// </remarks>
public abstract class SqlDialect
{
    /// <summary>Where the studies are, for messages: a path or an address, without a password.</summary>
    public abstract string Place { get; }

    /// <summary>The statement that begins a transaction which writes. From here on, or from its first update of a
    /// study's row, no other writer of that study may get in between: a transaction that fails half way is an error to
    /// the user, and nothing is tried again.</summary>
    /// <remarks>Tables are made in such a transaction too, before there are studies. Where several processes may do
    /// that at once, the statement takes a lock of its own, such as an advisory one.</remarks>
    public abstract string BeginWrite { get; }

    /// <summary>The statement that begins a transaction which sees the database as it was at its first read.</summary>
    public abstract string BeginRead { get; }

    /// <summary>Type of a primary key of 64 bits that numbers itself, in order of insertion: <c>BIGINT GENERATED ALWAYS
    /// AS IDENTITY PRIMARY KEY</c>. Gaps do no harm.</summary>
    public abstract string Identity { get; }

    /// <summary>Type of a column of doubles, which is written and read and never compared. NaN is kept
    /// as NULL; infinities and the sign of zero must survive. Where the database's own type keeps
    /// less, see <see cref="ToColumn"/>.</summary>
    public abstract string Real { get; }

    /// <summary>The query of the names of all tables, one a row. The store uses it to tell an empty database from
    /// another program's.</summary>
    public abstract string ListTables { get; }

    /// <summary>An open connection, set up. It belongs to the store, which uses it from one thread at a time and
    /// disposes of it.</summary>
    public abstract DbConnection Connect();

    /// <summary>The meaning of a failure of the database, and the remedy: who holds the lock, which right is missing,
    /// whether something was written.</summary>
    /// <param name="failure">What the client threw, also while connecting.</param>
    public abstract StudyStoreException Explain(DbException failure);

    /// <summary>The form in which a column of type <see cref="Real"/> keeps a double: the double itself by default. A
    /// database without infinities may keep the bits as a <see cref="long"/>.</summary>
    /// <param name="value">The double; not NaN.</param>
    public virtual object ToColumn(double value) => value;

    /// <summary>Reads what <see cref="ToColumn"/> made.</summary>
    /// <param name="row">The row.</param>
    /// <param name="column">The column, from 0; not NULL.</param>
    public virtual double FromColumn(DbDataReader row, int column) => row.GetDouble(column);

    /// <summary>How a parameter is written in SQL, and what the client calls it: both <c>@p0</c> by default, as most
    /// clients take it.</summary>
    /// <param name="index">Which parameter of the statement, from 0.</param>
    public virtual (string Marker, string Name) Parameter(int index) => ($"@p{index}", $"@p{index}");

    /// <summary>The constraint behind a column that refers to another table's <c>id</c>, with the blank
    /// before it; a foreign key by default. Empty where foreign keys do more harm than good: the store itself
    /// never breaks them.</summary>
    /// <param name="table">The other table.</param>
    public virtual string References(string table) => $" REFERENCES {table} (id)";

    /// <summary>The text after the columns of an index which needs some rows only, with the blank before it; the
    /// condition of a partial index by default. Empty where the database has no partial indexes: the index is then
    /// larger.</summary>
    /// <param name="condition">Which rows.</param>
    public virtual string IndexWhere(string condition) => $" WHERE {condition}";
}
