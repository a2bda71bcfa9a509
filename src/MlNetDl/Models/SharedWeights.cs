using Google.Protobuf;
using MlNetDl.Files;
using MlNetDl.Onnx;
using MlNetDl.Onnx.Schema;

namespace MlNetDl.Models;

/// <summary>Stores equal weights of several graphs of a package once. A graph keeps a place without data, which is
/// filled again when it is read.</summary>
/// <remarks>ONNX Runtime can take initialisers from outside too, but a graph that is whole in memory stays a plain
/// <c>.onnx</c> that can be exported and scored by anyone.</remarks>
internal static class SharedWeights
{
    // For fewer bytes, the entry in the package costs as much as it saves.
    private const int LeastBytes = 256;

    /// <summary>The graphs as they are stored, and the data that they share by its name.</summary>
    public static (IReadOnlyDictionary<string, byte[]> Graphs, IReadOnlyDictionary<string, byte[]> Shared) Split(
        IReadOnlyDictionary<string, byte[]> graphs)
    {
        if (graphs.Count < 2)
        {
            return (graphs, new Dictionary<string, byte[]>());
        }

        var models = graphs.ToDictionary(g => g.Key, g => OnnxReader.Parse(g.Value));
        // A name that stands for two things somewhere is left alone everywhere: a place is filled by its name.
        var shared = models.Values.SelectMany(m => m.Graph.Initializer)
            .GroupBy(t => t.Name).Where(g => g.Skip(1).Any() && g.First().RawData.Length >= LeastBytes && g.All(t => IsSame(t, g.First())))
            .ToDictionary(g => g.Key, g => g.First().RawData);
        foreach (var tensor in models.Values.SelectMany(m => m.Graph.Initializer).Where(t => shared.ContainsKey(t.Name)))
        {
            tensor.RawData = ByteString.Empty;
        }

        return (models.ToDictionary(m => m.Key, m => m.Value.ToByteArray()), shared.ToDictionary(s => s.Key, s => s.Value.ToByteArray()));
    }

    /// <summary>The graphs with their data.</summary>
    /// <exception cref="ModelFormatException">A graph is no ONNX model.</exception>
    public static IReadOnlyDictionary<string, byte[]> Join(
        IReadOnlyDictionary<string, byte[]> graphs, IReadOnlyDictionary<string, byte[]> shared)
    {
        if (shared.Count == 0)
        {
            return graphs;
        }

        return graphs.ToDictionary(g => g.Key, g =>
        {
            var model = OnnxReader.Parse(g.Value);
            // Each name once a graph: a file of many places for one long weight must not make a host take
            // memory for all of them.
            foreach (var tensor in model.Graph.Initializer.DistinctBy(t => t.Name)
                .Where(t => t.RawData.Length == 0 && shared.ContainsKey(t.Name)))
            {
                tensor.RawData = UnsafeByteOperations.UnsafeWrap(shared[tensor.Name]);
            }

            return model.ToByteArray();
        });
    }

    private static bool IsSame(TensorProto a, TensorProto b) =>
        a.DataType == b.DataType && a.Dims.SequenceEqual(b.Dims) && a.RawData.Equals(b.RawData);
}
