using MlNetDl.Search.Storage;

namespace MlNetDl.Search.Tests.Storage;

public sealed class MemoryStoreTests : StudyStoreContract
{
    protected override StudyStore Create(TimeProvider clock) => new MemoryStore(clock);
}
