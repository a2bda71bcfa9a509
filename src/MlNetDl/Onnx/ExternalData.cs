using MlNetDl.Files;
using MlNetDl.Onnx.Schema;

namespace MlNetDl.Onnx;

/// <summary>An ONNX tensor may say that its data lie in a file; a model of this library is whole, and one from
/// elsewhere must not make a host read files of its choice.</summary>
internal static class ExternalData
{
    /// <exception cref="ModelFormatException">The model refers to a file, or is not an ONNX model.</exception>
    public static void Refuse(ReadOnlySpan<byte> model)
    {
        // ONNX names the file under the key "location". A model without these bytes names no file, so it need not be
        // parsed.
        if (model.IndexOf("location"u8) >= 0 && Tensors(OnnxReader.Parse(model)).FirstOrDefault(IsExternal) is { } tensor)
        {
            throw new ModelFormatException(
                $"Tensor '{tensor.Name}' of the ONNX model lies in another file. Save the model with its data inside.");
        }
    }

    private static bool IsExternal(TensorProto tensor) => tensor.ExternalData.Count > 0 || tensor.DataLocation != 0;

    private static IEnumerable<TensorProto> Tensors(ModelProto model) =>
    [
        .. Tensors(model.Graph),
        .. model.Functions.SelectMany(f => Tensors([.. f.Node.SelectMany(n => n.Attribute), .. f.AttributeProto])),
    ];

    private static IEnumerable<TensorProto> Tensors(GraphProto graph) =>
        [.. graph.Initializer, .. graph.SparseInitializer.SelectMany(Parts), .. Tensors([.. graph.Node.SelectMany(n => n.Attribute)])];

    private static IEnumerable<TensorProto> Tensors(List<AttributeProto> attributes) =>
    [
        .. attributes.SelectMany(a => (IEnumerable<TensorProto>)[.. a.Tensors, .. a.SparseTensors.SelectMany(Parts)]),
        .. attributes.Where(a => a.T is not null).Select(a => a.T),
        .. attributes.Where(a => a.SparseTensor is not null).SelectMany(a => Parts(a.SparseTensor)),
        .. attributes.SelectMany(a => (IEnumerable<GraphProto>)(a.G is null ? a.Graphs : [.. a.Graphs, a.G]))
            .SelectMany(Tensors),
    ];

    private static IEnumerable<TensorProto> Parts(SparseTensorProto sparse) =>
        new[] { sparse.Values, sparse.Indices }.Where(t => t is not null);
}
