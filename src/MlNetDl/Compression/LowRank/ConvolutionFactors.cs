namespace MlNetDl.Compression;

/// <summary>How the kernel of a convolution is factorised. One of 1×1 is a matrix, and becomes two of 1×1 in any
/// case.</summary>
public enum ConvolutionFactors
{
    /// <summary>1×1, k×k and 1×1 with fewer channels in the middle: the Tucker decomposition of both channel dimensions (Kim et
    /// al. 2015, arXiv:1511.06530, section 3). A dimension stays whole where that is cheaper.</summary>
    Tucker,

    /// <summary>k×k with fewer filters and 1×1 that mixes them: the singular value decomposition of filters by all else (Zhang et
    /// al. 2015, arXiv:1505.06798, section 3.1).</summary>
    Filters,

    /// <summary>Only those of 1×1.</summary>
    None,
}
