using Microsoft.ML;
using MlNetDl.MlNet.Internals;
using MlNetDl.Networks;
using MlNetDl.Tasks;

namespace MlNetDl.MlNet;

/// <summary>Neural networks in ML.NET's catalogs of trainers.</summary>
public static class NeuralNetworkCatalog
{
    /// <summary>A neural network that tells classes apart. Adds <c>Score</c> (probabilities) and <c>PredictedLabel</c>
    /// (key).</summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="network">The architecture, such as <c>new ResNet { Depth = 18 }</c>.</param>
    /// <param name="labelColumnName">The label, a key (see <c>MapValueToKey</c>).</param>
    /// <param name="featureColumnName">A vector of Single, or an image.</param>
    /// <param name="exampleWeightColumnName">Weights of the examples, or <see langword="null"/>.</param>
    /// <param name="epochs">Passes over the data.</param>
    public static NeuralNetworkTrainer NeuralNetwork(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        NetworkSpec network,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        int epochs = 10) =>
        new(
            HostAccess.Environment(catalog),
            new MulticlassClassification(),
            Options(network, labelColumnName, featureColumnName, exampleWeightColumnName, epochs));

    /// <summary>A neural network that tells classes apart, with all settings.</summary>
    public static NeuralNetworkTrainer NeuralNetwork(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, NeuralNetworkOptions options) =>
        new(HostAccess.Environment(catalog), new MulticlassClassification(), options);

    /// <summary>A neural network that says yes or no. Adds <c>Score</c> (logit), <c>Probability</c> and
    /// <c>PredictedLabel</c>.</summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="network">The architecture.</param>
    /// <param name="labelColumnName">The label, a Boolean.</param>
    /// <param name="featureColumnName">A vector of Single, or an image.</param>
    /// <param name="exampleWeightColumnName">Weights of the examples, or <see langword="null"/>.</param>
    /// <param name="epochs">Passes over the data.</param>
    public static NeuralNetworkTrainer NeuralNetwork(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        NetworkSpec network,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        int epochs = 10) =>
        new(
            HostAccess.Environment(catalog),
            new BinaryClassification(),
            Options(network, labelColumnName, featureColumnName, exampleWeightColumnName, epochs));

    /// <summary>A neural network that says yes or no, with all settings.</summary>
    public static NeuralNetworkTrainer NeuralNetwork(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, NeuralNetworkOptions options) =>
        new(HostAccess.Environment(catalog), new BinaryClassification(), options);

    /// <summary>A neural network that predicts a value, or several. Adds <c>Score</c>. Targets are standardised for
    /// training, scores are in their units.</summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="network">The architecture.</param>
    /// <param name="labelColumnName">The label, a Single or a vector of Single.</param>
    /// <param name="featureColumnName">A vector of Single, or an image.</param>
    /// <param name="exampleWeightColumnName">Weights of the examples, or <see langword="null"/>.</param>
    /// <param name="epochs">Passes over the data.</param>
    public static NeuralNetworkTrainer NeuralNetwork(
        this RegressionCatalog.RegressionTrainers catalog,
        NetworkSpec network,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        int epochs = 10) =>
        new(
            HostAccess.Environment(catalog),
            new Regression(),
            Options(network, labelColumnName, featureColumnName, exampleWeightColumnName, epochs));

    /// <summary>A neural network that predicts a value, or several, with all settings.</summary>
    public static NeuralNetworkTrainer NeuralNetwork(this RegressionCatalog.RegressionTrainers catalog, NeuralNetworkOptions options) =>
        new(HostAccess.Environment(catalog), new Regression(), options);

    /// <summary>A neural network for any task, also one that is not of this library; <see langword="null"/> for a model
    /// that is trained without labels.</summary>
    /// <param name="context">The context.</param>
    /// <param name="task">What is to be predicted.</param>
    /// <param name="options">All settings.</param>
    public static NeuralNetworkTrainer NeuralNetwork(this MLContext context, LearningTask? task, NeuralNetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new(HostAccess.Environment(context.Regression.Trainers), task, options);
    }

    private static NeuralNetworkOptions Options(NetworkSpec network, string label, string features, string? weights, int epochs)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new()
        {
            Network = network,
            LabelColumnName = label,
            FeatureColumnName = features,
            ExampleWeightColumnName = weights,
            Training = new() { Epochs = epochs },
        };
    }
}
