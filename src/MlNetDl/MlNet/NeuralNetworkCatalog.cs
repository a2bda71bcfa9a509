using System.Runtime.CompilerServices;
using MlNetDl.Generative;
using MlNetDl.MlNet;
using MlNetDl.MlNet.Internals;
using MlNetDl.Networks;
using MlNetDl.Tasks;
using MlNetDl.Training;

namespace Microsoft.ML;

/// <summary>Neural networks in ML.NET's catalogs of trainers.</summary>
public static class NeuralNetworkCatalog
{
    // Where new() is written, options are meant.
    private const int NewIsOptions = -1;

    /// <summary>A neural network that tells classes apart. Adds <c>Score</c> (probabilities) and <c>PredictedLabel</c>
    /// (key).</summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="network">The architecture, such as <c>new ResNet { Depth = 18 }</c>; <see langword="null"/> for a hidden layer of 128.</param>
    /// <param name="labelColumnName">The label, a key (see <c>MapValueToKey</c>).</param>
    /// <param name="featureColumnName">A vector of Single, or an image.</param>
    /// <param name="exampleWeightColumnName">Weights of the examples, or <see langword="null"/>.</param>
    /// <param name="epochs">Passes over the data; by default as many as it needs (<see cref="TrainingLength"/>).</param>
    public static NeuralNetworkTrainer NeuralNetwork(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        NetworkSpec? network = null,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        int? epochs = null) =>
        new(
            HostAccess.Environment(catalog),
            new MulticlassClassification(),
            Options(network, labelColumnName, featureColumnName, exampleWeightColumnName, epochs));

    /// <summary>A neural network that tells classes apart, with all settings.</summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="options">All settings.</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public static NeuralNetworkTrainer NeuralNetwork(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, NeuralNetworkOptions options) =>
        new(HostAccess.Environment(catalog), new MulticlassClassification(), options);

    /// <summary>A neural network that tells classes apart, with the settings that a delegate makes of the defaults.</summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="configure">Sets what is to differ, as in <c>o => o.FeatureColumnName = "Image"</c>.</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    [OverloadResolutionPriority(NewIsOptions)]
    public static NeuralNetworkTrainer NeuralNetwork(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, Action<NeuralNetworkOptions> configure) =>
        catalog.NeuralNetwork(NeuralNetworkOptions.Of(configure));

    /// <summary>A neural network that says yes or no. Adds <c>Score</c> (logit), <c>Probability</c> and
    /// <c>PredictedLabel</c>.</summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="network">The architecture; <see langword="null"/> for a hidden layer of 128.</param>
    /// <param name="labelColumnName">The label, a Boolean.</param>
    /// <param name="featureColumnName">A vector of Single, or an image.</param>
    /// <param name="exampleWeightColumnName">Weights of the examples, or <see langword="null"/>.</param>
    /// <param name="epochs">Passes over the data; by default as many as it needs (<see cref="TrainingLength"/>).</param>
    public static NeuralNetworkTrainer NeuralNetwork(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        NetworkSpec? network = null,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        int? epochs = null) =>
        new(
            HostAccess.Environment(catalog),
            new BinaryClassification(),
            Options(network, labelColumnName, featureColumnName, exampleWeightColumnName, epochs));

    /// <summary>A neural network that says yes or no, with all settings.</summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="options">All settings.</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public static NeuralNetworkTrainer NeuralNetwork(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, NeuralNetworkOptions options) =>
        new(HostAccess.Environment(catalog), new BinaryClassification(), options);

    /// <summary>A neural network that says yes or no, with the settings that a delegate makes of the defaults.</summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="configure">Sets what is to differ, as in <c>o => o.FeatureColumnName = "Image"</c>.</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    [OverloadResolutionPriority(NewIsOptions)]
    public static NeuralNetworkTrainer NeuralNetwork(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, Action<NeuralNetworkOptions> configure) =>
        catalog.NeuralNetwork(NeuralNetworkOptions.Of(configure));

