using Microsoft.ML;
using MlNetDl.Files;

namespace MlNetDl.Experiments;

/// <summary>Loads a saved chain of transformers through ML.NET.</summary>
internal static class SavedChain
{
    /// <exception cref="IOException">The folder for temporary files cannot be written.</exception>
    /// <exception cref="InvalidOperationException">A part of the chain is not known in this process.</exception>
    public static ITransformer Load(MLContext ml, string path, out DataViewSchema schema)
    {
        try
        {
            return ml.Model.Load(path, out schema);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // ML.NET's error names a file of its own, which the caller does not know.
            ScratchFolder.Check("Loading this model");
            throw;
        }
    }
}
