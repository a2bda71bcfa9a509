using static TorchSharp.torch;

namespace MlNetDl.Layers.Contracts;

/// <summary>A leaf whose weights live in a torch module, as torch offers it only as one (LSTM, for example).</summary>
/// <remarks>It computes in float32 under every <see cref="Precision"/> of the network, because the module holds float32
/// weights. Its weights cannot be hooked.</remarks>
public interface IModuleLeaf
{
    /// <summary>Makes the module. It must own the tensors that <see cref="Leaf.Parameters"/> names; it
    /// fills them itself.</summary>
    /// <param name="inputs">The shapes of the running value and of the wires.</param>
    nn.Module CreateModule(IReadOnlyList<Shape> inputs);
}
