using MlNetDl.Layers.Contracts;

namespace MlNetDl.Onnx;

/// <summary>A rewrite of an ONNX graph between the layers' export and the file: quantisation, fusion.</summary>
/// <remarks>A stage of a training adds one by <c>TrainedModel.Passes</c>. For calibration an <c>IForwardHook</c> sees
/// the values in between: a graph has the network's outputs and no more.</remarks>
public interface IOnnxPass
{
    /// <summary>The rewritten graph.</summary>
    /// <param name="graph">The graph so far, not to be changed: return <see cref="OnnxGraph.With"/> of its nodes and
    /// constants, changed as the pass likes.</param>
    /// <param name="names">What its values are. A pass must go on making the network's outputs
    /// under their names.</param>
    /// <returns> A graph in an order of execution whose names are unique: checked after each pass. Constants must have
    /// no dot in their names unless they are weights of the network, which readers find by it.
    /// </returns>
    OnnxGraph Apply(OnnxGraph graph, OnnxNames names);
}
