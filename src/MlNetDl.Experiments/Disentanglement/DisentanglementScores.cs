namespace MlNetDl.Experiments;

/// <summary>Five scores of a code, each from 0 to 1; larger is better.</summary>
/// <param name="BetaVae">The β-VAE score; 1 divided by the number of factors is chance.</param>
/// <param name="FactorVae">The FactorVAE score; 1 divided by the number of factors is about chance, and 0 means that no
/// dimension varies.</param>
/// <param name="MutualInformationGap">MIG.</param>
/// <param name="SeparatedAttributes">SAP. The gap of a factor of k classes is 1 − 1/k at most, because the second dimension
/// is right by chance. So a perfect code of such factors stays below 1.</param>
/// <param name="Dci">DCI, which has three parts.</param>
public sealed record DisentanglementScores(
    double BetaVae, double FactorVae, double MutualInformationGap, double SeparatedAttributes, DciScore Dci);

/// <summary>The three parts of DCI, each from 0 to 1; larger is better.</summary>
/// <param name="Disentanglement">Whether each dimension is important for one factor only.</param>
/// <param name="Completeness">Whether each factor has one important dimension only.</param>
/// <param name="Informativeness">The accuracy with which the values of factors are told from codes, on other images than
/// those that were learned from; the mean over factors.</param>
public sealed record DciScore(double Disentanglement, double Completeness, double Informativeness);
