using MlNetDl.Configuration;

namespace MlNetDl.Experiments;

/// <summary>Settings of <see cref="DisentanglementScorer"/>. The defaults are those of the study by Locatello et al. 2019,
/// "Challenging Common Assumptions in the Unsupervised Learning of Disentangled Representations", arXiv:1811.12359, and of
/// its code <c>disentanglement_lib</c>.</summary>
public sealed record DisentanglementOptions
{
    /// <summary>The seed of all draws; equal seeds give equal scores. 0 by default.</summary>
    public int Seed { get; init; }

    /// <summary>The number of images, or pairs of images, behind one point of the β-VAE and FactorVAE scores, from 2;
    /// 64.</summary>
    [AtLeast(2)]
    public int BatchSize { get; init; } = 64;

    /// <summary>The number of points that classifiers learn from, from 10; 10,000. The FactorVAE score takes as many
    /// votes.</summary>
    [AtLeast(10)]
    public int Training { get; init; } = 10_000;

    /// <summary>The number of points that classifiers are judged on, from 10; 5,000.</summary>
    [AtLeast(10)]
    public int Test { get; init; } = 5_000;

    /// <summary>The number of images over which the FactorVAE score takes the variance of each dimension, from 10;
    /// 10,000.</summary>
    [AtLeast(10)]
    public int VariancePoints { get; init; } = 10_000;

    /// <summary>The standard deviation below which the FactorVAE score leaves a dimension out, 0 or more; 0.05. Codes of
    /// dimensions that an autoencoder does not use vary less.</summary>
    [AtLeast(0)]
    public double LeastDeviation { get; init; } = 0.05;

    /// <summary>The number of images for the mutual information, from 10; 10,000.</summary>
    [AtLeast(10)]
    public int InformationPoints { get; init; } = 10_000;

    /// <summary>The number of bins of equal width into which a dimension is cut for the mutual information, from 2;
    /// 20.</summary>
    [AtLeast(2)]
    public int Bins { get; init; } = 20;

    /// <summary>The weight C of the errors of the linear support vector machines of SAP, above 0; 0.01.</summary>
    [Above(0)]
    public double SvmWeight { get; init; } = 0.01;

    /// <summary>Whether SAP classifies the values of ordered factors too, as the study does; no by default. Linear machines
    /// on one number separate few classes, so a perfect code of a factor with many values gets a low score. By default
    /// ordered factors are judged by their squared correlation, as in the paper of SAP.</summary>
    public bool ClassifyOrdered { get; init; }

    /// <summary>The number of boosted trees for each value of a factor in DCI, from 1; 100.</summary>
    [AtLeast(1)]
    public int Trees { get; init; } = 100;

    /// <summary>The number of images that the encoder gets in one call at most, from 1; 256.</summary>
    [AtLeast(1)]
    public int EncoderBatch { get; init; } = 256;
}
