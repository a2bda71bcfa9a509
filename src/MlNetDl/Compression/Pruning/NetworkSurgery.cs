using MlNetDl.Configuration;

namespace MlNetDl.Compression;

/// <summary>Dynamic network surgery: masked weights go on training unseen, and come back where they grow (Guo, Yao and Chen
/// 2016, arXiv:1608.04493, eq. 3 and 4).</summary>
/// <remarks>The threshold t follows the share, which rises as <see cref="Agp"/>'s does. A weight goes below
/// (1 − h)·t and comes back above (1 + h)·t. Masks are settled at the end of the rise, at exactly the asked
/// share.</remarks>
public sealed record NetworkSurgery : PruningSchedule
{
    /// <summary>The part of the training in which weights go and come back, above 0 and at most 1; half by default.</summary>
    [Above(0), AtMost(1)]
    public double Until { get; init; } = 0.5;

    /// <summary>Steps between two changes of masks, 1 or more; 20 by default.</summary>
    [AtLeast(1)]
    public int Every { get; init; } = 20;

    /// <summary>h, 0 or more and below 1; 0.1 as in the paper's experiments.</summary>
    [AtLeast(0), Below(1)]
    public double Hysteresis { get; init; } = 0.1;

    /// <inheritdoc/>
    public override bool IsContinuous => true;

    /// <inheritdoc/>
    public override double Share(double final, double progress) => Agp.Cubic(final, progress);
}
