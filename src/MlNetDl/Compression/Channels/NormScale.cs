using MlNetDl.Analysis;
using MlNetDl.Layers;

namespace MlNetDl.Compression;

/// <summary>The absolute scale |γ| of a channel's batch normalisation, the mean where it has several (network slimming, Liu et
/// al. 2017, arXiv:1708.06519). It says most after a training that keeps scales small.</summary>
/// <remarks>Each cell needs a <see cref="BatchNorm2d"/>; name layers without one under <c>keep</c>.</remarks>
public sealed record NormScale : ChannelScore
{
    private const string Missing =
        "has no batch normalisation, whose scale normScale goes by; take another score, or name the layer under keep.";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<int, double> Of(ChannelScoring scoring)
    {
        ArgumentNullException.ThrowIfNull(scoring);
        var mean = new GroupMean(scoring);
        foreach (var axis in ScalesOf(scoring.Coupling))
        {
            foreach (var (group, scale) in axis.Groups.Zip(scoring.Weights[axis.Weight].Data))
            {
                mean.Add(group, Math.Abs(scale));
            }
        }

        mean.RequireAll(Missing);
        return mean.Result;
    }

    /// <inheritdoc/>
    public override void Check(ChannelScoring scoring)
    {
        ArgumentNullException.ThrowIfNull(scoring);
        GroupMean.RequireAll(scoring, ScalesOf(scoring.Coupling).SelectMany(a => a.Groups), Missing);
    }

    private static IEnumerable<GroupAxis> ScalesOf(ChannelCoupling coupling) => coupling.Plan.Steps
        .Where(s => s.Leaf is BatchNorm2d).DistinctBy(s => s.WeightsName)
        .Select(s => coupling.AxesOf(s).First(a => a.Weight == $"{s.WeightsName}.weight"));
}
