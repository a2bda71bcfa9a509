namespace MlNetDl.Experiments;

/// <summary>A failed trial that is tried again.</summary>
/// <param name="Failed">The number of the trial that failed.</param>
/// <param name="Number">The number of the trial with the same parameters that waits.</param>
public sealed record RetriedTrial(int Failed, int Number);
