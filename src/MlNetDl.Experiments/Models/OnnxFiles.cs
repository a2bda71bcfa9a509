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

    /// <summary>Writes them.</summary>
    public static void Write(string folder, NeuralNetworkTransformer network)
    {
        foreach (var graph in network.Package.Manifest.Graphs)
        {
            var bytes = network.Package.ToOnnx(graph.Name);
            AtomicFile.Write(Path.Combine(folder, graph.Name == network.Graph.Name ? First : $"model.{graph.Name}.onnx"), stream => stream.Write(bytes));
        }
    }
}
