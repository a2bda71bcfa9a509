using MlNetDl.Files;
using MlNetDl.MlNet;

namespace MlNetDl.Experiments;

/// <summary>A model's graphs as plain <c>.onnx</c> beside its <c>.zip</c>: the first one as <c>model.onnx</c>, others by their names, such as
/// <c>model.decode.onnx</c>.</summary>
internal static class OnnxFiles
{
    /// <summary>The file of the first graph.</summary>
    public const string First = "model.onnx";

    /// <summary>What finds all of them.</summary>
    public const string Pattern = "model*.onnx";

    private const string Further = "model.*.onnx";

    /// <summary>Deletes graphs, but for the first one and those of some names: the files of a folder are of one model.</summary>
    public static void DeleteOthers(string folder, IEnumerable<string> kept)
    {
        if (Directory.Exists(folder))
        {
            foreach (var other in Directory.EnumerateFiles(folder, Further).ExceptBy(kept.Append(First), f => Path.GetFileName(f)).ToList())
            {
                File.Delete(other);
            }
        }
    }

    /// <summary>Writes them, and deletes those of another model that was there before.</summary>
    public static void Write(string folder, NeuralNetworkTransformer network)
    {
        DeleteOthers(folder, network.Package.Manifest.Graphs.Select(g => $"model.{g.Name}.onnx"));
        foreach (var graph in network.Package.Manifest.Graphs)
        {
            var bytes = network.Package.ToOnnx(graph.Name);
            AtomicFile.Write(Path.Combine(folder, graph.Name == network.Graph.Name ? First : $"model.{graph.Name}.onnx"), stream => stream.Write(bytes));
        }
    }
}
