using System.Globalization;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx.Schema;

namespace MlNetDl.Onnx;

/// <summary>Writes a network with its weights as an ONNX model: opset 17, IR version 8, float32,
/// any batch size.</summary>
/// <remarks>The file has the scoring form: no auxiliary heads, no dropout, running statistics. Initializers are named
/// after the parameters.</remarks>
public static class OnnxWriter
{
    /// <summary>The most bytes that weights and constants of a model may take: 2 GiB, which is protobuf's limit of a
    /// message, less 16 MiB for the graph around them.</summary>
    public const long MaxBytes = int.MaxValue - (16L << 20);

    internal const int Opset = 17;
    internal const int IrVersion = 8;

    private static string ProducerVersion => typeof(OnnxWriter).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <summary>The bytes of an <c>.onnx</c> file.</summary>
    /// <param name="network">The network; its inputs and outputs keep their names.</param>
    /// <param name="weights">The value of each of its weights.</param>
    /// <param name="metadata">Key–value pairs for the model's metadata.</param>
    /// <param name="passes">Rewrites of the graph, in order.</param>
    /// <exception cref="ShapeException">The tree does not fit its inputs.</exception>
    /// <exception cref="InvalidDataException">A weight is missing or of another size.</exception>
    /// <exception cref="NotSupportedException">The weights take more than <see cref="MaxBytes"/>, or a layer has
    /// no scoring form.</exception>
    /// <exception cref="InvalidOperationException">A pass, or a layer, made a graph that is not valid.</exception>
    [OverloadResolutionPriority(1)] // so that new(…) means a network
    public static byte[] Write(
        Network network, Weights weights, IReadOnlyDictionary<string, string>? metadata = null, params IReadOnlyList<IOnnxPass> passes) =>
        Write(network.Plan(), weights, metadata, passes);

    /// <summary>The bytes of an <c>.onnx</c> file, for a network that has its plan already.</summary>
    /// <param name="plan">The network's plan, as it trains or as it scores.</param>
    /// <param name="weights">The value of each of its weights.</param>
    /// <param name="metadata">Key–value pairs for the model's metadata.</param>
    /// <param name="passes">Rewrites of the graph, in order.</param>
    /// <exception cref="InvalidDataException">A weight is missing or of another size.</exception>
    /// <exception cref="NotSupportedException">The weights take more than <see cref="MaxBytes"/>, or a layer has
    /// no scoring form.</exception>
    /// <exception cref="InvalidOperationException">A pass, or a layer, made a graph that is not valid.</exception>
    public static byte[] Write(
        Plan plan,
        Weights weights,
        IReadOnlyDictionary<string, string>? metadata = null,
        params IReadOnlyList<IOnnxPass> passes)
    {
        plan = plan.ForScoring();
        CheckSize(plan);
        weights.Check(plan);
        var (graph, names) = OnnxExport.Run(plan, weights);
        OnnxGraphCheck.Check(graph, plan, "the layers");
        foreach (var pass in passes)
        {
            graph = pass.Apply(graph, names);
            OnnxGraphCheck.Check(graph, plan, $"the pass {pass.GetType().Name}");
        }

        return Bytes(plan, graph, metadata ?? new Dictionary<string, string>());
    }

    /// <summary>Makes sure that the weights of <paramref name="plan"/>'s scoring form fit into an ONNX model. Costs
    /// nothing: to be asked before a training whose model could not be saved.</summary>
    /// <exception cref="NotSupportedException">They take more than <see cref="MaxBytes"/>.</exception>
    public static void CheckSize(Plan plan) =>
        Refuse(plan.ForScoring().Parameters.Aggregate((Int128)0, (sum, p) =>
            sum + (sizeof(float) * p.Parameter.Dims.Aggregate((Int128)1, (product, d) => product * d))));

    private static byte[] Bytes(Plan plan, OnnxGraph graph, IReadOnlyDictionary<string, string> metadata)
    {
        Refuse(graph.Constants.Aggregate((Int128)0, (sum, c) => sum + OnnxElements.Length(c.Data)));
        var model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "MlNetDl",
            ProducerVersion = ProducerVersion,
            Graph = OnnxProto.Of(plan, graph),
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Opset });
        model.MetadataProps.AddRange(metadata.Select(m => new StringStringEntryProto { Key = m.Key, Value = m.Value }));
        return model.ToByteArray();
    }

    private static void Refuse(Int128 bytes)
    {
        if (bytes > MaxBytes)
        {
            throw new NotSupportedException(string.Create(CultureInfo.InvariantCulture,
                $"The network's weights take {bytes:N0} bytes, but an ONNX model holds at most {MaxBytes:N0}; use "
                    + $"fewer or narrower layers."));
        }
    }
}
