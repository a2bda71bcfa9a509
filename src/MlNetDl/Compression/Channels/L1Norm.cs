using System.Numerics.Tensors;

namespace MlNetDl.Compression;

/// <summary>The mean absolute weight of a channel's filter (Li et al. 2016, arXiv:1608.08710). Where several
/// layers make the channel, the mean over them.</summary>
/// <remarks>The paper sums instead, which gives the same order within a layer; a mean compares kernels of different
/// sizes.</remarks>
public sealed record L1Norm : ChannelScore
{
    /// <inheritdoc/>
    public override IReadOnlyDictionary<int, double> Of(ChannelScoring scoring)
    {
        ArgumentNullException.ThrowIfNull(scoring);
        return Filters.Mean(scoring, values => TensorPrimitives.SumOfMagnitudes(values), mean => mean);
    }
}
