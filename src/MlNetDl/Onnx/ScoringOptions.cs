namespace MlNetDl.Onnx;

/// <summary>How a model is scored. A saved model keeps batch size and threads; the execution provider is the host's to choose after
/// loading, by <c>WithScoring</c>.</summary>
public sealed record ScoringOptions
{
    /// <summary>The largest <see cref="BatchSize"/>.</summary>
    public const int MaxBatchSize = 1 << 16;

    /// <summary>Rows scored at once by <c>Transform</c>; 64, where small networks reach most of their throughput. 1 to 65,536.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Threads of one call; <see langword="null"/> lets ONNX Runtime take one a physical core. Hosts that score from many threads
    /// at once want 1.</summary>
    public int? Threads { get; init; }

    /// <summary>ONNX Runtime's execution provider: <c>cpu</c>, or one that the host's ONNX Runtime package brings, such as <c>cuda</c> or <c>dml</c>.</summary>
    public string ExecutionProvider { get; init; } = "cpu";

    /// <summary>The default options.</summary>
    public static ScoringOptions Default { get; } = new();

    /// <summary>Refuses settings out of range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BatchSize, MaxBatchSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads ?? 1, 1, nameof(Threads));
    }
}
