using MlNetDl.Analysis;
using MlNetDl.Torch;

namespace MlNetDl.Onnx;

/// <summary>A pass that changes what a network computes, and can let torch compute the same.</summary>
internal interface ISimulatedPass : IOnnxPass
{
    /// <summary>Lets a network in torch compute what the rewritten graph does.</summary>
    /// <param name="plan">The network.</param>
    /// <param name="weights">Its weights.</param>
    IForwardHook Simulation(Plan plan, Weights weights);
}
