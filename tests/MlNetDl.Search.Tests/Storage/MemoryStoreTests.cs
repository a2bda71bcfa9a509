using MlNetDl.Search.Storage;

namespace MlNetDl.Search.Tests.Storage;

public sealed class MemoryStoreTests
{
    private static readonly IReadOnlyList<ContractFact> Contract = StoreContract.Of(clock => new MemoryStore(clock));

    public static TheoryData<string> Facts => [.. Contract.Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Facts))]
    public void It_keeps_the_contract(string fact) => Contract.Named(fact).Run();
}
