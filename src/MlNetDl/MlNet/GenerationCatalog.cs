using Microsoft.ML;
using MlNetDl.Networks;

namespace MlNetDl.MlNet;

/// <summary>Models that make data, beside ML.NET's catalogs: <c>ml.Generation()</c>.</summary>
public sealed class GenerationCatalog
{
    private readonly MLContext context;

    internal GenerationCatalog(MLContext context) => this.context = context;

    /// <summary>The trainers.</summary>
    public GenerationTrainers Trainers => new(context);
}

/// <summary>Trainers of <c>ml.Generation()</c>.</summary>
public sealed class GenerationTrainers
{
    private readonly MLContext context;

    internal GenerationTrainers(MLContext context) => this.context = context;

    /// <summary>A model that makes data, such as <c>new Vae { Latent = 20 }</c>. The transformer adds <c>Latent</c>; <c>Decoder()</c>,
    /// <c>Reconstruction()</c> and <c>Generate(…)</c> of it do the rest.</summary>
    /// <param name="model">The model.</param>
    /// <param name="featureColumnName">A vector of Single, or an image.</param>
    /// <param name="conditionColumnName">For a model that is told the class of a row, that column: a key. Where it is applied, a key or a
    /// text.</param>
    /// <param name="epochs">Passes over the data; by default as many as it needs (<see cref="Training.TrainingLength"/>).</param>
    /// <exception cref="ArgumentException">The model is told classes but there is no column, or the reverse.</exception>
    public NeuralNetworkTrainer NeuralNetwork(
        ModelSpec model, string featureColumnName = "Features", string? conditionColumnName = null, int? epochs = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.ConditionLabel is null != conditionColumnName is null)
        {
            throw new ArgumentException(
                conditionColumnName is null
                    ? "The model is told the class of each row; name its column in conditionColumnName."
                    : $"conditionColumnName is '{conditionColumnName}', but the model is told no class; set its Condition, or leave the column out.",
                nameof(conditionColumnName));
        }

        var options = new NeuralNetworkOptions { Network = model, FeatureColumnName = featureColumnName, Training = new() { Epochs = epochs } };
        options.LabelColumnName = conditionColumnName ?? options.LabelColumnName;
        return NeuralNetwork(options);
    }

    /// <summary>The same with all settings.</summary>
    public NeuralNetworkTrainer NeuralNetwork(NeuralNetworkOptions options) => context.NeuralNetwork(null, options);
}
