using MlNetDl.Search.Extensions.Tests.Parts;
using MlNetDl.Search.Storage;

namespace MlNetDl.Search.Extensions.Tests;

/// <summary>A database that the library does not know keeps to all that is asked of stores.</summary>
public sealed class DuckDbStoreTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Facts => [.. StoreContract.Of(clock => new MemoryStore(clock), (store, _) => store)
        .Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Facts))]
    public void It_keeps_the_contract(string fact) => StoreContract.Of(Create, Reopen).Named(fact).Run();

    [Fact]
    public void A_file_of_something_else_is_one_clear_error()
    {
        File.WriteAllText(folder["text.duckdb"], string.Join('\n', Enumerable.Repeat("epoch,loss", 1_000)));
        var e = Assert.Throws<StudyStoreException>(() => new SqlStore(new DuckDbDialect(folder["text.duckdb"])));
        Assert.StartsWith($"study store '{folder["text.duckdb"]}' failed. (", e.Message, StringComparison.Ordinal);

        using (var other = new DuckDbDialect(folder["other.duckdb"]).Connect())
        using (var command = other.CreateCommand())
        {
            command.CommandText = "CREATE TABLE customer (id BIGINT)";
            command.ExecuteNonQuery();
        }

        e = Assert.Throws<StudyStoreException>(() => new SqlStore(new DuckDbDialect(folder["other.duckdb"])));
        Assert.StartsWith(
            $"'{folder["other.duckdb"]}' is a database of another program: it has tables (customer",
            e.Message,
            StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private SqlStore Create(TimeProvider clock) => new(new DuckDbDialect(folder["study.duckdb"]), clock);

    private SqlStore Reopen(StudyStore store, TimeProvider clock)
    {
        store.Dispose();
        return Create(clock);
    }
}
