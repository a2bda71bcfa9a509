using MlNetDl.Search.Storage;

namespace MlNetDl.Search.Tests.Storage;

/// <summary>The contract of stores finds a bad one.</summary>
public sealed class StoreContractTests
{
    [Theory]
    [InlineData("A worker that pauses past its lease writes nothing once the trial is taken over")]
    [InlineData("A trial that loses every worker fails and the study goes on")]
    public void A_store_whose_leases_never_run_out_breaks_it(string fact)
    {
        var e = Assert.Throws<ContractException>(StoreContract.Of(_ => new MemoryStore(new TestClock())).Named(fact).Run);
        Assert.Contains($"the store breaks '{fact}': ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_forgets_when_it_is_reopened_breaks_it()
    {
        var facts = StoreContract.Of(clock => new MemoryStore(clock), (_, clock) => new MemoryStore(clock));
        Assert.Throws<ContractException>(facts.Named("What was written is read at full precision").Run);
    }
}
