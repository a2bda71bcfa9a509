using Microsoft.ML.OnnxRuntime;
using MlNetDl.Onnx.Schema;

namespace MlNetDl.Onnx;

/// <summary>What ONNX Runtime makes of a model when it loads it: the operators that really run.</summary>
/// <remarks>The runtime tells it by a file, which is written into the system's folder for temporary files and deleted.</remarks>
internal sealed class OptimizedGraph
{
    private static readonly HashSet<string> Passing = ["MaxPool", "Flatten", "Reshape", "Transpose", "Squeeze", "Unsqueeze"];
    private readonly IReadOnlyList<NodeProto> nodes;
    private readonly Dictionary<string, NodeProto> makers;

    private OptimizedGraph(IReadOnlyList<NodeProto> nodes)
    {
        this.nodes = nodes;
        makers = nodes.SelectMany(n => n.Output.Select(o => (o, n))).ToDictionary(v => v.o, v => v.n);
    }

    /// <summary>How many nodes there are of each operator, such as <c>QLinearConv</c>.</summary>
    public IReadOnlyDictionary<string, int> Operators => nodes.CountBy(n => n.OpType).ToDictionary();

    /// <summary>Nodes that compute with integers.</summary>
    public IReadOnlyDictionary<string, int> Integers => nodes.Where(IsInteger).CountBy(n => n.OpType).ToDictionary();

    /// <summary>Loads a model and looks at what became of it.</summary>
    /// <param name="onnx">The model.</param>
    /// <exception cref="Files.ModelFormatException">ONNX Runtime cannot load the model.</exception>
    public static OptimizedGraph Of(byte[] onnx)
    {
        var file = Path.GetTempFileName();
        try
        {
            using (OnnxRuntimeSettings.CreateSession(onnx, ScoringOptions.Default, session => session.OptimizedModelFilePath = file))
            {
            }

            return new([.. OnnxReader.Parse(File.ReadAllBytes(file)).Graph.Node]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private bool IsInteger(NodeProto node) => node.OpType.StartsWith("QLinear", StringComparison.Ordinal)
        || node.OpType is "QGemm" or "NhwcMaxPool" or "MatMulIntegerToFloat" or "DynamicQuantizeMatMul" or "MatMulInteger" or "ConvInteger"
        || (node.OpType == "MaxPool" && MakesIntegers(node.Input[0]));

    private bool MakesIntegers(string value) => makers.TryGetValue(value, out var maker)
        && (maker.OpType == "QuantizeLinear" || (Passing.Contains(maker.OpType) ? MakesIntegers(maker.Input[0]) : IsInteger(maker) && maker.OpType is not
            ("MatMulIntegerToFloat" or "DynamicQuantizeMatMul")));
}
