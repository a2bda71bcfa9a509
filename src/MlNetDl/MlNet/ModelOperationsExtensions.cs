using Microsoft.ML;
using MlNetDl.Files;

namespace MlNetDl.MlNet;

/// <summary>Saving models so that a failure loses nothing.</summary>
public static class ModelOperationsExtensions
{
    /// <summary>Saves a model as a <c>.zip</c> whole or not at all: written beside, flushed, renamed. ML.NET's own <c>Save(path)</c> truncates the old file first.</summary>
    /// <param name="operations"><c>mlContext.Model</c>.</param>
    /// <param name="model">The model, with anything ML.NET can save in it.</param>
    /// <param name="inputSchema">The schema of the data it takes.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be written; a file that was there before is as it was.</exception>
    public static void SaveAtomically(this ModelOperationsCatalog operations, ITransformer model, DataViewSchema? inputSchema, string path) =>
        AtomicFile.Write(path, stream => operations.Save(model, inputSchema, stream));
}
