using Google.Protobuf;
using MlNetDl.Analysis;
using MlNetDl.Files;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx.Schema;

namespace MlNetDl.Onnx;

/// <summary>Reads what <see cref="OnnxWriter"/> wrote.</summary>
public static class OnnxReader
{
    /// <summary>A network's weights by full name (<c>path.parameter</c>); the constants of its layers, which have no
    /// dot in their names, are left out. Weights that the graph holds as integers come as the values that it computes
    /// with.</summary>
    /// <exception cref="ModelFormatException">The bytes are not an ONNX model, or its weights contradict
    /// themselves.</exception>
    public static Weights ReadWeights(ReadOnlySpan<byte> onnx)
    {
        var graph = Parse(onnx).Graph;
        var tensors = graph.Initializer
            .Where(t => t.DataType == (int)TensorProto.Types.DataType.Float
                && t.Name.Contains('.', StringComparison.Ordinal))
            .ToList();
        if (tensors.GroupBy(t => t.Name).FirstOrDefault(g => g.Skip(1).Any()) is { } twice)
        {
            throw new ModelFormatException($"The ONNX model has two initializers named '{twice.Key}'.");
        }

        // A weight that other layers read in float too is told as it is.
        var names = tensors.Select(t => t.Name).ToHashSet();
        return new(tensors.Select(Weight).Concat(RoundedWeights.Of(graph).Where(w => !names.Contains(w.Name))));
    }

    /// <summary>All constants of the model: the weights, and those of layers and passes.</summary>
    /// <exception cref="ModelFormatException">The bytes are not an ONNX model, or a constant is of a type that is not
    /// supported or contradicts its dimensions.</exception>
    public static IReadOnlyList<OnnxConstant> ReadConstants(ReadOnlySpan<byte> onnx) => [.. Parse(onnx).Graph.Initializer.Select(Constant)];

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

    internal static ModelProto Parse(ReadOnlySpan<byte> onnx)
    {
        try
        {
            var model = ModelProto.Parser.ParseFrom(onnx);
            if (model.Graph is null)
            {
                throw new ModelFormatException("Expected an ONNX model but the bytes hold no graph.");
            }

            return model;
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new ModelFormatException("Expected an ONNX model but the bytes are not one, or are cut off.", e);
        }
    }

    internal static OnnxConstant Constant(TensorProto tensor)
    {
        // As the writer has it; the fields of single types are other exporters'.
        var type = (TensorProto.Types.DataType)tensor.DataType;
        var data = tensor switch
        {
            { FloatData.Count: > 0 } => tensor.FloatData.ToArray(),
            { Int64Data.Count: > 0 } => tensor.Int64Data.ToArray(),
            _ => OnnxElements.Read(type, tensor.RawData.Span),
        } ?? throw new ModelFormatException(
            $"The constant '{tensor.Name}' of the ONNX model is of type {tensor.DataType}; supported are {OnnxElements.Supported}.");
        if (tensor.RawData.Length > OnnxElements.Length(data))
        {
            throw new ModelFormatException(
                $"The constant '{tensor.Name}' of the ONNX model holds {tensor.RawData.Length} bytes, which is no whole number of values.");
        }

        WeightBytes.CheckCount(tensor.Name, tensor.Dims, data.Length);
        return new(tensor.Name, tensor.Dims.ToValueList(), data);
    }

    private static WeightArray Weight(TensorProto tensor) => tensor.FloatData.Count > 0
        ? WeightBytes.Checked(tensor.Name, tensor.Dims, [.. tensor.FloatData])
        : WeightBytes.Read(tensor.Name, tensor.Dims, tensor.RawData.Span);
}