    /// <summary>A neural network that predicts a value, or several. Adds <c>Score</c>. Targets are standardised for
    /// training, scores are in their units.</summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="network">The architecture; <see langword="null"/> for a hidden layer of 128.</param>
    /// <param name="labelColumnName">The label, a Single or a vector of Single.</param>
    /// <param name="featureColumnName">A vector of Single, or an image.</param>
    /// <param name="exampleWeightColumnName">Weights of the examples, or <see langword="null"/>.</param>
    /// <param name="epochs">Passes over the data; by default as many as it needs (<see cref="TrainingLength"/>).</param>
    public static NeuralNetworkTrainer NeuralNetwork(
        this RegressionCatalog.RegressionTrainers catalog,
        NetworkSpec? network = null,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        int? epochs = null) =>
        new(
            HostAccess.Environment(catalog),
            new Regression(),
            Options(network, labelColumnName, featureColumnName, exampleWeightColumnName, epochs));

    /// <summary>A neural network that predicts a value, or several, with all settings.</summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="options">All settings.</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public static NeuralNetworkTrainer NeuralNetwork(
        this RegressionCatalog.RegressionTrainers catalog, NeuralNetworkOptions options) =>
        new(HostAccess.Environment(catalog), new Regression(), options);

    /// <summary>A neural network that predicts a value, or several, with the settings that a delegate makes of the defaults.</summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="configure">Sets what is to differ, as in <c>o => o.FeatureColumnName = "Image"</c>.</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    [OverloadResolutionPriority(NewIsOptions)]
    public static NeuralNetworkTrainer NeuralNetwork(
        this RegressionCatalog.RegressionTrainers catalog, Action<NeuralNetworkOptions> configure) =>
        catalog.NeuralNetwork(NeuralNetworkOptions.Of(configure));

    /// <summary>An autoencoder that tells strange rows, trained on normal ones without labels. Adds <c>Score</c> (greater is stranger),
    /// <c>PredictedLabel</c> (whether the row is strange), and <c>Excess</c> (the score minus the threshold).</summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="model">The model, such as <c>new Vae { Latent = 8 }</c>.</param>
    /// <param name="featureColumnName">A vector of Single, or an image.</param>
    /// <param name="falseAlarms">The share of normal rows that may be called strange, above 0 and below 1.</param>
    /// <param name="epochs">Passes over the data; by default as many as it needs (<see cref="TrainingLength"/>).</param>
    /// <remarks>A tenth of the rows is held out, and the threshold is chosen on these.</remarks>
    /// <exception cref="ArgumentException">The share is out of its range, or the model is told classes.</exception>
    public static NeuralNetworkTrainer NeuralNetwork(
        this AnomalyDetectionCatalog.AnomalyDetectionTrainers catalog,
        LatentModel model,
        string featureColumnName = "Features",
        double falseAlarms = 0.01,
        int? epochs = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var training = new TrainingOptions { Epochs = epochs, ValidationFraction = 0.1 };
        return catalog.NeuralNetwork(
            new NeuralNetworkOptions { Network = model, FeatureColumnName = featureColumnName, Training = training }, falseAlarms);
    }

    /// <summary>An autoencoder that tells strange rows, with all settings. The threshold is chosen on held-out rows
    /// (<see cref="TrainingOptions.ValidationFraction"/>) or a validation set, and without them on the training rows.</summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="options">All settings.</param>
    /// <param name="falseAlarms">The share of normal rows that may be called strange, above 0 and below 1.</param>
    public static NeuralNetworkTrainer NeuralNetwork(
        this AnomalyDetectionCatalog.AnomalyDetectionTrainers catalog, NeuralNetworkOptions options, double falseAlarms = 0.01) =>
        new(HostAccess.Environment(catalog), new AnomalyDetection { FalseAlarms = falseAlarms }, options);

    /// <summary>An autoencoder that tells strange rows, with the settings that a delegate makes of the defaults.</summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="configure">Sets what is to differ; the network always must be.</param>
    /// <param name="falseAlarms">The share of normal rows that may be called strange, above 0 and below 1.</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    [OverloadResolutionPriority(NewIsOptions)]
    public static NeuralNetworkTrainer NeuralNetwork(
        this AnomalyDetectionCatalog.AnomalyDetectionTrainers catalog, Action<NeuralNetworkOptions> configure, double falseAlarms = 0.01) =>
        catalog.NeuralNetwork(NeuralNetworkOptions.Of(configure), falseAlarms);

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

    private static NeuralNetworkOptions Options(NetworkSpec? network, string label, string features, string? weights, int? epochs) =>
        new()
        {
            Network = network,
            LabelColumnName = label,
            FeatureColumnName = features,
            ExampleWeightColumnName = weights,
            Training = new() { Epochs = epochs },
        };
}
