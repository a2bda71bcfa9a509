using MlNetDl.Configuration;

namespace MlNetDl.Compression;

/// <summary>Dynamic network surgery: masked weights go on training unseen, and come back where they grow (Guo, Yao and Chen
/// 2016, arXiv:1608.04493, eq. 3 and 4).</summary>
/// <remarks>The threshold t follows the share, which rises as <see cref="Agp"/>'s does. A weight goes below
/// (1 − h)·t and comes back above (1 + h)·t. Masks are settled at the end of the rise, at exactly the asked
/// share.</remarks>
public sealed record NetworkSurgery : ContinuousPruning
{
    /// <summary>h, 0 or more and below 1; 0.1 as in the paper's experiments.</summary>
    [AtLeast(0), Below(1)]
    public double Hysteresis { get; init; } = 0.1;
}
