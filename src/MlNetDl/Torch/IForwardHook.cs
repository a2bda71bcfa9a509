using MlNetDl.Analysis;
using static TorchSharp.torch;

namespace MlNetDl.Torch;

/// <summary>Sees every value that a step reads and every weight that a leaf takes, and may put another in its place:
/// masks, fake quantisation, calibration.</summary>
/// <remarks>
/// Set it by <see cref="TorchNetwork.Hook"/>. Gradients flow through what it returns, in the way in which it was made.
/// The stored weights stay as they are, and so does the scoring graph.
/// </remarks>
public interface IForwardHook
{
    /// <summary>The value that the step reads instead of <paramref name="value"/>; return that unchanged to leave it.
    /// Called at each pass for each input, before a value is rounded to bfloat16.</summary>
    /// <param name="step">The step that is about to run.</param>
    /// <param name="index">Which of <see cref="PlanStep.Inputs"/>.</param>
    /// <param name="value">What stands in that slot; not to be changed in place.</param>
    /// <returns>A tensor of the same shape and type.</returns>
    Tensor Input(PlanStep step, int index, Tensor value);

    /// <summary>The weight that the leaf takes instead of the stored one; return the stored one to leave it.</summary>
    /// <param name="step">The step that runs. Of weights that several steps share, each step that reads them
    /// asks for itself.</param>
    /// <param name="parameter">The weight's name within the leaf, such as <c>weight</c>.</param>
    /// <param name="stored">The weight as it is stored, float32; not to be changed in place.</param>
    /// <returns>A float32 tensor of the same shape.</returns>
    /// <remarks>Called once a pass for each weight that the step reads. Running statistics, which a leaf changes, are
    /// not asked for.</remarks>
    Tensor Weight(PlanStep step, string parameter, Tensor stored);
}
