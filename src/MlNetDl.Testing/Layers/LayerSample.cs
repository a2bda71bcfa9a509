using MlNetDl.Layers.Contracts;

namespace MlNetDl.Testing;

/// <summary>A layer with shapes that it takes.</summary>
/// <param name="Layer">The layer: a leaf, or a small tree around one.</param>
/// <param name="Inputs">The shape of the running value, then those of its wires (<see cref="Leaf.Wires"/>), or of all
/// that a join takes. Symbolic sizes are tried with several lengths.</param>
public sealed record LayerSample(Layer Layer, params IReadOnlyList<Shape> Inputs)
{
    /// <summary>Inputs of int64 are random tokens from 0 to below this number; 2 by default.</summary>
    public int Tokens { get; init; } = 2;

    /// <summary>The multiply–adds of one example as a paper or another library counts them; <see langword="null"/>
    /// where none does.</summary>
    public long? Macs { get; init; }

    /// <summary>How far ONNX Runtime may be off, relative to the greatest value where that is above 1; 1e-4 by default,
    /// as both compute in float32 in another order.</summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <inheritdoc/>
    public override string ToString() => $"{ComponentContract.NameOf(Layer)} on {string.Join(", ", Inputs)}";
}
