using System.Data.Common;
using DuckDB.NET.Data;
using MlNetDl.Search.Storage;
using MlNetDl.Search.Storage.Sql;

namespace MlNetDl.Search.Extensions.Tests.Parts;

/// <summary>Studies in a DuckDB file, for one process and one store at a time: DuckDB locks the file against other
/// processes, and of two transactions that change one row it lets one fail instead of wait.</summary>
internal sealed class DuckDbDialect(string path) : SqlDialect
{
    public override string Place => path;

    public override string BeginWrite => "BEGIN TRANSACTION";

    public override string BeginRead => "BEGIN TRANSACTION";

    // DuckDB has no columns that number themselves; the sequence is made with the connection.
    public override string Identity => "BIGINT PRIMARY KEY DEFAULT nextval('ids')";

    // The bits: of zeros alone in a column DuckDB keeps one, and with it one sign.
    public override string Real => "BIGINT";

    public override string ListTables => "SELECT table_name FROM duckdb_tables()";

    public override DbConnection Connect()
    {
        var connection = new DuckDBConnection($"Data Source={path}");
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE SEQUENCE IF NOT EXISTS ids";
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public override StudyStoreException Explain(DbException failure)
    {
        string problem = failure.Message.Contains("lock", StringComparison.OrdinalIgnoreCase)
                || failure.Message.Contains("onflict", StringComparison.Ordinal)
            ? "is in use. End the program that holds it; nothing was written."
            : "failed.";
        return new($"study store '{path}' {problem} ({failure.Message})", failure);
    }

    public override object ToColumn(double value) => BitConverter.DoubleToInt64Bits(value);

    public override double FromColumn(DbDataReader row, int column) => BitConverter.Int64BitsToDouble(row.GetInt64(column));

    public override (string Marker, string Name) Parameter(int index) => ($"$p{index}", $"p{index}");

    // DuckDB changes a row with an index by deleting it, which a key of another table that refers to it forbids.
    public override string References(string table) => "";

    // DuckDB has no partial indexes.
    public override string IndexWhere(string condition) => "";
}
