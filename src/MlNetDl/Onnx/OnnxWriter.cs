using System.Runtime.InteropServices;
using Google.Protobuf;
using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx.Schema;

namespace MlNetDl.Onnx;

/// <summary>Writes a network with its weights as an ONNX model: opset 17, IR version 8, float32, any batch size.</summary>
/// <remarks>What is written is the scoring form: no auxiliary heads, no dropout, running statistics. Initializers are named after the parameters.</remarks>
public static class OnnxWriter
{
    internal const int Opset = 17;
    internal const int IrVersion = 8;

    /// <summary>The bytes of an <c>.onnx</c> file.</summary>
    /// <param name="network">The network; its inputs and outputs keep their names.</param>
    /// <param name="weights">The value of each of its weights.</param>
    /// <param name="metadata">Key–value pairs for the model's metadata.</param>
    /// <exception cref="ShapeException">The tree does not fit its inputs.</exception>
    /// <exception cref="InvalidDataException">A weight is missing or of another size.</exception>
    public static byte[] Write(Network network, Weights weights, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var plan = network.Plan().ForScoring();
        weights.Check(plan);
        var (graph, outputs) = Build(plan, weights);
        var model = new ModelProto { IrVersion = IrVersion, ProducerName = "MlNetDl", ProducerVersion = ProducerVersion, Graph = Graph(plan, graph, outputs) };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Opset });
        foreach (var (key, value) in metadata ?? new Dictionary<string, string>())
        {
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        }

        return model.ToByteArray();
    }

    private static string ProducerVersion => typeof(OnnxWriter).Assembly.GetName().Version?.ToString(3) ?? "0";

    private static (OnnxGraph Graph, IReadOnlyList<OnnxValue> Outputs) Build(Plan plan, Weights weights)
    {
        var graph = new OnnxGraph();
        var slots = new OnnxValue[plan.Slots];
        for (int i = 0; i < plan.Network.Inputs.Count; i++)
        {
            var input = plan.Network.Inputs[i];
            slots[i] = graph.Declare(input.Name, input.Shape);
        }

        foreach (var output in plan.Outputs)
        {
            graph.Declare(output.Name, output.Shape);
        }

        var initializers = new Dictionary<string, OnnxValue>();
        foreach (var (name, _) in plan.Parameters)
        {
            initializers[name] = graph.Initializer(name, weights[name].Dims, weights[name].Data);
        }

        foreach (var step in plan.Steps)
        {
            graph.Scope = step.Path;
            var own = step.Parameters.ToDictionary(p => p.Name, p => initializers[$"{step.WeightsName}.{p.Name}"]);
            slots[step.Output] = step.Leaf.WriteOnnx(graph, [.. step.Inputs.Select(i => slots[i])], own) with { Shape = step.OutputShape };
        }

        return (graph, [.. plan.Outputs.Select(o => slots[o.Slot])]);
    }

    private static GraphProto Graph(Plan plan, OnnxGraph graph, IReadOnlyList<OnnxValue> outputs)
    {
        var proto = new GraphProto { Name = "network" };
        proto.Input.AddRange(plan.Network.Inputs.Select(i => Info(i.Name, i.Shape)));
        proto.Output.AddRange(plan.Outputs.Select(o => Info(o.Name, o.Shape)));
        proto.Initializer.AddRange(graph.Constants.Select(Tensor));
        var names = OutputNames(plan, graph, outputs);
        proto.Node.AddRange(graph.Nodes.Select(n => Node(Rename(n, names))));
        foreach (var (output, value) in plan.Outputs.Zip(outputs).Where(o => names.GetValueOrDefault(o.Second.Name) != o.First.Name))
        {
            proto.Node.Add(Node(new("Identity", [names.GetValueOrDefault(value.Name, value.Name)], [output.Name], new Dictionary<string, object>())));
        }

        return proto;
    }

    // A value that a node makes simply gets the output's name. What has two names, or is a network input passed through, needs an Identity.
    private static Dictionary<string, string> OutputNames(Plan plan, OnnxGraph graph, IReadOnlyList<OnnxValue> outputs)
    {
        var made = graph.Nodes.SelectMany(n => n.Outputs).ToHashSet();
        return plan.Outputs.Zip(outputs).Where(o => made.Contains(o.Second.Name)).DistinctBy(o => o.Second.Name).ToDictionary(o => o.Second.Name, o => o.First.Name);
    }

    private static OnnxNode Rename(OnnxNode node, Dictionary<string, string> names) => node with
    {
        Inputs = [.. node.Inputs.Select(i => names.GetValueOrDefault(i, i))], Outputs = [.. node.Outputs.Select(o => names.GetValueOrDefault(o, o))],
    };

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
                throw new NotSupportedException($"ONNX attribute '{name}' is a {value.GetType().Name}; use long, float, string, long[] or float[].");
        }

        return proto;
    }

    private static TensorProto Tensor(OnnxConstant constant)
    {
        var proto = new TensorProto { Name = constant.Name };
        proto.Dims.AddRange(constant.Dims);
        (proto.DataType, proto.RawData) = constant.Data switch
        {
            float[] floats => ((int)TensorProto.Types.DataType.Float, ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(floats))),
            long[] longs => ((int)TensorProto.Types.DataType.Int64, ByteString.CopyFrom(MemoryMarshal.AsBytes<long>(longs))),
            _ => throw new NotSupportedException($"ONNX constant '{constant.Name}' is {constant.Data.GetType().Name}; use float[] or long[]."),
        };
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
