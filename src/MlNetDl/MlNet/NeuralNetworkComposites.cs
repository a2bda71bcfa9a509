using System.Diagnostics.CodeAnalysis;
using MlNetDl.MlNet;

namespace Microsoft.ML;

/// <summary>What ML.NET builds of binary trainers and cannot build of networks, refused by the compiler with a word that says what to use.</summary>
/// <remarks>Both take a binary model apart into predictors that are internal to ML.NET, and save these.</remarks>
[SuppressMessage("Style", "IDE0060", Justification = "The parameters are those that are written.")]
public static class NeuralNetworkComposites
{
    private const string Refused = "OneVersusAll and PairwiseCoupling join binary models that are internal to ML.NET, and a network tells any number of "
        + "classes apart by itself; use ml.MulticlassClassification.Trainers.NeuralNetwork(network, labelColumnName).";

    /// <summary>Refused: a network needs no composite for several classes.</summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="binaryEstimator">A trainer of this library.</param>
    /// <param name="labelColumnName">The label.</param>
    /// <exception cref="NotSupportedException">Always.</exception>
    [Obsolete(Refused, error: true)]
    public static IEstimator<ITransformer> OneVersusAll(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        NeuralNetworkTrainer binaryEstimator,
        string labelColumnName = "Label") => throw new NotSupportedException(Refused);

    /// <summary>Refused: a network needs no composite for several classes.</summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="binaryEstimator">A trainer of this library.</param>
    /// <param name="labelColumnName">The label.</param>
    /// <exception cref="NotSupportedException">Always.</exception>
    [Obsolete(Refused, error: true)]
    public static IEstimator<ITransformer> PairwiseCoupling(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        NeuralNetworkTrainer binaryEstimator,
        string labelColumnName = "Label") => throw new NotSupportedException(Refused);
}
