using System.Runtime.InteropServices;
using Google.Protobuf;
using MlNetDl.Files;
using MlNetDl.Onnx;
using MlNetDl.Onnx.Schema;

namespace MlNetDl.Models;

/// <summary>Stores pruned weights of a package's graphs in fewer bytes. As with <see cref="SharedWeights"/>, the graph keeps
/// a place without data, which is filled when it is read.</summary>
internal static class SparseWeights
{
    private const char Separator = '|';

    /// <summary>The graphs as they are stored, and the sparse data by graph and weight.</summary>
    public static (IReadOnlyDictionary<string, byte[]> Graphs, IReadOnlyDictionary<string, byte[]> Sparse) Split(
        IReadOnlyDictionary<string, byte[]> graphs)
    {
        var sparse = new Dictionary<string, byte[]>();
        var stored = new Dictionary<string, byte[]>();
        foreach (var (name, bytes) in graphs)
        {
            var model = OnnxReader.Parse(bytes);
            int before = sparse.Count;
            foreach (var tensor in Weights(model))
            {
                if (SparseBytes.Write(MemoryMarshal.Cast<byte, float>(tensor.RawData.Span)) is { } shorter)
                {
                    sparse.Add($"{name}{Separator}{tensor.Name}", shorter);
                    tensor.RawData = ByteString.Empty;
                }
            }

            stored.Add(name, sparse.Count == before ? bytes : model.ToByteArray());
        }

        return (stored, sparse);
    }

    /// <summary>The graphs with their data.</summary>
    /// <exception cref="ModelFormatException">The data does not suit its graph.</exception>
    public static IReadOnlyDictionary<string, byte[]> Join(
        IReadOnlyDictionary<string, byte[]> graphs, IReadOnlyDictionary<string, byte[]> sparse)
    {
        if (sparse.Count == 0)
        {
            return graphs;
        }

        return graphs.ToDictionary(g => g.Key, g =>
        {
            var model = OnnxReader.Parse(g.Value);
            // Each name once a graph, so that a file of many places for one weight takes memory for one.
            foreach (var tensor in model.Graph.Initializer.DistinctBy(t => t.Name).Where(t => t.RawData.Length == 0))
            {
                if (sparse.TryGetValue($"{g.Key}{Separator}{tensor.Name}", out var bytes))
                {
                    tensor.RawData = UnsafeByteOperations.UnsafeWrap(SparseBytes.Read(tensor.Name, bytes, Count(tensor)));
                }
            }

            return model.ToByteArray();
        });
    }

    // Names are unique, and only float32 of some length pays.
    private static IEnumerable<TensorProto> Weights(ModelProto model) => model.Graph.Initializer
        .Where(t => t.DataType == (int)TensorProto.Types.DataType.Float && t.RawData.Length >= 256)
        .GroupBy(t => t.Name).Where(g => !g.Skip(1).Any()).Select(g => g.First());

    private static long Count(TensorProto tensor)
    {
        Int128 count = 1;
        foreach (long dim in tensor.Dims)
        {
            count = dim < 0 ? -1 : Int128.Min(count * dim, long.MaxValue);
        }

        return (long)count;
    }
}
