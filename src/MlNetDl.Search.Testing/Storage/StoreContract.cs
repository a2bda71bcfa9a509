using MlNetDl.Search.Storage;

namespace MlNetDl.Testing;

/// <summary>The contract of every store of studies: leases, attempts, the queue, full precision, reading on.</summary>
/// <example><code>
/// StoreContract.Of(clock => new MyStore(connection, clock), (store, clock) => new MyStore(connection, clock)).RunAll();
/// </code></example>
public static class StoreContract
{
    /// <summary>The facts of a store. Each runs on a store of its own and disposes of it.</summary>
    /// <param name="create">Makes an empty store with that clock. Where a store sees by itself that a worker's process
    /// is there or gone, as one of a single machine can, that must be off: the facts are about leases alone.</param>
    /// <param name="reopen">The same store as a newly started process sees it; it disposes of the one it gets.
    /// <see langword="null"/>, the default, for a store that does not outlive its process.</param>
    public static IReadOnlyList<ContractFact> Of(
        Func<TimeProvider, StudyStore> create, Func<StudyStore, TimeProvider, StudyStore>? reopen = null)
    {
        ArgumentNullException.ThrowIfNull(create);
        return StoreFacts.Of("the store", create, reopen);
    }
}
