using Microsoft.ML.Data;
using MlNetDl.Files;
using MlNetDl.MlNet;
using MlNetDl.Onnx;

namespace Microsoft.ML;

/// <summary>Saving models so that a failure loses nothing, and setting how loaded ones score.</summary>
public static class ModelOperationsExtensions
{
    /// <summary>Saves a model as a <c>.zip</c> whole or not at all: written beside, flushed, renamed. ML.NET's own
    /// <c>Save(path)</c> truncates the old file first.</summary>
    /// <remarks>The same model gives the same bytes at any time: ML.NET's zip entries bear the time of saving,
    /// here one date.</remarks>
    /// <param name="operations"><c>mlContext.Model</c>.</param>
    /// <param name="model">The model, with anything ML.NET can save in it.</param>
    /// <param name="inputSchema">The schema of the data it takes.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be written, or the folder for temporary files cannot; a file that was
    /// there before is as it was.</exception>
    public static void SaveAtomically(
        this ModelOperationsCatalog operations, ITransformer model, DataViewSchema? inputSchema, string path) =>
        AtomicFile.Write(path, stream =>
        {
            Save(operations, model, inputSchema, stream);
            stream.Position = 0;
            ZipDates.Fix(stream);
        });

    /// <summary>The same model with other scoring options for each network in it: for a model that was loaded, such as
    /// <c>ml.Model.Load(path, out _).WithScoring(new() { ExecutionProvider = "cuda" })</c>.</summary>
    /// <param name="model">A network, or a chain with networks in it.</param>
    /// <param name="options">How they score.</param>
    /// <exception cref="ArgumentException">There is no network in it.</exception>
    public static ITransformer WithScoring(this ITransformer model, ScoringOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        return Changed(model, network => network.WithScoring(options));
    }

    /// <summary>The same model of yes or no with another threshold, such as <c>ml.Model.Load(path, out _).WithThreshold(0.2)</c>. It is saved with the
    /// model, and <c>PredictedLabel</c> follows it.</summary>
    /// <param name="model">A network, or a chain with one in it; it stays as it is.</param>
    /// <param name="threshold">The probability above which yes is predicted, above 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is out of its range.</exception>
    /// <exception cref="ArgumentException">There is no network in it.</exception>
    /// <exception cref="NotSupportedException">The network is not of yes or no.</exception>
    public static ITransformer WithThreshold(this ITransformer model, double threshold)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Changed(model, network => network.WithThreshold(threshold));
    }

    /// <summary>As ML.NET's method of the same name for its own models: a threshold of the column <c>Score</c>, a logit.</summary>
    /// <param name="catalog"><c>mlContext.BinaryClassification</c>.</param>
    /// <param name="model">A network of yes or no; it stays as it is.</param>
    /// <param name="threshold">The <c>Score</c> above which yes is predicted: 0 is a probability of one half, ln(p / (1 − p)) one of p.
    /// <see cref="WithThreshold"/> takes the probability itself.</param>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is no finite number, or so far from 0 that its probability is 0 or 1.</exception>
    /// <exception cref="NotSupportedException">The network is not of yes or no.</exception>
    public static NeuralNetworkTransformer ChangeModelThreshold(
        this BinaryClassificationCatalog catalog, NeuralNetworkTransformer model, float threshold)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        double probability = 1 / (1 + Math.Exp(-(double)threshold));
        return probability is > 0 and < 1 ? model.WithThreshold(probability) : throw new ArgumentOutOfRangeException(
            nameof(threshold), threshold, $"A Score of {threshold} is a probability of {probability}; expected one above 0 and below 1.");
    }

    // The model with each network in it replaced.
    private static ITransformer Changed(ITransformer model, Func<NeuralNetworkTransformer, NeuralNetworkTransformer> change)
    {
        int networks = 0;
        var result = Part(model);
        if (networks <= 0)
        {
            throw new ArgumentException(
                $"There is no neural network of this library in the model ({model.GetType().Name}).", nameof(model));
        }

        return result;

        ITransformer Part(ITransformer part)
        {
            if (part is NeuralNetworkTransformer network)
            {
                networks++;
                return change(network);
            }

            return part is IEnumerable<ITransformer> chain ? ScopedChain.Map(chain, Part) : part;
        }
    }

    private static void Save(ModelOperationsCatalog operations, ITransformer model, DataViewSchema? inputSchema, Stream stream)
    {
        try
        {
            operations.Save(model, inputSchema, stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // ML.NET's error names a file of its own, which the caller does not know.
            ScratchFolder.Check("Saving a model");
            throw;
        }
    }
}
