namespace MlNetDl.Compression;

/// <summary>The shared values with which k-means begins.</summary>
public enum CodebookStart
{
    /// <summary>Evenly from the least to the greatest value. The few large weights, which matter most, get values of their own
    /// (Han et al. 2015, arXiv:1510.00149, section 3.2, who found it best).</summary>
    Linear,

    /// <summary>At quantiles: as many weights between each two, so that most values lie where most weights are.</summary>
    Quantiles,

    /// <summary>Weights drawn by chance, by the training's seed.</summary>
    Random,
}
