using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using MlNetDl.Configuration;

namespace MlNetDl.Search.Storage.Sql;

/// <summary>One connection, used by one thread at a time, with every statement prepared once. Values in interpolated
/// SQL become parameters.</summary>
internal sealed class SqlSession : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, DbCommand> commands = [];
    private readonly DbConnection connection;
    private readonly Type owner;
    private bool disposed;

    /// <summary>Opens a connection.</summary>
    /// <param name="dialect">The database.</param>
    /// <param name="owner">The name that users know it by, for the error of a use after it was disposed of.</param>
    public SqlSession(SqlDialect dialect, Type owner)
    {
        (Dialect, this.owner) = (dialect, owner);
        connection = Explained(dialect.Connect);
    }

    public SqlDialect Dialect { get; }

    /// <summary>The version of the tables that each transaction must find; <see langword="null"/> until it is
    /// known.</summary>
    public int? Version { get; set; }

    /// <summary>Begins a transaction that writes. Undone when it is disposed of before its commit.</summary>
    /// <exception cref="StudyStoreException">The database was taken away, or its tables have another
    /// <see cref="Version"/> by now.</exception>
    public SqlTransaction Write() => Begin(Dialect.BeginWrite, Dialect.CheckPlace);

    /// <summary>Begins a transaction that reads.</summary>
    /// <exception cref="StudyStoreException">The tables have another <see cref="Version"/> by now.</exception>
    public SqlTransaction Read() => Begin(Dialect.BeginRead, () => { });

    /// <summary>Runs a statement.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Execute(FormattableString sql)
    {
        var command = Command(sql);
        return Explained(command.ExecuteNonQuery);
    }

    /// <summary>The rows of a query.</summary>
    public List<T> Query<T>(FormattableString sql, Func<DbDataReader, T> row)
    {
        var command = Command(sql);
        return Explained(() =>
        {
            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
            {
                rows.Add(row(reader));
            }

            return rows;
        });
    }

    /// <summary>A double of a row; NaN where the column is NULL.</summary>
    public double Real(DbDataReader row, int column) => row.IsDBNull(column) ? double.NaN : Dialect.FromColumn(row, column);

    /// <summary>Runs statements as they stand, such as those that make tables.</summary>
    public void Run(string statements)
    {
        using var command = connection.CreateCommand();
        command.CommandText = statements;
        Explained(command.ExecuteNonQuery);
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (!disposed)
            {
                disposed = true;
                foreach (var command in commands.Values)
                {
                    command.Dispose();
                }

                connection.Dispose();
            }
        }
    }

    /// <summary>Ends the transaction. An earlier failure may have ended it already.</summary>
    internal void End(string statement, bool tolerant)
    {
        try
        {
            Prepared(statement, 0).ExecuteNonQuery();
        }
        catch (DbException) when (tolerant)
        {
        }
        catch (DbException e)
        {
            throw Dialect.Explain(e);
        }
    }

    internal void Leave() => gate.Exit();

    private SqlTransaction Begin(string statement, Action check)
    {
        gate.Enter();
        SqlTransaction begun;
        try
        {
            ObjectDisposedException.ThrowIf(disposed, owner);
            Explained(Prepared(statement, 0).ExecuteNonQuery);
            begun = new(this);
        }
        catch
        {
            gate.Exit();
            throw;
        }

        try
        {
            check();
            if (Version is { } version)
            {
                SqlSchema.CheckVersion(this, version);
            }

            return begun;
        }
        catch
        {
            begun.Dispose();
            throw;
        }
    }

    private DbCommand Command(FormattableString sql)
    {
        var command = Prepared(sql.Format, sql.ArgumentCount);
        for (int i = 0; i < sql.ArgumentCount; i++)
        {
            command.Parameters[i].Value = sql.GetArgument(i) switch
            {
                null or double.NaN => DBNull.Value,
                double real => Dialect.ToColumn(real),
                int whole => (long)whole,
                DateTimeOffset time => time.ToUnixTimeMilliseconds(),
                TimeSpan time => (long)Math.Ceiling(time.TotalMilliseconds),
                Enum name => name.ToString(),
                var value => value,
            };
        }

        return command;
    }

    private DbCommand Prepared(string format, int parameters)
    {
        if (!commands.TryGetValue(format, out var command))
        {
            command = connection.CreateCommand();
            var places = Enumerable.Range(0, parameters).Select(Dialect.Parameter).ToList();
            command.CommandText = string.Format(CultureInfo.InvariantCulture, format, [.. places.Select(p => p.Marker)]);
            foreach (var (_, name) in places)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = name;
                command.Parameters.Add(parameter);
            }

            commands.Add(format, command);
        }

        return command;
    }

    private T Explained<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (DbException e)
        {
            throw Dialect.Explain(e);
        }
        catch (Exception e) when (e is InvalidCastException or FormatException or OverflowException
            or ArgumentOutOfRangeException or ConfigurationException or JsonException
            or InvalidOperationException and not (StudyException or ObjectDisposedException))
        {
            throw new StudyStoreException(
                $"study store '{Dialect.Place}' holds something that no store writes: "
                    + $"{e.Message} Restore it from a copy.",
                e);
        }
    }
}
