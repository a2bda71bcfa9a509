using MlNetDl.Search.Extensions.Tests.Parts;
using MlNetDl.Search.Storage;
using MlNetDl.Search.Tests.Storage;

namespace MlNetDl.Search.Extensions.Tests;

/// <summary>A database that the library does not know keeps to all that is asked of stores.</summary>
public sealed class DuckDbStoreTests : StudyStoreContract
{
    private readonly TemporaryFolder folder = new();

    protected override StudyStore Create(TimeProvider clock) => new SqlStore(new DuckDbDialect(folder["study.duckdb"]), clock);

    protected override StudyStore Reopen(StudyStore store)
    {
        store.Dispose();
        return Create(Clock);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        folder.Dispose();
    }
}
