using System.Numerics.Tensors;

namespace MlNetDl.Compression;

/// <summary>The root of the mean squared weight of a channel's filter (Li et al. 2016, arXiv:1608.08710). Where
/// several layers make the channel, the mean over them.</summary>
public sealed record L2Norm : ChannelScore
{
    /// <inheritdoc/>
    public override IReadOnlyDictionary<int, double> Of(ChannelScoring scoring)
    {
        ArgumentNullException.ThrowIfNull(scoring);
        return Filters.Mean(scoring, values => TensorPrimitives.SumOfSquares(values), Math.Sqrt);
    }
}
