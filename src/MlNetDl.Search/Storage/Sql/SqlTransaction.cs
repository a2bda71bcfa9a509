namespace MlNetDl.Search.Storage.Sql;

/// <summary>A transaction of a session; undone unless committed. The session belongs to its thread until it
/// is disposed of.</summary>
internal sealed class SqlTransaction(SqlSession session) : IDisposable
{
    private bool ended;

    public void Commit()
    {
        session.End("COMMIT", tolerant: false);
        ended = true;

        // A database that was taken away during the transaction took the commit with it.
        session.Dialect.CheckPlace();
    }

    public void Dispose()
    {
        if (!ended)
        {
            session.End("ROLLBACK", tolerant: true);
        }

        session.Leave();
    }
}
