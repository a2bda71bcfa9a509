using MlNetDl.Experiments.Search.Storage;

namespace MlNetDl.Experiments.Tests.Search.Storage;

public sealed class SqliteStoreTests : StudyStoreContract
{
    private readonly TemporaryFolder folder = new();

    protected override StudyStore Create(TimeProvider clock) => Made(clock);

    protected override StudyStore Reopen(StudyStore store)
    {
        store.Dispose();
        return Made(Clock);
    }

    // No process is known to live or to be gone, so that leases alone count, as in every other store.
    private SqliteStore Made(TimeProvider clock) => new(folder["study.db"], clock) { Process = null };

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        folder.Dispose();
    }
}
