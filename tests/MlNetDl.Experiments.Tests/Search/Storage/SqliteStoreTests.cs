using MlNetDl.Experiments.Search.Storage;

namespace MlNetDl.Experiments.Tests.Search.Storage;

public sealed class SqliteStoreTests : StudyStoreContract
{
    private readonly TemporaryFolder folder = new();

    protected override StudyStore Create(TimeProvider clock) => new SqliteStore(folder["study.db"], clock);

    protected override StudyStore Reopen(StudyStore store)
    {
        store.Dispose();
        return new SqliteStore(folder["study.db"], Clock);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        folder.Dispose();
    }
}
