using MlNetDl.Configuration;
using MlNetDl.Data;

namespace MlNetDl.Experiments;

/// <summary>Scores that tell whether each number of a code stands for one factor of the images.</summary>
/// <remarks>
/// Factors are drawn independently, each value with the same chance. Factors of one value are left out. Scores do not
/// depend on the order in which they are asked for, nor on the order or the signs of the dimensions, apart from roundings of
/// the classifiers. Codes of images are kept, so no image is encoded twice.
/// </remarks>
public sealed class DisentanglementScorer
{
    private readonly CodeSampler sampler;
    private readonly DisentanglementOptions options;

    /// <summary>Makes a scorer of one code.</summary>
    /// <param name="images">The images.</param>
    /// <param name="encoder">What gives their codes.</param>
    /// <param name="options">Settings; those of the published study by default.</param>
    /// <param name="stop">Cancels the scores that are asked for: they throw <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public DisentanglementScorer(
        FactorImages images, ImageEncoder encoder, DisentanglementOptions? options = null, CancellationToken stop = default)
    {
        this.options = options ?? new();
        RecordCheck.Require(this.options, "options");
        sampler = new(images, encoder, this.options.EncoderBatch, stop);
    }

    /// <summary>The names of the factors that are judged: those of more than one value.</summary>
    public IReadOnlyList<string> Factors => [.. sampler.Factors.Select(f => f.Name)];

    /// <summary>All five scores.</summary>
    /// <exception cref="InvalidOperationException">The encoder gave codes of different lengths, or numbers that are not
    /// finite.</exception>
    public DisentanglementScores All() => new(BetaVae(), FactorVae(), MutualInformationGap(), SeparatedAttributes(), Dci());

    /// <summary>The β-VAE score (Higgins et al. 2017, "beta-VAE: Learning Basic Visual Concepts with a Constrained Variational
    /// Framework"): the accuracy of a linear classifier that tells which factor pairs of images have in common.</summary>
    /// <remarks>The classifier sees the mean absolute difference of the codes over <see cref="DisentanglementOptions.BatchSize"/>
    /// pairs. It is a logistic regression with a penalty of half the squared weights. A constant code gets about 1 divided
    /// by the number of factors, which is chance. Codes that are nearly right often get 1 too.</remarks>
    /// <exception cref="InvalidOperationException">The encoder gave codes of different lengths, or numbers that are not
    /// finite.</exception>
    public double BetaVae() => BetaVaeScore.Of(sampler, options, Generator(1));

    /// <summary>The FactorVAE score (Kim and Mnih 2018, "Disentangling by Factorising", arXiv:1802.05983): the accuracy of
    /// telling a factor that is the same in all images of a batch from the dimension that varies least.</summary>
    /// <remarks>Variances are divided by those over all images. Each dimension tells the factor for which it got the most
    /// votes. A code without a dimension that varies gets 0.</remarks>
    /// <exception cref="InvalidOperationException">The encoder gave codes of different lengths, or numbers that are not
    /// finite.</exception>
    public double FactorVae() => FactorVaeScore.Of(sampler, options, Generator(2));

    /// <summary>The mutual information gap, MIG (Chen et al. 2018, "Isolating Sources of Disentanglement in Variational
    /// Autoencoders", arXiv:1802.04942): by how much the dimension that says most about a factor says more than the next
    /// one, divided by the entropy of the factor; the mean over factors.</summary>
    /// <exception cref="InvalidOperationException">The encoder gave codes of different lengths, or numbers that are not
    /// finite.</exception>
    public double MutualInformationGap() => InformationGap.Gap(MutualInformation(out var entropies), entropies);

    /// <summary>The mutual information of each dimension (first index) and each of <see cref="Factors"/> (second index), in
    /// nats, as MIG takes it.</summary>
    /// <exception cref="InvalidOperationException">The encoder gave codes of different lengths, or numbers that are not
    /// finite.</exception>
    public double[][] MutualInformation() => MutualInformation(out _);

    /// <summary>The separated attribute predictability, SAP (Kumar, Sattigeri and Balakrishnan 2018, "Variational Inference of
    /// Disentangled Latent Concepts from Unlabeled Observations", arXiv:1711.00848): by how much the dimension that foretells a
    /// factor best does so better than the next one; the mean over factors.</summary>
    /// <remarks>Ordered factors are judged by the squared correlation, others by the accuracy of linear support vector
    /// machines with balanced classes and squared hinge loss, one for each class (see
    /// <see cref="DisentanglementOptions.ClassifyOrdered"/>).</remarks>
    /// <exception cref="InvalidOperationException">The encoder gave codes of different lengths, or numbers that are not
    /// finite.</exception>
    public double SeparatedAttributes() => AttributeGap.Of(sampler, options, Generator(4));

    /// <summary>Disentanglement, completeness and informativeness, DCI (Eastwood and Williams 2018, "A Framework for the
    /// Quantitative Evaluation of Disentangled Representations").</summary>
    /// <remarks>Importances are the gains of splits in boosted trees (FastTree of ML.NET, up to 8 leaves, learning rate 0.1).
    /// Each value of a factor has an ensemble of its own, where the published code has one for all values.</remarks>
    /// <exception cref="InvalidOperationException">The encoder gave codes of different lengths, or numbers that are not
    /// finite.</exception>
    public DciScore Dci() => DciParts.Of(sampler, options, Generator(5));

    private double[][] MutualInformation(out double[] entropies)
    {
        var sample = sampler.Draw(options.InformationPoints, Generator(3));
        entropies = InformationGap.Entropies(sample);
        return InformationGap.Information(sample, options.Bins);
    }

    // Each score has a generator of its own, so that it does not depend on the others.
    private Random Generator(int purpose) => SeededOrder.Generator(options.Seed, purpose);
}
