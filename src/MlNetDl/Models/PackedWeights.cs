using System.Runtime.InteropServices;
using Google.Protobuf;
using MlNetDl.Files;
using MlNetDl.Onnx;
using MlNetDl.Onnx.Schema;

namespace MlNetDl.Models;

/// <summary>Stores pruned and clustered weights of a package's graphs, and integers of few bits, in fewer bytes. As with <see cref="SharedWeights"/>, the
/// graph keeps a place without data, which is filled when it is read.</summary>
/// <param name="Graphs">The graphs as they are stored.</param>
/// <param name="Sparse">The data of weights with zeros (<see cref="SparseBytes"/>), by graph and weight.</param>
/// <param name="Coded">The data of weights of few values (<see cref="CodedBytes"/>), by graph and weight.</param>
/// <param name="Levels">The data of integers of few bits (<see cref="LevelBytes"/>), by graph and weight.</param>
internal sealed record PackedWeights(
    IReadOnlyDictionary<string, byte[]> Graphs,
    IReadOnlyDictionary<string, byte[]> Sparse,
    IReadOnlyDictionary<string, byte[]> Coded,
    IReadOnlyDictionary<string, byte[]> Levels)
{
    private const char Separator = '|';

    /// <summary>The graphs with each weight in its shortest form.</summary>
    /// <param name="graphs">The graphs.</param>
    /// <param name="clustered">The weights that may be coded. All others stay as older versions of the library read them.</param>
    public static PackedWeights Of(IReadOnlyDictionary<string, byte[]> graphs, IReadOnlyCollection<string> clustered)
    {
        var (stored, levels) = (new Dictionary<string, byte[]>(), new Dictionary<string, byte[]>());
        var (sparse, coded) = (new Dictionary<string, byte[]>(), new Dictionary<string, byte[]>());
        foreach (var (name, bytes) in graphs)
        {
            var model = OnnxReader.Parse(bytes);
            int before = sparse.Count + coded.Count + levels.Count;
            foreach (var tensor in Tensors(model, TensorProto.Types.DataType.Int8))
            {
                if (LevelBytes.Write(MemoryMarshal.Cast<byte, sbyte>(tensor.RawData.Span)) is { } shorter)
                {
                    levels.Add($"{name}{Separator}{tensor.Name}", shorter);
                    tensor.RawData = ByteString.Empty;
                }
            }

            foreach (var tensor in Tensors(model, TensorProto.Types.DataType.Float))
            {
                var values = MemoryMarshal.Cast<byte, float>(tensor.RawData.Span);
                var codes = clustered.Contains(tensor.Name) ? CodedBytes.Write(values) : null;
                if ((codes ?? SparseBytes.Write(values)) is { } shorter)
                {
                    (codes is null ? sparse : coded).Add($"{name}{Separator}{tensor.Name}", shorter);
                    tensor.RawData = ByteString.Empty;
                }
            }

            stored.Add(name, sparse.Count + coded.Count + levels.Count == before ? bytes : model.ToByteArray());
        }

        return new(stored, sparse, coded, levels);
    }

    /// <summary>The graphs with their data.</summary>
    /// <exception cref="ModelFormatException">The data does not suit its graph.</exception>
    public IReadOnlyDictionary<string, byte[]> Join()
    {
        if (Sparse.Count == 0 && Coded.Count == 0 && Levels.Count == 0)
        {
            return Graphs;
        }

        return Graphs.ToDictionary(g => g.Key, g =>
        {
            var model = OnnxReader.Parse(g.Value);
            // Each name once a graph, so that a file of many places for one weight takes memory for one.
            foreach (var tensor in model.Graph.Initializer.DistinctBy(t => t.Name).Where(t => t.RawData.Length == 0))
            {
                if (Data($"{g.Key}{Separator}{tensor.Name}", tensor) is { } data)
                {
                    tensor.RawData = UnsafeByteOperations.UnsafeWrap(data);
                }
            }

            return model.ToByteArray();
        });
    }

    private byte[]? Data(string entry, TensorProto tensor) =>
        Coded.TryGetValue(entry, out var codes) ? CodedBytes.Read(tensor.Name, codes, Count(tensor))
        : Levels.TryGetValue(entry, out var levels) ? LevelBytes.Read(tensor.Name, levels, Count(tensor))
        : Sparse.TryGetValue(entry, out var bytes) ? SparseBytes.Read(tensor.Name, bytes, Count(tensor))
        : null;

    // Names are unique, and only data of some length pays.
    private static IEnumerable<TensorProto> Tensors(ModelProto model, TensorProto.Types.DataType type) => model.Graph.Initializer
        .Where(t => t.DataType == (int)type && t.RawData.Length >= 256)
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
