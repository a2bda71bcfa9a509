namespace MlNetDl.Tests;

/// <summary>Tests that use torch's generator or thread count, which belong to the process, run one
/// after the other.</summary>
[CollectionDefinition("torch", DisableParallelization = true)]
public sealed class TorchCollection;
