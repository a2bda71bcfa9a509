using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MlNetDl.Training.Optimizers;

/// <summary>The state tensors of one weight on the CPU (momentum, …), as spans over their memory.</summary>
public readonly ref struct SlotSpans
{
    // An array, not a span: a struct over a type of TorchSharp could not be loaded on a host without it, and with it no model.
    private readonly Tensor[] tensors;

    internal SlotSpans(Tensor[] tensors) => this.tensors = tensors;

    /// <summary>How many there are.</summary>
    public int Count => tensors.Length;

    /// <summary>The elements of the state tensor in <paramref name="slot"/>, as many as the weight has.</summary>
    public Span<float> this[int slot] => Floats(tensors[slot]);

    internal static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
