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
        int networks = 0;
        var result = Changed(model);
        if (networks <= 0)
        {
            throw new ArgumentException(
                $"There is no neural network of this library in the model ({model.GetType().Name}).", nameof(model));
        }

        return result;

        ITransformer Changed(ITransformer part)
        {
            if (part is NeuralNetworkTransformer network)
            {
                networks++;
                return network.WithScoring(options);
            }

            return part is IEnumerable<ITransformer> chain ? ScopedChain.Map(chain, Changed) : part;
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
