namespace MlNetDl.Training;

/// <summary>Where and how often a training keeps its state.</summary>
/// <param name="Path">The file; <see langword="null"/> keeps nothing.</param>
/// <param name="Fingerprint">The identity of the training.</param>
/// <param name="Interval">The time between checkpoints.</param>
internal sealed record CheckpointPlan(string? Path, string Fingerprint, TimeSpan Interval)
{
    /// <summary>The checkpoint of another training to go on from; <see langword="null"/> for none.</summary>
    public string? Start { get; init; }

    // Writing a checkpoint to the disk takes some 20 ms. After each epoch of a small set, that would take longer than
    // the epoch.
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);
}
