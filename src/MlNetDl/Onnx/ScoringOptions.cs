using MlNetDl.Configuration;

namespace MlNetDl.Onnx;

/// <summary>How a model is scored. A saved model keeps batch size and threads; the execution provider is the host's to
/// choose after loading, by <c>WithScoring</c>.</summary>
public sealed record ScoringOptions
{
    /// <summary>The largest <see cref="BatchSize"/>.</summary>
    public const int MaxBatchSize = 1 << 16;

    /// <summary>Rows scored at once by <c>Transform</c>; 64, where small networks reach most of their throughput.
    /// 1 to 65,536.</summary>
    [AtLeast(1), AtMost(MaxBatchSize)]
    public int BatchSize { get; init; } = 64;

    /// <summary>Threads of one call; <see langword="null"/> lets ONNX Runtime take one a physical core. Hosts that
    /// score from many threads at once want 1.</summary>
    [AtLeast(1)]
    public int? Threads { get; init; }

    /// <summary>ONNX Runtime's execution provider: <c>cpu</c>, or one that the host's ONNX Runtime package brings, such
    /// as <c>cuda</c> or <c>dml</c>. <c>auto</c>, the default, is the CPU unless <c>MLContext.GpuDeviceId</c> names a GPU.</summary>
    public ScoringProvider ExecutionProvider { get; init; } = ScoringProvider.Auto;

    /// <summary>The default options.</summary>
    public static ScoringOptions Default { get; } = new();
}
