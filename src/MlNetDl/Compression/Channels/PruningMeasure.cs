using MlNetDl.Analysis;
using MlNetDl.Models;
using MlNetDl.Onnx;

namespace MlNetDl.Compression;

/// <summary>What a pruned share is a share of.</summary>
public enum PruningMeasure
{
    /// <summary>The channels that can be pruned.</summary>
    Channels,

    /// <summary>The trainable weights of the scoring graph.</summary>
    Parameters,

    /// <summary>The multiply–adds of scoring one example.</summary>
    Macs,

    /// <summary>The bytes of the <c>.onnx</c> file.</summary>
    Bytes,

    /// <summary>The median time in which ONNX Runtime scores one row on one thread of this machine. It is measured, so it
    /// differs from run to run.</summary>
    Latency,
}

/// <summary>Measures networks.</summary>
internal static class PruningMeasures
{
    /// <summary>The name of what is measured, in a sentence.</summary>
    public static string NameOf(PruningMeasure measure) => measure switch
    {
        PruningMeasure.Channels => "channels",
        PruningMeasure.Parameters => "parameters",
        PruningMeasure.Macs => "multiply-adds",
        PruningMeasure.Bytes => "bytes of the .onnx file",
        _ => "milliseconds a row",
    };

    /// <summary>How often a search looks: a measured time is not worth more.</summary>
    public static int Tries(PruningMeasure measure) => measure == PruningMeasure.Latency ? 7 : 16;

    /// <summary>The figure of a network.</summary>
    /// <param name="measure">What is measured; not channels.</param>
    /// <param name="network">The network.</param>
    /// <param name="weights">Its weights, asked for only where they count.</param>
    /// <param name="passes">What rewrites the saved graph.</param>
    public static double Of(PruningMeasure measure, Network network, Func<Weights> weights, IReadOnlyList<IOnnxPass> passes)
    {
        var plan = network.Plan().ForScoring();
        return measure switch
        {
            PruningMeasure.Parameters => plan.ParameterCount,
            PruningMeasure.Macs => plan.Macs,
            PruningMeasure.Bytes => OnnxWriter.Write(plan, weights(), null, passes).Length,
            _ => MedianOf(network, OnnxWriter.Write(plan, weights(), null, passes)),
        };
    }

    private static double MedianOf(Network network, byte[] graph)
    {
        var inputs = network.Inputs.Select(i => new GraphInput(i.Name, i.Shape)).ToList();
        return Latency.Of(new ModelPackage
        {
            Manifest = new() { Graphs = [new(ModelPackage.MainGraph, inputs, [])] },
            Graphs = new Dictionary<string, byte[]> { [ModelPackage.MainGraph] = graph },
        }).P50;
    }
}
