using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Data;

/// <summary>What a training step draws at once. Its tensors belong to the dispose scope in which it was drawn.</summary>
/// <param name="Inputs">One tensor for each of the network's inputs, [N, …].</param>
/// <param name="Targets">Class indices, int64 [N]; or values, float32 [N, K]; <see langword="null"/> without supervision.</param>
/// <param name="Weights">Weights of the examples, float32 [N]; <see langword="null"/> when all count the same.</param>
public sealed record Batch(IReadOnlyList<Tensor> Inputs, Tensor? Targets = null, Tensor? Weights = null)
{
    /// <summary>Number of examples.</summary>
    public int Count => (int)Inputs[0].shape[0];
}
