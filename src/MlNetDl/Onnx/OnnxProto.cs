using Google.Protobuf;
using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx.Schema;

namespace MlNetDl.Onnx;

/// <summary>The protobuf form of a graph.</summary>
internal static class OnnxProto
{
    public static GraphProto Of(Plan plan, OnnxGraph graph)
    {
        var proto = new GraphProto { Name = "network" };
        proto.Input.AddRange(plan.Network.Inputs.Select(i => Info(i.Name, i.Shape)));
        proto.Output.AddRange(plan.Outputs.Select(o => Info(o.Name, o.Shape)));
        proto.Initializer.AddRange(graph.Constants.Select(Tensor));
        proto.Node.AddRange(graph.Nodes.Select(Node));
        return proto;
    }

    private static NodeProto Node(OnnxNode node)
    {
        var proto = new NodeProto { OpType = node.Op, Name = node.Outputs[0] };
        int last = node.Inputs.Count;
        while (last > 0 && node.Inputs[last - 1].Length == 0)
        {
            last--;
        }

        proto.Input.AddRange(node.Inputs.Take(last));
        proto.Output.AddRange(node.Outputs);
        proto.Attribute.AddRange(node.Attributes.Select(a => Attribute(a.Key, a.Value)));
        return proto;
    }

    private static AttributeProto Attribute(string name, object value)
    {
        var proto = new AttributeProto { Name = name };
        switch (value)
        {
            case long i:
                (proto.I, proto.Type) = (i, AttributeProto.Types.AttributeType.Int);
                break;
            case float f:
                (proto.F, proto.Type) = (f, AttributeProto.Types.AttributeType.Float);
                break;
            case string s:
                (proto.S, proto.Type) = (ByteString.CopyFromUtf8(s), AttributeProto.Types.AttributeType.String);
                break;
            case long[] ints:
                proto.Type = AttributeProto.Types.AttributeType.Ints;
                proto.Ints.AddRange(ints);
                break;
            case float[] floats:
                proto.Type = AttributeProto.Types.AttributeType.Floats;
                proto.Floats.AddRange(floats);
                break;
            default:
                throw new NotSupportedException($"ONNX attribute '{name}' is a {value.GetType().Name}; use long, "
                    + "float, string, long[] or float[].");
        }

        return proto;
    }

    private static TensorProto Tensor(OnnxConstant constant)
    {
        var type = OnnxElements.TypeOf(constant.Data)
            ?? throw new NotSupportedException(
                $"ONNX constant '{constant.Name}' is {constant.Data.GetType().Name}; use {OnnxElements.Supported}.");
        var proto = new TensorProto
        {
            Name = constant.Name,
            DataType = (int)type,
            RawData = OnnxElements.Bytes(constant.Data),
        };
        proto.Dims.AddRange(constant.Dims);
        return proto;
    }

    private static ValueInfoProto Info(string name, Shape shape)
    {
        var dims = new TensorShapeProto();
        dims.Dim.AddRange(shape.Dims.Select(d => d.Size is { } size
            ? new TensorShapeProto.Types.Dimension { DimValue = size }
            : new TensorShapeProto.Types.Dimension { DimParam = d.Symbol }));
        return new() { Name = name, Type = new() { TensorType = new() { ElemType = (int)TypeOf(shape.Type), Shape = dims } } };
    }

    private static TensorProto.Types.DataType TypeOf(ElementType type) => type switch
    {
        ElementType.Float32 => TensorProto.Types.DataType.Float,
        ElementType.Int64 => TensorProto.Types.DataType.Int64,
        _ => TensorProto.Types.DataType.Bool,
    };
}
