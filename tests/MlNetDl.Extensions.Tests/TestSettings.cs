// torch's generator and thread count belong to the process, so these tests run one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
