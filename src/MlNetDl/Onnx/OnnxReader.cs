using System.Runtime.InteropServices;
using Google.Protobuf;
using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx.Schema;

namespace MlNetDl.Onnx;

/// <summary>Reads what <see cref="OnnxWriter"/> wrote.</summary>
public static class OnnxReader
{
    /// <summary>The float32 initializers by name: a network's weights, and small constants of its layers.</summary>
    /// <exception cref="ModelFormatException">The bytes are not an ONNX model with such initializers.</exception>
    public static Weights ReadWeights(ReadOnlySpan<byte> onnx) => new(Parse(onnx).Graph.Initializer
        .Where(t => t.DataType == (int)TensorProto.Types.DataType.Float)
        .Select(Array));

    /// <summary>The model's metadata.</summary>
    /// <exception cref="ModelFormatException">The bytes are not an ONNX model.</exception>
    public static IReadOnlyDictionary<string, string> ReadMetadata(ReadOnlySpan<byte> onnx) =>
        Parse(onnx).MetadataProps.DistinctBy(p => p.Key).ToDictionary(p => p.Key, p => p.Value);

    /// <summary>The same model with other metadata.</summary>
    internal static byte[] WithMetadata(ReadOnlySpan<byte> onnx, IReadOnlyDictionary<string, string> metadata)
    {
        var model = Parse(onnx);
        model.MetadataProps.Clear();
        model.MetadataProps.AddRange(metadata.Select(m => new StringStringEntryProto { Key = m.Key, Value = m.Value }));
        return model.ToByteArray();
    }

    private static ModelProto Parse(ReadOnlySpan<byte> onnx)
    {
        try
        {
            var model = ModelProto.Parser.ParseFrom(onnx);
            return model.Graph is null ? throw new ModelFormatException("Expected an ONNX model but the bytes hold no graph.") : model;
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new ModelFormatException("Expected an ONNX model but the bytes are not one, or are cut off.", e);
        }
    }

    private static WeightArray Array(TensorProto tensor)
    {
        // No allocation by a count that the bytes only claim: the data is there, and its length decides.
        var data = tensor.RawData.Length > 0 ? MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray() : [.. tensor.FloatData];
        Int128 count = 1;
        foreach (long dim in tensor.Dims)
        {
            count = dim < 0 || count > data.Length ? -1 : count * dim;
        }

        return count == data.Length
            ? new(tensor.Name, tensor.Dims.ToValueList(), data)
            : throw new ModelFormatException($"Initializer '{tensor.Name}' claims dimensions [{string.Join(", ", tensor.Dims)}] but holds {data.Length} values.");
    }
}
