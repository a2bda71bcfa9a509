using MlNetDl.Experiments.Search.Storage;

namespace MlNetDl.Experiments.Tests.Search.Storage;

public sealed class MemoryStoreTests : StudyStoreContract
{
    protected override StudyStore Create(TimeProvider clock) => new MemoryStore(clock);
}
